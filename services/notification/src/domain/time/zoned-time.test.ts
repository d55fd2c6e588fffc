import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { clockMinutes, dateIn, daysAfter, instantOf, minutesOf, weekdayOf } from './zoned-time.js';

interface Vector {
  zone: string;
  date: string;
  why: string;
  dayBegins: string;
  clock: { time: string; instants: string[]; takenAs: string }[];
  weekly: { time: string; dates: string[]; instants: string[] };
}
const { days } = createRequire(import.meta.url)('@cabinet/contracts/vectors/times.json') as { days: Vector[] };
const utc = (ms: number) => new Date(ms).toISOString().replace('.000', '');

describe.each(days)('$date in $zone ($why)', ({ zone, date, dayBegins, clock, weekly }) => {
  it('begins when it does, and has each time when the clocks show it', () => {
    expect(utc(instantOf(date, '00:00', zone))).toBe(dayBegins);
    for (const { time, instants, takenAs } of clock) {
      expect(utc(instantOf(date, time, zone)), time).toBe(takenAs);
      for (const instant of instants) {
        expect([dateIn(Date.parse(instant), zone), clockMinutes(Date.parse(instant), zone)]).toEqual([
          date,
          minutesOf(time),
        ]);
      }
    }
  });

  it('has the same time of day every week', () => {
    expect(weekly.dates.map((each) => utc(instantOf(each, weekly.time, zone)))).toEqual(weekly.instants);
  });
});

describe('dates', () => {
  it('are counted across months and years, and have a day of the week', () => {
    expect([daysAfter('2026-12-31', 1), daysAfter('2027-01-01', -1)]).toEqual(['2027-01-01', '2026-12-31']);
    expect([weekdayOf('2026-11-30'), weekdayOf('2026-11-29')]).toEqual([1, 7]);
  });
});
