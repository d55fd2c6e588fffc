import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Home } from './home.ts';
import { tryLock } from './lock.ts';
import { Platform } from './platform.ts';
import { Problem } from './problem.ts';
import { endLeftovers } from './state.ts';

/** The last has the lock in it. */
const emptied = ['data', 'logs', 'run'];

/**
 * Stops the platform and empties its data and logs; asks first unless told not to. Secrets stay: without them no backup could
 * be opened any more. Returns the exit code.
 * @throws Problem for a folder that is not Cabinet's, and while somebody is starting a platform in it
 */
export async function reset(home: Home, confirmed: boolean): Promise<number> {
  const isThere = emptied.some((folder) => existsSync(join(home.folder, folder)));
  if (isThere && !home.isHome)
    throw new Problem(`${home.folder} is not a home of Cabinet (CABINET_HOME): nothing was removed.`);
  if (!confirmed && !(await isConfirmed(home))) {
    console.error('Nothing was removed.');
    return 1;
  }
  await Platform.running(home)?.down();
  // Down takes who has the lock for one who starts, and waits: half a data folder is nothing to start from.
  process.on('SIGTERM', () => undefined);
  const lock = tryLock(home.lock);
  if (!('release' in lock))
    throw new Problem(
      `Cabinet is being started in ${home.folder} (process ${lock.pid}): npm run down stops it; nothing was removed.`,
    );
  await endLeftovers(home);
  for (const folder of emptied) rmSync(join(home.folder, folder), { recursive: true, force: true });
  console.log(
    `The data in ${home.folder} is gone, backups and secrets are kept; the next start begins anew, with the demonstration, or empty: npm start -- --no-seed.`,
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
