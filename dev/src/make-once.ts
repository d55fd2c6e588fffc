import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lockWhenFree } from './lock.ts';

export type Note = (text: string) => void;

/** Makes a file or folder at `part`. */
export type Make = (part: string, note: Note) => Promise<void>;

/**
 * Makes `target` when it is not there yet: beside it first, under a lock, and renamed when it is complete. So two at once
 * make it once, one that failed or was killed leaves nothing that counts, and what it did leave is removed.
 */
export async function makeOnce(target: string, note: Note, make: Make): Promise<void> {
  const folder = dirname(target);
  using _lock = await lockWhenFree(`${target}.lock`, (holder) =>
    note(`process ${holder.pid} is at it already, waiting for it`),
  );
  if (existsSync(target)) return;
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const isLeftover = file.startsWith(basename(target)) && file.endsWith('.part');
    if (isLeftover) rmSync(join(folder, file), { recursive: true, force: true });
  }
  // Of its own name: what a killed one left running may still write to its.
  const part = `${target}.${process.pid}.part`;
  await make(part, note);
  renameSync(part, target);
}
