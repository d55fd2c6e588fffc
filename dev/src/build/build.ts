import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { workTree } from '../../cache.mjs';
import { Problem } from '../problem.ts';
import type { Progress } from '../progress.ts';

/** Compiles what changed. */
export async function buildAll(progress: Progress): Promise<void> {
  await progress.step('build', () => compile('tsconfig.json'));
}

async function compile(project: string): Promise<void> {
  const compiler = join(workTree, 'node_modules/typescript-native/bin/tsc');
  const child = spawn(process.execPath, [compiler, '-b', project, '--pretty', 'false'], { cwd: workTree });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Problem(`it does not compile:\n${output.trim()}`);
}
