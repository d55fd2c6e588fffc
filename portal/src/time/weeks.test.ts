import { expect, it } from 'vitest';
import { weeksAhead } from './weeks.ts';

const place = { id: 'a', zone: 'Europe/Paris' };
// A Sunday evening in Paris is a Monday there an hour later.
const now = Date.parse('2026-11-22T23:30:00Z');
const morning = { startTime: '09:00', endTime: '12:00' };
const hours = [{ placeId: 'a', daysOfWeek: ['mon' as const, 'thu' as const], ...morning }];
const inForce = {
  hours,
  exceptions: [],
  extraOpenings: [],
  absences: [{ startDate: '2026-11-30', endDate: '2026-11-30' }],
};
type Planned = Parameters<typeof weeksAhead>[0]['planned'];
const weeks = (planned: Planned = inForce, appointmentTypeId?: string) =>
  weeksAhead({ inForce, planned, place, now, appointmentTypeId });

it('begins with the day that it is at the place, and has four weeks', () => {
  const days = weeks();
  expect(days.map(({ date }) => date).filter((_, nth) => nth % 27 === 0)).toEqual(['2026-11-23', '2026-12-20']);
  expect(days.filter(({ periods }) => periods.length > 0)).toHaveLength(7);
  expect(days.filter(({ before }) => before)).toEqual([]);
});

it('says of each day that would be otherwise how it is now, and of no other', () => {
  const planned = { ...inForce, exceptions: [{ date: '2026-12-03', placeId: 'a', periods: [] }] };
  expect(weeks(planned).filter(({ before }) => before)).toEqual([
    {
      date: '2026-12-03',
      isAway: false,
      periods: [],
      before: { date: '2026-12-03', isAway: false, periods: [morning] },
    },
  ]);
});

it('is of one kind of visit when it is asked for that', () => {
  const planned = { ...inForce, hours: hours.map((each) => ({ ...each, appointmentTypeIds: ['t'] })) };
  expect(weeks(planned, 't').filter(({ before }) => before)).toEqual([]);
  expect(weeks(planned, 'u').filter(({ before }) => before)).toHaveLength(7);
});
