import { describe, expect, it } from 'vitest';
import { dayOfWeek, openingsOn } from './openings.ts';

const nothing = { hours: [], exceptions: [], extraOpenings: [], absences: [], holidays: [] };
const morning = { placeId: 'p', daysOfWeek: ['mon' as const, 'tue' as const], startTime: '09:00', endTime: '12:00' };
/** A Monday. */
const monday = '2026-11-30';

const times = (schedule: object, date = monday, place = 'p') =>
  openingsOn({ ...nothing, ...schedule }, date, place).periods.map(
    ({ startTime, endTime }) => `${startTime}-${endTime}`,
  );

describe('when a practitioner receives', () => {
  it('is what the hours of the day of the week say, at that place', () => {
    expect([dayOfWeek(monday), dayOfWeek('2026-12-06')]).toEqual(['mon', 'sun']);
    const late = { ...morning, startTime: '08:00', endTime: '08:30' };
    expect(times({ hours: [morning, late] })).toEqual(['08:00-08:30', '09:00-12:00']);
    expect(times({ hours: [morning] }, '2026-12-02')).toEqual([]);
    expect(times({ hours: [morning] }, monday, 'elsewhere')).toEqual([]);
  });

  it('leaves breaks out, and hours that are not yet or no longer valid', () => {
    const breaks = [
      { startTime: '11:30', endTime: '12:00' },
      { startTime: '10:00', endTime: '10:15' },
    ];
    expect(times({ hours: [{ ...morning, breaks }] })).toEqual(['09:00-10:00', '10:15-11:30']);
    expect(times({ hours: [{ ...morning, validFrom: '2026-12-01' }] })).toEqual([]);
    expect(times({ hours: [{ ...morning, validUntil: '2026-11-29' }] })).toEqual([]);
    expect(times({ hours: [{ ...morning, validFrom: monday, validUntil: monday }] })).toEqual(['09:00-12:00']);
  });

  it('is what an exception says instead, with openings beside it', () => {
    const exceptions = [{ date: monday, placeId: 'p', periods: [] }];
    const extraOpenings = [{ date: monday, placeId: 'p', startTime: '18:00', endTime: '20:00' }];
    expect(times({ hours: [morning], exceptions })).toEqual([]);
    expect(times({ hours: [morning], exceptions, extraOpenings })).toEqual(['18:00-20:00']);
  });

  it('is nothing on a day away, and less on the first and the last', () => {
    const absences = [{ startDate: monday, endDate: '2026-12-01', startTime: '10:00', endTime: '11:00' }];
    expect(times({ hours: [morning], absences })).toEqual(['09:00-10:00']);
    expect(times({ hours: [morning], absences }, '2026-12-01')).toEqual(['11:00-12:00']);
    const whole = [{ startDate: '2026-11-29', endDate: '2026-12-01' }];
    expect(openingsOn({ ...nothing, hours: [morning], absences: whole }, monday, 'p')).toEqual({
      date: monday,
      isAway: true,
      periods: [],
    });
  });

  it('goes on over midnight where the hours do', () => {
    expect(times({ hours: [{ ...morning, startTime: '22:00', endTime: '02:00' }] })).toEqual(['22:00-02:00']);
  });
});
