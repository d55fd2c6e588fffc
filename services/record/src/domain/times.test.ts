import { describe, expect, it } from 'vitest';
import { assertPastDate, isDateBefore, isPartialDate, toInstant } from './times.js';

describe('a day', () => {
  it.each(['2010', '2010-05', '2024-02-29'])('may be %s', (text) => expect(isPartialDate(text)).toBe(true));
  it.each([
    '201',
    '2010-',
    '2010-5',
    '2010-00',
    '2010-13',
    '2010-05-',
    '2010-02-30',
    '1899',
    '1899-12',
    '2010-05-31T10:00Z',
  ])('may not be %s', (text) => expect(isPartialDate(text)).toBe(false));

  it('may be today wherever on earth the practice is, and not later', () => {
    const noonInParis = new Date('2026-11-20T11:00:00Z');
    const check = (date: string) => () => assertPastDate(date, 'onset', noonInParis);
    expect(check('2026-11-20')).not.toThrow();
    // It is one o'clock at night on the 21st in Kiribati.
    expect(check('2026-11-21')).not.toThrow();
    expect(check('2026-11-22')).toThrow();
    for (const date of ['2026', '2026-11']) expect(check(date)).not.toThrow();
    for (const date of ['2027', '2026-12']) expect(check(date)).toThrow();
  });

  it('is before another only as far as both are known', () => {
    expect(isDateBefore('2009', '2010-05')).toBe(true);
    expect(isDateBefore('2010-04-30', '2010-05')).toBe(true);
    for (const [one, other] of [
      ['2010', '2010-05'],
      ['2010-05', '2010'],
      ['2010-05-31', '2010-05'],
    ] as const) {
      expect(isDateBefore(one, other)).toBe(false);
    }
  });
});

describe('an instant', () => {
  it('is understood with its offset', () =>
    expect(toInstant('2026-11-20T09:30:00+01:00', 'start').toISOString()).toBe('2026-11-20T08:30:00.000Z'));

  it.each([
    '2026-11-20T09:30:00',
    '2026-11-20',
    '2026-02-30T09:30:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T09:60:00Z',
    '2026-11-20 09:30:00Z',
    '2026-11-20T09:30:00+25:00',
    'yesterday',
  ])('may not be %s', (text) => expect(() => toInstant(text, 'start')).toThrow());
});
