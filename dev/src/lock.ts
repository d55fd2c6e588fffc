import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** A held lock; `release` it, or let `using` do so. The lock of a process that died counts as free. */
export interface Lock extends Disposable {
  release(): void;
}

/** Takes the lock, or returns who holds it. */
export function tryLock(file: string): Lock | ProcessIdentity {
  mkdirSync(dirname(file), { recursive: true });
  // Written first and then given its name: nobody reads a lock that does not say yet whose it is.
  const written = `${file}.${randomUUID()}`;
  writeFileSync(written, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (isNamed(written, file)) {
        const release = () => rmSync(file, { force: true });
        return { release, [Symbol.dispose]: release };
      }
      const holder = readHolder(file);
      if (holder === 'gone') continue;
      if (isHeldBy(holder)) return holder;
      removeLeft(file);
    }
  } finally {
    rmSync(written, { force: true });
  }
}

/** False when there is one already. */
function isNamed(written: string, file: string): boolean {
  try {
    linkSync(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a process that died. One at a time, and by a second look: of two who saw it, the later one would remove
 * what the first has taken by then. Who dies at it leaves a lock as well, of which the same holds.
 */
function removeLeft(file: string): void {
  const removing = tryLock(`${file}.removing`);
  if (!('release' in removing)) return;
  const holder = readHolder(file);
  if (holder !== 'gone' && !isHeldBy(holder)) rmSync(file, { force: true });
  removing.release();
}

/** Who holds the lock, or undefined. */
export function holderOf(file: string): ProcessIdentity | undefined {
  const holder = readHolder(file);
  return holder !== 'gone' && isHeldBy(holder) ? holder : undefined;
}

const isHeldBy = (holder: ProcessIdentity | undefined): holder is ProcessIdentity =>
  holder !== undefined && isAlive(holder);

/** Waits until the lock is free; `onWait` is told once who holds it. */
export async function lockWhenFree(file: string, onWait: (holder: ProcessIdentity) => void): Promise<Lock> {
  let told = false;
  for (;;) {
    const lock = tryLock(file);
    if ('release' in lock) return lock;
    if (!told) onWait(lock);
    told = true;
    await delay(250);
  }
}

/** Undefined for a lock without a readable owner, as a disk that was full or failed leaves it. */
function readHolder(file: string): ProcessIdentity | 'gone' | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
}
