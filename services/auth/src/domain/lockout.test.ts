import { describe, expect, it } from 'vitest';
import { type Attempts, accountPolicy, afterFailure, secondsLocked } from './lockout.js';

const start = new Date('2026-11-20T10:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

function failing(times: number, at = start): Attempts | undefined {
  let attempts: Attempts | undefined;
  for (let i = 0; i < times; i += 1) attempts = afterFailure(attempts, accountPolicy, at);
  return attempts;
}

describe('lockout of an account', () => {
  it('lets the first failures pass', () => {
    expect(secondsLocked(failing(4), start)).toBe(0);
    expect(secondsLocked(undefined, start)).toBe(0);
  });

  it('doubles the wait with each further failure, up to a quarter of an hour', () => {
    const waits = [5, 6, 7, 8, 9, 10, 11, 100].map((times) => secondsLocked(failing(times), start));
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('ends when the wait is over', () => {
    const attempts = failing(5);
    expect(secondsLocked(attempts, later(29))).toBe(1);
    expect(secondsLocked(attempts, later(30))).toBe(0);
  });

  it('remembers the count after a wait, so the next failure waits longer', () => {
    const again = afterFailure(failing(5), accountPolicy, later(40));
    expect(secondsLocked(again, later(40))).toBe(60);
  });

  it('starts anew after a day without failure', () => {
    const nextDay = later(24 * 3_600 + 1);
    expect(afterFailure(failing(9), accountPolicy, nextDay)).toEqual({
      failures: 1,
      lastFailureAt: nextDay,
      lockedUntil: undefined,
    });
  });
});
