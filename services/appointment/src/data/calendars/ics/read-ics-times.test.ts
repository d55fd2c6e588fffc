import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { calendar, event, read, starts } from '../../../../test/ics.js';

const hour = 60 * 60_000;
const day = 24 * hour;
interface Vector {
  zone: string;
  date: string;
  why: string;
  ics: {
    starts: { time: string; instant: string }[];
    daily: { time: string; from: string; instants: string[] }[];
    wholeDay: [string, string];
  };
}

const { days } = createRequire(import.meta.url)('@cabinet/contracts/vectors/times.json') as { days: Vector[] };
const local = (date: string, time: string) => `${date}T${time}00`.replace(/[-:]/g, '');

describe.each(days)('a calendar on $date in $zone ($why)', ({ zone, date, ics }) => {
  const around = { start: Date.parse(date) - 5 * day, end: Date.parse(date) + 5 * day };
  const at = (start: string, ...more: string[]) =>
    starts(calendar(event(`DTSTART;TZID=${zone}:${start}`, 'DURATION:PT1M', ...more)), { window: around, zone: 'UTC' });

  it('has events and series when they are', () => {
    for (const { time, instant } of ics.starts) expect([time, at(local(date, time))]).toEqual([time, [instant]]);
    for (const { time, from, instants } of ics.daily) {
      expect([time, at(local(from, time), 'RRULE:FREQ=DAILY;COUNT=3')]).toEqual([time, instants]);
    }
  });

  it('has whole days as long as they are', () => {
    const text = calendar(event(`DTSTART;VALUE=DATE:${date.replaceAll('-', '')}`));
    expect(read(text, { window: around, zone }).busy).toEqual([ics.wholeDay.join('/')]);
  });
});
