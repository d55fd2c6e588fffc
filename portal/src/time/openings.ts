import type { Schedule, WorkingHours } from '../api/types.ts';
import { daysOfWeek } from '../words/waiting.ts';

export interface Period {
  startTime: string;
  endTime: string;
}

/** What somebody has of a day: the times at which they receive, or that they are away. */
export interface Day {
  date: string;
  isAway: boolean;
  periods: Period[];
}

export const dayOfWeek = (date: string): WorkingHours['daysOfWeek'][number] =>
  daysOfWeek[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';

/** Times without what lies within a break. */
function without({ startTime, endTime }: Period, breaks: readonly Period[]): Period[] {
  const periods: Period[] = [];
  let from = startTime;
  for (const pause of [...breaks].sort((a, b) => a.startTime.localeCompare(b.startTime))) {
    if (pause.startTime > from) periods.push({ startTime: from, endTime: pause.startTime });
    if (pause.endTime > from) from = pause.endTime;
  }
  // Of hours that end on the next day the end stands before the beginning.
  if (from < endTime || endTime <= startTime) periods.push({ startTime: from, endTime });
  return periods;
}

/**
 * When a practitioner receives on a date at a place, as hours, exceptions, openings and absences say it: public holidays and
 * calendars elsewhere are not in it.
 * @param appointmentTypeId for this kind of visit; left out, for any
 */
export function openingsOn(
  schedule: Omit<Schedule, 'practitionerId' | 'version' | 'rules' | 'holidays'>,
  date: string,
  placeId: string,
  appointmentTypeId?: string,
): Day {
  const away = schedule.absences.filter(({ startDate, endDate }) => startDate <= date && date <= endDate);
  const isAway = away.some(
    ({ startDate, startTime, endDate, endTime }) =>
      !(startDate === date && startTime) && !(endDate === date && endTime && endTime !== '24:00'),
  );
  const exception = schedule.exceptions.find((each) => each.date === date && each.placeId === placeId);
  const usual = schedule.hours
    .filter((each) => each.placeId === placeId && each.daysOfWeek.includes(dayOfWeek(date)))
    .filter(({ validFrom = '', validUntil }) => validFrom <= date && (!validUntil || date <= validUntil))
    .filter(({ appointmentTypeIds: only }) => !appointmentTypeId || !only || only.includes(appointmentTypeId))
    .flatMap(({ startTime, endTime, breaks = [] }) => without({ startTime, endTime }, breaks));
  const extra = schedule.extraOpenings.filter((each) => each.date === date && each.placeId === placeId);
  const open = [...(exception?.periods ?? usual), ...extra].map(({ startTime, endTime }) => ({ startTime, endTime }));
  const partly = away.map(({ startDate, startTime = '00:00', endDate, endTime = '24:00' }) => ({
    startTime: startDate === date ? startTime : '00:00',
    endTime: endDate === date ? endTime : '24:00',
  }));
  const periods = isAway ? [] : open.flatMap((each) => without(each, partly));
  return { date, isAway, periods: periods.sort((a, b) => a.startTime.localeCompare(b.startTime)) };
}
