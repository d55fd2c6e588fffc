import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doUnlessUndone, finishAll, undo, undoSeconds } from './delayed.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const later = () => vi.advanceTimersByTimeAsync(undoSeconds * 1_000);

it('does what was asked after ten seconds, once, however often it is asked', async () => {
  const run = vi.fn(async () => undefined);
  doUnlessUndone('a', 'says', run);
  doUnlessUndone('a', 'says', run);
  await vi.advanceTimersByTimeAsync(undoSeconds * 1_000 - 1);
  expect(run).not.toHaveBeenCalled();
  await later();
  expect(run).toHaveBeenCalledTimes(1);
});

it('tells nobody of what was undone', async () => {
  const run = vi.fn(async () => undefined);
  doUnlessUndone('b', 'says', run);
  undo('b');
  await later();
  expect(run).not.toHaveBeenCalled();
});

it.each<[string, () => unknown]>([
  ['left', () => dispatchEvent(new Event('pagehide'))],
  [
    'put out of sight',
    () => {
      vi.spyOn(document, 'visibilityState', 'get').mockReturnValueOnce('hidden');
      document.dispatchEvent(new Event('visibilitychange'));
    },
  ],
])('does at once what waits when the page is %s', async (_how, leave) => {
  const run = vi.fn(async () => undefined);
  doUnlessUndone('c', 'says', run);
  leave();
  expect(run).toHaveBeenCalledTimes(1);
  await later();
  expect(run).toHaveBeenCalledTimes(1);
});

it('is finished when all that waited has been done, or says that something was not', async () => {
  let answered: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const done = vi.fn();
  doUnlessUndone('d', 'says', () => asked);
  doUnlessUndone('e', 'says', async () => undefined);
  const finished = finishAll().then(done);
  await later();
  expect(done).not.toHaveBeenCalled();
  answered?.();
  await finished;
  expect(done).toHaveBeenCalledWith(true);
  doUnlessUndone('d', 'says', () => Promise.reject(new Error('refused')));
  expect(await finishAll()).toBe(false);
  expect(await finishAll()).toBe(true);
});
