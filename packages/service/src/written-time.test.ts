import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWrittenTime } from './written-time.js';

const codeOf = (text: string): string => {
  try {
    readWrittenTime(text, 'start');
    return 'taken';
  } catch (error) {
    return (
      (error as { fields: { path: string; code: string }[] }).fields.map(({ path, code }) => `${path} ${code}`)[0] ?? ''
    );
  }
};

describe('a time with offset', () => {
  it('is told with its offset, by which the two hours that a clock shows twice differ', () => {
    const [first, second] = ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'].map((text) =>
      readWrittenTime(text, 'start'),
    );
    expect(first).toEqual({ ms: Date.UTC(2026, 9, 25, 0, 30), offset: 120 });
    expect(second).toEqual({ ms: Date.UTC(2026, 9, 25, 1, 30), offset: 60 });
  });

  it.each([
    '2026-11-23T09:30Z',
    '2026-11-23t09:30:00.123456789z',
    '2026-11-23T09:30:00-00:00',
    '2026-11-23T09:30:00+23:59',
    '2024-02-29T00:00:00-12:00',
    '2200-12-31T23:59:59Z',
  ])('may be %s', (text) => expect(codeOf(text)).toBe('taken'));

  it.each([
    '2026-11-23T09:30:00+25:00',
    '2026-11-23T09:30:00-24:00',
    '2026-11-23T09:30:00+01:60',
    '2026-11-23T24:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-11-23T09:60:00Z',
    '2026-02-29T09:30:00Z',
    '2026-13-01T09:30:00Z',
    '1899-12-31T09:30:00Z',
    '2201-01-01T09:30:00Z',
    '0000-01-01T09:30:00Z',
  ])('may not be %s, which no clock shows', (text) => expect(codeOf(text)).toBe('start NO_SUCH_TIME'));

  it.each([
    '',
    'yesterday',
    '2026-11-23',
    '2026-11-23T09:30:00',
    '2026-11-23 09:30:00Z',
    '20261123T093000Z',
    '2026-11-23T09:30:00+0100',
    '+002026-11-23T09:30:00Z',
    '2026-11-23T09:30:00,5Z',
    '2026-11-23T09:30:00Z\n',
    '２０２６-11-23T09:30:00Z',
  ])('may not be %j, which is of another form', (text) => expect(codeOf(text)).toBe('start INVALID_TIME'));

  it('is what counting days says it is', () => {
    const two = (number: number) => String(number).padStart(2, '0');
    const part = (max: number) => fc.integer({ min: 0, max });
    const time = fc.record({
      year: fc.integer({ min: 1890, max: 2210 }),
      month: part(14),
      day: part(33),
      hour: part(26),
      minute: part(62),
      second: part(62),
      sign: fc.constantFrom('+', '-'),
      hours: part(26),
      minutes: part(62),
    });
    fc.assert(
      fc.property(time, ({ year, month, day, hour, minute, second, sign, hours, minutes }) => {
        const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${sign}${two(hours)}:${two(minutes)}`;
        const exists =
          year >= 1900 &&
          year <= 2200 &&
          month >= 1 &&
          month <= 12 &&
          day >= 1 &&
          day <= daysOf(year, month) &&
          hour < 24 &&
          minute < 60 &&
          second < 60 &&
          hours < 24 &&
          minutes < 60;
        if (!exists) return codeOf(text) === 'start NO_SUCH_TIME';
        const offset = (hours * 60 + minutes) * (sign === '-' ? -1 : 1);
        const ms = ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1_000;
        const read = readWrittenTime(text, 'start');
        return read.ms === ms && read.offset === (offset || 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never read from other text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => codeOf(text).startsWith('start ')));
  });
});

// By the rules of the Gregorian calendar, not by the runtime's.
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOf = (year: number, month: number) =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

function daysSince1970(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let m = 1; m < month; m += 1) days += daysOf(year, m);
  for (let y = 1970; y < year; y += 1) days += isLeap(y) ? 366 : 365;
  for (let y = year; y < 1970; y += 1) days -= isLeap(y) ? 366 : 365;
  return days;
}
