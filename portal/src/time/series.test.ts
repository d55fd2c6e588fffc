import { describe, expect, it } from 'vitest';
import { countMaxOf, occurrencesOf, repetitionOf, ruleOf } from './series.ts';

const paris = 'Europe/Paris';

describe('a series', () => {
  it('stays at its time of day when the clocks change', () => {
    const found = occurrencesOf('2026-10-19T09:30:00+02:00', paris, { everyWeeks: 1, end: { count: 2 } });
    expect(found.map(({ date, start }) => [date, new Date(start).toISOString()])).toEqual([
      ['2026-10-19', '2026-10-19T07:30:00.000Z'],
      ['2026-10-26', '2026-10-26T08:30:00.000Z'],
    ]);
  });

  it('ends with its last date, that one included', () => {
    const until = (date: string) =>
      occurrencesOf('2026-12-01T09:30:00+01:00', paris, { everyWeeks: 2, end: { until: date } }).map(
        ({ date }) => date,
      );
    expect(until('2026-12-15')).toEqual(['2026-12-01', '2026-12-15']);
    expect(until('2026-12-14')).toEqual(['2026-12-01']);
    expect(until('2026-11-30')).toEqual([]);
  });

  it('has no more than the service takes', () => {
    expect([1, 2, 4].map(countMaxOf)).toEqual([104, 53, 27]);
    const all = occurrencesOf('2026-12-01T09:30:00+01:00', paris, { everyWeeks: 1, end: { until: '2040-01-01' } });
    expect(all).toHaveLength(104);
  });

  it('is written as a rule, and read from one; of others nothing is claimed', () => {
    for (const end of [{ count: 6 }, { until: '2027-02-05' }]) {
      const repetition = { everyWeeks: 2, end };
      expect(repetitionOf(ruleOf(repetition))).toEqual(repetition);
    }
    expect(repetitionOf('FREQ=WEEKLY;COUNT=3')).toEqual({ everyWeeks: 1, end: { count: 3 } });
    expect(repetitionOf('FREQ=WEEKLY;BYDAY=MO,TH;COUNT=3')).toBeUndefined();
  });
});
