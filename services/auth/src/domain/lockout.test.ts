import { describe, expect, it } from 'vitest';
import { type Attempts, accountPolicy, addressPolicy, afterFailure, secondsLocked } from './lockout.js';

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

  it('starts anew a day after the last wait', () => {
    const nextDay = later(24 * 3_600 + 480);
    expect(afterFailure(failing(9), accountPolicy, nextDay)).toEqual({
      failures: 1,
      lastFailureAt: nextDay,
      lockedUntil: undefined,
    });
  });
});

describe('lockout of an address', () => {
  const failingEvery = (seconds: number, times: number) => {
    let attempts: Attempts | undefined;
    for (let nth = 0; nth < times; nth += 1) attempts = afterFailure(attempts, addressPolicy, later(nth * seconds));
    return { attempts, last: later((times - 1) * seconds) };
  };

  it('starts anew a quarter of an hour after the last wait', () => {
    const { attempts, last } = failingEvery(1, 30);
    expect(secondsLocked(attempts, last)).toBe(30);
    const again = new Date(last.getTime() + (30 + 15 * 60) * 1_000);
    expect(afterFailure(attempts, addressPolicy, again)).toEqual({
      failures: 1,
      lastFailureAt: again,
      lockedUntil: undefined,
    });
  });

  it.each([60, 300, 840])('never comes of one failure every %i seconds', (seconds) => {
    const { attempts, last } = failingEvery(seconds, 1_000);
    expect(secondsLocked(attempts, last)).toBe(0);
  });

  it('grows for who guesses as soon as they may, to a guess each quarter of an hour', () => {
    let now = start;
    let attempts: Attempts | undefined;
    const waits: number[] = [];
    for (let nth = 0; nth < 40; nth += 1) {
      attempts = afterFailure(attempts, addressPolicy, now);
      waits.push(secondsLocked(attempts, now));
      now = new Date(now.getTime() + secondsLocked(attempts, now) * 1_000);
    }
    expect(waits.slice(29)).toEqual([30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900]);
  });
});
