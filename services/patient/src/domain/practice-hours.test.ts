import { describe, expect, it } from 'vitest';
import { PracticeHours } from './practice-hours.js';

const hours = new PracticeHours('mon-fri 07:00-20:00,sat 08:00-13:00', 'Europe/Paris');
const isOpen = (at: string) => hours.isOpen(new Date(at));

describe('the hours of a practice', () => {
  it.each([
    // Paris is an hour ahead of UTC in November.
    ['2026-11-20T05:59:59Z', false],
    ['2026-11-20T06:00:00Z', true],
    ['2026-11-20T18:59:59Z', true],
    ['2026-11-20T19:00:00Z', false],
    // A Saturday, a Sunday.
    ['2026-11-21T11:59:00Z', true],
    ['2026-11-21T12:00:00Z', false],
    ['2026-11-22T10:00:00Z', false],
  ])('are by the clock on its wall: %s is %s', (at, expected) => expect(isOpen(at)).toBe(expected));

  it('begin and end by that clock on the days after it changed', () => {
    // Set forward in the night to the 29th of March, back in the night to the 25th of October.
    expect([isOpen('2026-03-27T05:59:00Z'), isOpen('2026-03-27T06:00:00Z')]).toEqual([false, true]);
    expect([isOpen('2026-03-30T04:59:00Z'), isOpen('2026-03-30T05:00:00Z')]).toEqual([false, true]);
    expect([isOpen('2026-10-23T05:00:00Z'), isOpen('2026-10-26T05:00:00Z')]).toEqual([true, false]);
  });

  it('hold both hours that the clock shows twice, and miss none when it leaves one out', () => {
    const nights = new PracticeHours('sun 02:00-03:00', 'Europe/Paris');
    const openIn = (day: string) =>
      Array.from({ length: 24 * 60 }, (_, minute) => new Date(Date.parse(day) + minute * 60_000)).filter((at) =>
        nights.isOpen(at),
      ).length;
    expect(openIn('2026-10-24T12:00:00Z')).toBe(120);
    expect(openIn('2026-03-28T12:00:00Z')).toBe(0);
  });

  it('tell the day of the practice, which begins at its midnight', () => {
    expect(hours.dayOf(new Date('2026-11-20T22:59:59Z'))).toBe('2026-11-20');
    expect(hours.dayOf(new Date('2026-11-20T23:00:00Z'))).toBe('2026-11-21');
  });

  it.each(['mon', 'fri-mon 07:00-20:00', 'mon 20:00-07:00', 'mon 07:00-24:01', 'xyz 07:00-08:00', 'mon 07:60-08:00'])(
    'are not read from %s',
    (text) => expect(() => new PracticeHours(text, 'Europe/Paris')).toThrow('is not like'),
  );

  it('may be all day long, or never', () => {
    expect(new PracticeHours('mon-sun 00:00-24:00', 'Europe/Paris').isOpen(new Date('2026-11-22T23:59:00Z'))).toBe(
      true,
    );
    expect(new PracticeHours('', 'Europe/Paris').isOpen(new Date('2026-11-20T10:00:00Z'))).toBe(false);
  });
});
