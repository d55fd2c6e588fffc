import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Note } from './make-once.ts';
import { tool } from './tool.ts';

/**
 * Debian's package, unpacked and not installed: so nothing of the system changes, nothing starts by itself, and no root is
 * needed but to learn of packages on a machine that never did.
 */
export const fetchDebian = (name: string, part: string, note: Note): Promise<void> =>
  unpack(part, note, async () => [name]);

/** The same with all that it needs and this machine does not have: its libraries lie beside it, and it has to be told where. */
export const fetchDebianWithNeeds = (names: string[], part: string, note: Note): Promise<void> =>
  unpack(part, note, async () => {
    const { stdout } = await promisify(execFile)('apt-get', ['-s', '--no-install-recommends', 'install', ...names]);
    return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  });

async function unpack(part: string, note: Note, wanted: () => Promise<string[]>): Promise<void> {
  const folder = `${part}.download.part`;
  mkdirSync(folder, { recursive: true });
  const download = async () => tool('apt-get', ['download', ...(await wanted())], folder, () => undefined);
  try {
    await download().catch(async () => {
      note('asking for the list of packages');
      await tool('apt-get', ['update'], folder, () => undefined);
      await download();
    });
    const archives = readdirSync(folder);
    for (const [nth, archive] of archives.entries()) {
      note(`unpacking ${nth + 1} of ${archives.length}`);
      await tool('dpkg-deb', ['-x', join(folder, archive), join(folder, 'unpacked')], folder, () => undefined);
    }
    renameSync(join(folder, 'unpacked'), part);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
