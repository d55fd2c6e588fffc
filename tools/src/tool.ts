import { spawn } from 'node:child_process';
import { workTree } from '../../dev/cache.mjs';
import { Problem } from '../../dev/src/problem.ts';

/** Runs a script of ours or of a package under this Node; a failure is a Problem with all that it printed. */
export async function runNode(args: string[], what: string, cwd = workTree): Promise<string> {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  // Whoever ends here leaves nobody at work in a folder that may be gone.
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  process.off('exit', stop);
  if (code !== 0) throw new Problem(`${what}:\n${output.trim()}`);
  return output;
}
