import { expect, it } from 'vitest';
import { currentContext, runInContext } from './http/request-context.js';
import { PeriodicTask } from './periodic-task.js';

it('runs in time though it is woken again and again', async () => {
  const begun = Promise.withResolvers<void>();
  const task = new PeriodicTask(async () => begun.resolve(), {
    everyMs: 60_000,
    wakeMs: 50,
    failed: (error) => begun.reject(error),
  });
  const waking = setInterval(() => task.wake(), 5);
  await expect(begun.promise).resolves.toBeUndefined();
  clearInterval(waking);
  await task.stop();
});

it('runs once more for whoever woke it while it ran, and never beside itself', async () => {
  let [running, runs] = [0, 0];
  const twice = Promise.withResolvers<void>();
  const task = new PeriodicTask(
    async () => {
      running += 1;
      expect(running).toBe(1);
      runs += 1;
      if (runs === 1) for (let times = 0; times < 3; times += 1) task.wake();
      if (runs === 2) twice.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    },
    { everyMs: 60_000, failed: twice.reject },
  );
  task.wake();
  await twice.promise;
  await task.stop();
  expect(runs).toBe(2);
});

it('says how often it failed in a row, and begins anew after a run that did not', async () => {
  const failures: number[] = [];
  const done = Promise.withResolvers<void>();
  let runs = 0;
  const task = new PeriodicTask(
    async () => {
      runs += 1;
      if (runs === 5) done.resolve();
      if (runs !== 3) throw new Error(`${runs}`);
    },
    { everyMs: 1, pauseMsMax: 4, failed: (_error, inRow) => failures.push(inRow) },
  ).start();
  await done.promise;
  await task.stop();
  expect(failures).toEqual([1, 2, 1, 2]);
});

it('ends with the run that is under way, and runs no more', async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let runs = 0;
  const task = new PeriodicTask(
    async () => {
      runs += 1;
      begun.resolve();
      await release.promise;
    },
    { everyMs: 1, failed: begun.reject },
  ).start();
  await begun.promise;
  const stopped = task.stop();
  task.wake();
  release.resolve();
  await stopped;
  expect(runs).toBe(1);
});

it('does what it does for nobody, whoever woke it and however often it goes on', async () => {
  const seen: unknown[] = [];
  const twice = Promise.withResolvers<void>();
  const task = new PeriodicTask(
    async () => {
      seen.push(currentContext());
      if (seen.length === 2) twice.resolve();
    },
    { everyMs: 1, failed: twice.reject },
  );
  runInContext({ requestId: 'of a request that is long answered' }, () => task.wake());
  await twice.promise;
  await task.stop();
  expect(seen.slice(0, 2)).toEqual([undefined, undefined]);
});
