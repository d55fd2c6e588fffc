import { spawn, spawnSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import {
  commandName,
  identify,
  isAlive,
  residentBytes,
  residentBytesWithChildren,
  signal,
} from './process-identity.ts';

function running(script = 'setInterval(() => undefined, 1e6)'): number {
  const child = spawn(process.execPath, ['--eval', script], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid as number;
}

it('recognises a process again, and knows when it is gone', async () => {
  const identity = identify(running());
  if (!identity) throw new Error('it has just been started');
  expect(isAlive(identity)).toBe(true);
  expect(signal(identity, 'SIGKILL')).toBe(true);
  await expect.poll(() => isAlive(identity)).toBe(false);
  expect(signal(identity, 'SIGKILL')).toBe(false);
});

it('takes a process that has the pid since for another one', () => {
  const pid = running();
  expect(isAlive({ pid, startedAt: 'long ago' })).toBe(false);
  expect(signal({ pid, startedAt: 'long ago' }, 'SIGKILL')).toBe(false);
});

it('knows no identity of a process that never was', () => {
  expect(identify(spawnSync(process.execPath, ['--eval', '']).pid)).toBeUndefined();
});

it.runIf(process.platform === 'linux')('counts the memory of a process and of those it started', async () => {
  const alone = running();
  await expect.poll(() => residentBytesWithChildren(alone)).toBeGreaterThan(10 * 1024 ** 2);
  const child = `require('node:child_process').spawn('sleep', ['60'])`;
  const parent = running(`${child}; setInterval(() => undefined, 1e6)`);
  await expect.poll(() => spawnSync('pgrep', ['-P', String(parent)]).stdout.toString()).not.toBe('');
  expect(residentBytesWithChildren(parent)).toBeGreaterThan(residentBytes(parent));
});

it.runIf(process.platform === 'linux')('calls a process what a person would', () => {
  expect(commandName(process.pid)).toMatch(/^node/);
  expect(commandName(2 ** 30)).toBe('a process');
});
