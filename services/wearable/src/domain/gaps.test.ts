import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsBetween } from './gaps.js';

const at = (minute: number, lasts = 0) => ({
  at: new Date(minute * 60_000),
  endsAt: new Date((minute + lasts) * 60_000),
});
const span = { from: new Date(0), to: new Date(100 * 60_000) };
const minutes = (taken: ReturnType<typeof at>[]) =>
  gapsBetween(taken, span, 10 * 60_000).map(({ from, to }) => [from.getTime() / 60_000, to.getTime() / 60_000]);

describe('gaps', () => {
  it('are the whole time when there is nothing', () => {
    expect(minutes([])).toEqual([[0, 100]]);
  });

  it('stand before the first, between two that are far apart, and after the last', () => {
    expect(minutes([at(20), at(25), at(60), at(70)])).toEqual([
      [0, 20],
      [25, 60],
      [70, 100],
    ]);
  });

  it('are none where something lasts, though a shorter one in it ends earlier', () => {
    expect(minutes([at(0, 95), at(5, 1)])).toEqual([]);
  });

  it('never overlap, are longer than what is no gap, and hold no reading', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 30 }))), (all) => {
        const taken = all.sort(([a], [b]) => a - b).map(([minute, lasts]) => at(minute, lasts));
        const gaps = gapsBetween(taken, span, 10 * 60_000);
        for (const [nth, { from, to }] of gaps.entries()) {
          expect(to.getTime() - from.getTime()).toBeGreaterThan(10 * 60_000);
          if (nth > 0) expect(from >= (gaps[nth - 1]?.to as Date)).toBe(true);
          for (const { at: begins, endsAt } of taken) expect(begins >= to || endsAt <= from).toBe(true);
        }
      }),
    );
  });
});
