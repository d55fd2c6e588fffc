import { type Day, openingsOn } from './openings.ts';
import { dateAt, daysAfter } from './zone.ts';

type Schedule = Parameters<typeof openingsOn>[0];

/** A day as it is to be, with how it is now where that is otherwise. */
export interface PlannedDay extends Day {
  before?: Day;
}

interface Asked {
  /** As it is stored. */
  inForce: Schedule;
  planned: Schedule;
  place: { id: string; zone: string };
  appointmentTypeId?: string;
  /** ms since 1970 */
  now: number;
}

const daysAhead = 28;

/** The coming four weeks at a place, today the first day. */
export function weeksAhead({ inForce, planned, place: { id, zone }, appointmentTypeId, now }: Asked): PlannedDay[] {
  const today = dateAt(now, zone);
  return Array.from({ length: daysAhead }, (_, nth) => {
    const date = daysAfter(today, nth);
    const [before, after] = [inForce, planned].map((each) => openingsOn(each, date, id, appointmentTypeId)) as [
      Day,
      Day,
    ];
    return { ...after, ...(JSON.stringify(before) !== JSON.stringify(after) && { before }) };
  });
}
