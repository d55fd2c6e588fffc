import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const self = identify(process.pid);
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
      const release = () => rmSync(file, { force: true });
      return { release, [Symbol.dispose]: release };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder === 'gone') continue;
    if (holder && isAlive(holder)) return holder;
    rmSync(file, { force: true });
  }
}

/** Who holds the lock, or undefined. */
export function holderOf(file: string): ProcessIdentity | undefined {
  const holder = readHolder(file);
  return holder && holder !== 'gone' && isAlive(holder) ? holder : undefined;
}

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

/** Undefined for a lock without a readable owner: its writer was killed while it wrote. */
function readHolder(file: string): ProcessIdentity | 'gone' | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
}
