import { useMemo } from 'react';
import type { Schedule, WorkingHours } from '../api/types.ts';
import { useDraft } from '../session/drafts.ts';
import type { Period } from '../time/openings.ts';

/** One day on which it is otherwise than in other weeks: closed, or open at times instead of, or besides, the weekly hours. */
export interface OneDay {
  kind: 'closed' | 'instead' | 'besides';
  date: string;
  placeId: string;
  periods: Period[];
}

/** When somebody receives, as it is filled in. */
export interface Hours {
  hours: WorkingHours[];
  days: OneDay[];
}

type Stored = Pick<Schedule, 'hours' | 'exceptions' | 'extraOpenings'>;

export const hoursOf = ({ hours, exceptions, extraOpenings }: Stored): Hours => ({
  hours,
  days: [
    ...exceptions.map((each): OneDay => ({ ...each, kind: each.periods.length > 0 ? 'instead' : 'closed' })),
    ...extraOpenings.map(({ date, placeId, startTime, endTime }): OneDay => {
      return { kind: 'besides', date, placeId, periods: [{ startTime, endTime }] };
    }),
  ],
});

/** The same as the practice stores it. */
export const storedAs = ({ hours, days }: Hours): Stored => ({
  hours,
  exceptions: days
    .filter(({ kind }) => kind !== 'besides')
    .map(({ kind, date, placeId, periods }) => ({ date, placeId, periods: kind === 'closed' ? [] : periods })),
  extraOpenings: days
    .filter(({ kind }) => kind === 'besides')
    .flatMap(({ date, placeId, periods }) => periods.map((each) => ({ date, placeId, ...each }))),
});

const isSpan = ({ startTime, endTime }: Period) => startTime !== '' && endTime !== '' && startTime !== endTime;

export const hoursLack = (each: WorkingHours): boolean => each.daysOfWeek.length === 0 || !isSpan(each);

export const dayLacks = ({ kind, date, periods }: OneDay): boolean =>
  date === '' || (kind !== 'closed' && !(periods.length > 0 && periods.every(isSpan)));

/** Whether another of the days says for the same day and place what holds instead of the weekly hours. */
export const isSaidTwice = (day: OneDay, all: readonly OneDay[]): boolean =>
  day.kind !== 'besides' &&
  all.some((each) => {
    return each !== day && each.kind !== 'besides' && each.date === day.date && each.placeId === day.placeId;
  });

export const isWhole = ({ hours, days }: Hours): boolean =>
  !hours.some(hoursLack) && !days.some((each) => dayLacks(each) || isSaidTwice(each, days));

/** What is typed of the hours of a practitioner. The page has it, since what it would come to is shown beside the form. */
export function useHoursDraft(schedule: Schedule) {
  const stored = useMemo(() => hoursOf(schedule), [schedule]);
  return { ...useDraft<Hours>(`hours-change/${schedule.practitionerId}`, stored), stored };
}

export type HoursDraft = ReturnType<typeof useHoursDraft>;
