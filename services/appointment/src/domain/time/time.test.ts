import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { assertClockShows, datesOf, instantOf, inZone, parseInstant } from './time.js';
import { offsetAt } from './zone-offset.js';

const at = (text: string) => Date.parse(text);

describe('instantOf', () => {
  it.each([
    ['an ordinary morning', '2026-11-23', '09:30', 'Europe/Paris', '2026-11-23T08:30:00Z'],
    ['a time that occurs twice, the first time', '2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30:00Z'],
    ['a skipped time, when the clocks jump', '2026-03-29', '02:30', 'Europe/Paris', '2026-03-29T01:00:00Z'],
    ['the end of the day', '2026-03-29', '24:00', 'Europe/Paris', '2026-03-29T22:00:00Z'],
    ['a zone without changes', '2026-07-01', '08:00', 'Indian/Reunion', '2026-07-01T04:00:00Z'],
    ['a zone behind UTC', '2026-07-01', '08:00', 'America/Martinique', '2026-07-01T12:00:00Z'],
    ['a half-hour zone', '2026-07-01', '08:00', 'Asia/Kolkata', '2026-07-01T02:30:00Z'],
    ['a change of half an hour', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['a change at midnight', '2026-09-06', '00:30', 'America/Santiago', '2026-09-06T04:00:00Z'],
  ])('finds %s', (_, date, time, zone, expected) => {
    expect(new Date(instantOf(date, time, zone)).toISOString()).toBe(new Date(expected).toISOString());
  });
});

describe('offsetAt', () => {
  it.each(['Europe/Paris', 'Australia/Lord_Howe', 'America/Santiago', 'Pacific/Noumea', 'UTC'])(
    'agrees with luxon at every half hour of a year in %s',
    (zone) => {
      const wrong = [];
      for (let ms = at('2026-01-01T00:00:00Z'); ms < at('2027-01-01T00:00:00Z'); ms += 30 * 60_000) {
        if (offsetAt(ms, zone) !== DateTime.fromMillis(ms, { zone }).offset) wrong.push(ms);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('parseInstant', () => {
  it.each(['2026-11-23T09:30:00+01:00', '2026-11-23T08:30Z', '2028-02-29T08:30:00.000Z'])('reads %s', (text) => {
    expect(parseInstant(text, 'start').toMillis()).toBe(at(text));
  });

  it.each([
    ['a date that does not exist', '2026-02-30T09:30:00+01:00', 'NO_SUCH_TIME'],
    ['the 29th of February of another year', '2026-02-29T09:30:00Z', 'NO_SUCH_TIME'],
    ['an hour that does not exist', '2026-02-03T25:30:00Z', 'NO_SUCH_TIME'],
    ['a time without offset', '2026-11-23T09:30:00', 'INVALID_TIME'],
    ['a date', '2026-11-23', 'INVALID_TIME'],
    ['a year far away', '9999-11-23T09:30:00Z', 'NO_SUCH_TIME'],
    ['words', 'tomorrow', 'INVALID_TIME'],
  ])('refuses %s', (_, text, code) => {
    expect(() => parseInstant(text, 'start')).toThrow(
      expect.objectContaining({ kind: 'invalid', fields: [expect.objectContaining({ path: 'start', code })] }),
    );
  });
});

describe('assertClockShows', () => {
  const check = (text: string, zone: string) => () => assertClockShows(parseInstant(text, 'start'), zone, 'start');

  it.each(['2026-03-29T02:30:00+01:00', '2026-03-29T02:30:00+02:00', '2026-03-29T02:00:00+01:00'])(
    'refuses %s, which the clocks of Paris skip',
    (text) => {
      expect(check(text, 'Europe/Paris')).toThrow(
        expect.objectContaining({ fields: [expect.objectContaining({ code: 'TIME_SKIPPED' })] }),
      );
    },
  );

  it.each([
    ['the last minute before', '2026-03-29T01:59:00+01:00', 'Europe/Paris'],
    ['the first minute after', '2026-03-29T03:00:00+02:00', 'Europe/Paris'],
    ['the same moment in UTC', '2026-03-29T01:30:00Z', 'Europe/Paris'],
    ['both times of a doubled hour', '2026-10-25T02:30:00+02:00', 'Europe/Paris'],
    ['both times of a doubled hour', '2026-10-25T02:30:00+01:00', 'Europe/Paris'],
    ['a zone that changes nothing', '2026-03-29T02:30:00+04:00', 'Indian/Reunion'],
  ])('accepts %s', (_, text, zone) => {
    expect(check(text, zone)).not.toThrow();
  });
});

describe('datesOf', () => {
  it('names the dates on the clocks of the zone, however long the day', () => {
    const range = { start: at('2026-03-28T23:30:00Z'), end: at('2026-03-30T22:00:00Z') };
    expect(datesOf(range, 'Europe/Paris')).toEqual(['2026-03-29', '2026-03-30']);
    expect(datesOf(range, 'America/Martinique')).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
  });
});

describe('inZone', () => {
  it('writes the offset in force', () => {
    expect(inZone(at('2026-03-29T00:30:00Z'), 'Europe/Paris')).toBe('2026-03-29T01:30:00+01:00');
    expect(inZone(at('2026-03-29T01:30:00Z'), 'Europe/Paris')).toBe('2026-03-29T03:30:00+02:00');
    expect(inZone(at('2026-07-01T12:00:00Z'), 'America/Martinique')).toBe('2026-07-01T08:00:00-04:00');
    expect(inZone(at('2026-07-01T12:00:00Z'), 'Asia/Kolkata')).toBe('2026-07-01T17:30:00+05:30');
  });
});
