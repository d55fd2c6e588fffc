import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doUnlessUndone, undo, undoSeconds } from './delayed.ts';

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

it('does at once what waits when the page is left', async () => {
  const run = vi.fn(async () => undefined);
  doUnlessUndone('c', 'says', run);
  dispatchEvent(new Event('pagehide'));
  expect(run).toHaveBeenCalledTimes(1);
  await later();
  expect(run).toHaveBeenCalledTimes(1);
});
