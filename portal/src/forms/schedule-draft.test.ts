import { describe, expect, it } from 'vitest';
import { dayLacks, hoursOf, isSaidTwice, isWhole, type OneDay, storedAs } from './schedule-draft.ts';

const morning = { startTime: '09:00', endTime: '12:00' };
const closed: OneDay = { kind: 'closed', date: '2026-12-24', placeId: 'a', periods: [] };
const stored = {
  hours: [{ placeId: 'a', daysOfWeek: ['mon' as const], ...morning }],
  exceptions: [
    { date: '2026-12-24', placeId: 'a', periods: [] },
    { date: '2026-12-31', placeId: 'a', periods: [morning] },
  ],
  extraOpenings: [{ date: '2027-01-01', placeId: 'b', ...morning }],
};

it('hours that are shown and not changed are stored as they were', () => {
  expect(hoursOf(stored).days.map(({ kind }) => kind)).toEqual(['closed', 'instead', 'besides']);
  expect(storedAs(hoursOf(stored))).toEqual(stored);
});

it('a day that is said to be closed keeps no times, though some were typed before', () => {
  const days: OneDay[] = [{ ...closed, periods: [morning] }];
  expect(storedAs({ hours: [], days }).exceptions).toEqual([{ date: '2026-12-24', placeId: 'a', periods: [] }]);
});

describe('what is typed of one day is not whole', () => {
  it.each([
    ['without a date', { ...closed, date: '' }],
    ['without times, when it is open', { ...closed, kind: 'instead' as const }],
    ['with a time that is missing', { ...closed, kind: 'besides' as const, periods: [{ ...morning, endTime: '' }] }],
    [
      'with an end that is its beginning',
      { ...closed, kind: 'besides' as const, periods: [{ startTime: '09:00', endTime: '09:00' }] },
    ],
  ])('%s', (_, day) => {
    expect(dayLacks(day)).toBe(true);
    expect(isWhole({ hours: [], days: [day] })).toBe(false);
  });

  it('when another says otherwise of the same day at the same place', () => {
    const again = { ...closed, kind: 'instead' as const, periods: [morning] };
    expect(isSaidTwice(again, [closed, again])).toBe(true);
    expect(isWhole({ hours: [], days: [closed, again] })).toBe(false);
    expect(isWhole({ hours: [], days: [closed, { ...again, placeId: 'b' }] })).toBe(true);
    expect(isWhole({ hours: [], days: [closed, { ...again, kind: 'besides' }] })).toBe(true);
  });
});
