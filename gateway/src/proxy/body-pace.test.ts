import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BodyPace } from './body-pace.js';

describe('the pace of a body', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** @returns after how many seconds it was given up; undefined when it was not within ten minutes. */
  function givenUpAfter(wholeMs: number, bytesPerSecond: number): number | undefined {
    let isLate = false;
    const pace = new BodyPace(wholeMs, () => {
      isLate = true;
    });
    for (let second = 1; second <= 600; second += 1) {
      vi.advanceTimersByTime(1_000);
      if (isLate) return second;
      pace.note(bytesPerSecond);
    }
    pace.stop();
    return undefined;
  }

  it('may be slow for a moment, but not below the least rate', () => {
    expect(givenUpAfter(120_000, 0)).toBe(5);
    expect(givenUpAfter(120_000, 1)).toBe(6);
    expect(givenUpAfter(120_000, 4 * 1024)).toBe(9);
  });

  it('has a time for the whole however fast it is', () => {
    expect(givenUpAfter(120_000, 8 * 1024)).toBe(120);
    expect(givenUpAfter(10_000, 1024 * 1024)).toBe(10);
  });
});
