import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Program {
  /** What it told when it was ready. */
  told: string;
  /** Ends it at once, with all that it started. */
  end(): Promise<void>;
}

/**
 * Starts a program, and waits until it tells something on a line of its output.
 * @param tells its first group is what it tells
 * @throws Error with what it wrote when it ends without a word of that
 */
export async function start(
  command: string,
  words: string[],
  { env, tells }: { env: Record<string, string>; tells: RegExp },
): Promise<Program> {
  const child = spawn(command, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const written: string[] = [];
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const told = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        written.push(line);
        const [, found] = tells.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('error', reject);
    ended.then(() => reject(new Error(`${command} ended:\n${written.join('\n')}`)));
  });
  const end = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  };
  try {
    return { told: await told, end };
  } catch (error) {
    await end();
    throw error;
  }
}
