import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesToCome } from './test-dates.ts';

const inParis = (at: Date, options: Intl.DateTimeFormatOptions) =>
  at.toLocaleString('en-GB', { timeZone: 'Europe/Paris', ...options });
const offset = (at: number) => inParis(new Date(at), { timeZoneName: 'longOffset' }).slice(-5);

describe('the dates on which tests run', () => {
  it('are those that are meant', () => {
    expect(datesToCome(new Date('2026-11-28T10:00:00Z')).map(({ at }) => at.toISOString().slice(0, 16))).toEqual([
      '2027-11-28T12:00',
      '2028-02-29T12:00',
      '2027-03-28T00:50',
      '2027-10-31T00:50',
      '2026-12-31T22:50',
      '2026-11-29T12:00',
    ]);
  });

  it('are still to come, and what their names say, on whatever day they are asked for', () => {
    const anyDay = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(anyDay, (now) => {
        const dates = datesToCome(now);
        for (const { at } of dates) expect(at.getTime()).toBeGreaterThan(now.getTime());
        const [, leapDay, , , newYearsEve, sunday] = dates.map(({ at }) => at);
        expect(inParis(leapDay as Date, { day: 'numeric', month: 'long' })).toBe('29 February');
        expect(inParis(newYearsEve as Date, { day: 'numeric', month: 'long', hour: '2-digit' })).toMatch(/31 Dec.* 23/);
        expect(inParis(sunday as Date, { weekday: 'long' })).toBe('Sunday');
      }),
    );
  });

  it('have the clocks change under the tests', () => {
    const [, , spring, autumn] = datesToCome(new Date('2026-11-28T10:00:00Z')).map(({ at }) => at.getTime());
    const changes = [spring, autumn].map((at = 0) => [offset(at), offset(at + 900_000)]);
    expect(changes).toEqual([
      ['01:00', '02:00'],
      ['02:00', '01:00'],
    ]);
  });
});
