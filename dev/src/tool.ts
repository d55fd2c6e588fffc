import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Problem } from './problem.ts';

/** Runs a build tool to its end; a failure shows its last lines. */
export async function tool(
  command: string,
  args: string[],
  cwd: string,
  onLine: (line: string) => void,
  env: Record<string, string> = {},
): Promise<void> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line);
      if (last.length > 12) last.shift();
      onLine(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Problem(`${command} ${args[0]} failed (exit ${code}):\n${last.join('\n')}`);
}
