import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Home } from './home.ts';
import { Platform } from './platform.ts';
import { endLeftovers } from './state.ts';

/**
 * Stops the platform and empties its data and logs; asks first unless told not to. Secrets stay: without them no backup could
 * be opened any more. Returns the exit code.
 */
export async function reset(home: Home, confirmed: boolean): Promise<number> {
  if (!confirmed && !(await isConfirmed(home))) {
    console.error('Nothing was removed.');
    return 1;
  }
  await Platform.running(home)?.down();
  await endLeftovers(home);
  for (const folder of ['data', 'run', 'logs']) {
    rmSync(`${home.folder}/${folder}`, { recursive: true, force: true });
  }
  console.log(
    `The data in ${home.folder} is gone, backups and secrets are kept; the next start begins with an empty practice.`,
  );
  return 0;
}

async function isConfirmed(home: Home): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('cabinet: reset removes all data: say so with npm run reset -- --yes');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Remove all data in ${home.folder}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
