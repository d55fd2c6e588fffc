import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
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

it('is free when it does not say whose it is', () => {
  const file = lockFile();
  taken(file).release();
  writeFileSync(file, '');
  expect(tryLock(file)).toHaveProperty('release');
});

it('is never held by two, be it new or left by one who died, however many try at once', async () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  // Who has the lock is alone in a folder; every other time the lock is left behind as by one who died.
  const script = `
    import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
    import { tryLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    const [file, alone] = [process.argv[1] + '/lock', process.argv[1] + '/alone'];
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    let taken = 0;
    for (const end = Date.now() + 1_500; Date.now() < end; ) {
      const lock = tryLock(file);
      if (!('release' in lock)) continue;
      mkdirSync(alone);
      rmdirSync(alone);
      taken += 1;
      if (taken % 2) lock.release();
      else writeFileSync(file, JSON.stringify({ pid: ${pid}, startedAt: '1' }));
    }
    console.log(taken);
    process.stdin.destroy();
  `;
  const args = ['--input-type=module', '--eval', script, folder];
  const all = Array.from({ length: 3 }, () => spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
  onTestFinished(() => {
    for (const each of all) each.kill('SIGKILL');
  });
  const ended = all.map((each) => once(each, 'exit'));
  const lines = all.map((each) => createInterface({ input: each.stdout })[Symbol.asyncIterator]());
  for (const line of lines) expect((await line.next()).value).toBe('ready');
  for (const { stdin } of all) stdin.write('go');
  expect(await Promise.all(ended)).toEqual(all.map(() => [0, null]));
  for (const line of lines) expect(Number((await line.next()).value)).toBeGreaterThan(0);
  // Nothing else is left lying about.
  expect(readdirSync(folder).filter((name) => name !== 'lock')).toEqual([]);
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
