import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type IcsOptions, readIcs } from './read-ics.js';

const hour = 60 * 60_000;
const day = 24 * hour;
const window = { start: Date.parse('2026-11-01T00:00:00Z'), end: Date.parse('2027-11-01T00:00:00Z') };
const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:one@example', ...lines, 'END:VEVENT'].join('\r\n');
const utc = (ms: number) => new Date(ms).toISOString().replace('.000', '');

const read = (text: string, options: Partial<IcsOptions> = {}) => {
  const { busy, problems } = readIcs(text, { window, zone: 'Europe/Paris', ...options });
  return { busy: busy.map(({ start, end }) => `${utc(start)}/${utc(end)}`), problems };
};
const starts = (text: string, options: Partial<IcsOptions> = {}) =>
  read(text, options).busy.map((each) => each.slice(0, 20));

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
