import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Lock, lockWhenFree, tryLock } from './lock.ts';
import { temporaryFolder } from './testing.ts';

const lockFile = () => join(temporaryFolder(), 'some/lock');

function taken(file: string): Lock {
  const lock = tryLock(file);
  if (!('release' in lock)) throw new Error('the lock is held');
  return lock;
}

it('is held by one at a time, and tells who holds it', () => {
  const file = lockFile();
  const lock = taken(file);
  expect(tryLock(file)).toMatchObject({ pid: process.pid });
  lock.release();
  expect(existsSync(file)).toBe(false);
  taken(file).release();
});

it('is free when its holder died', () => {
  const file = lockFile();
  taken(file).release();
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  writeFileSync(file, JSON.stringify({ pid, startedAt: '1' }));
  expect(tryLock(file)).toHaveProperty('release');
});

it('is free when another process has the pid of its holder by now', () => {
  const file = lockFile();
  taken(file).release();
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
  expect(tryLock(file)).toHaveProperty('release');
});

it('is free when its holder was killed before it wrote its name', () => {
  const file = lockFile();
  taken(file).release();
  writeFileSync(file, '');
  expect(tryLock(file)).toHaveProperty('release');
});

it('is waited for, and the wait is told once', async () => {
  const file = lockFile();
  const lock = taken(file);
  const told: number[] = [];
  const waiting = lockWhenFree(file, (holder) => {
    told.push(holder.pid);
    lock.release();
  });
  (await waiting).release();
  expect(told).toEqual([process.pid]);
});
