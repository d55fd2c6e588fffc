import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { outcome, Progress, ProgressDisplay, type ProgressEvent, seconds } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function plainDisplay(): { display: ProgressDisplay; written: () => string } {
  const parts: string[] = [];
  const out = { isTTY: false, write: (text: string) => parts.push(text) };
  return { display: new ProgressDisplay(out as unknown as NodeJS.WriteStream), written: () => parts.join('') };
}

it('tells how a step began, what it noted and how it ended', async () => {
  const events: ProgressEvent[] = [];
  const progress = new Progress((event) => events.push(event));
  await progress.step('build', async (note) => {
    note('kit');
    return 'all compiled';
  });
  expect(events).toEqual([
    { type: 'begin', step: 'build' },
    { type: 'note', step: 'build', text: 'kit' },
    { type: 'done', step: 'build', ms: 0, detail: 'all compiled' },
  ]);
});

it('tells the failure of a step and lets it through', async () => {
  const events: ProgressEvent[] = [];
  const failing = new Progress((event) => events.push(event)).step('kafka', () => Promise.reject(new Error('no disk')));
  await expect(failing).rejects.toThrow('no disk');
  expect(events.at(-1)).toMatchObject({ type: 'failed', step: 'kafka', reason: 'no disk' });
});

it('says nothing of a step under two seconds but its outcome', () => {
  const { display, written } = plainDisplay();
  display.show({ type: 'begin', step: 'mongodb' });
  vi.advanceTimersByTime(1_900);
  expect(written()).toBe('');
  display.show({ type: 'done', step: 'mongodb', ms: 1900 });
  expect(written()).toBe('  ✓ mongodb (1.9 s)\n');
});

it('says of a longer step that it still runs, with its last note, then every ten seconds', () => {
  const { display, written } = plainDisplay();
  display.show({ type: 'begin', step: 'daprd' });
  display.show({ type: 'note', step: 'daprd', text: '7 packages compiled' });
  vi.advanceTimersByTime(2_500);
  expect(written()).toBe('  … daprd: 7 packages compiled, 2 s\n');
  vi.advanceTimersByTime(9_000);
  expect(written().split('\n')).toHaveLength(2);
  vi.advanceTimersByTime(2_000);
  expect(written().split('\n')).toHaveLength(3);
  display.stop();
});

it('writes times as people say them', () => {
  expect(seconds(1_540)).toBe('1.5 s');
  expect(seconds(125_000)).toBe('2 min 5 s');
});

it('shows the first line of a reason only: the whole of it follows at the end', () => {
  expect(outcome({ type: 'failed', step: 'auth', ms: 1, reason: 'ended\nlog\nlog' })).toBe('  ✗ auth: ended');
});
