import { type FieldError, InvalidInput } from '@cabinet/kit';
import { type DayOfWeek, datesOf, dayOfWeek, type Interval, instantOf, overlaps } from './time.js';

/** One weekly period in which a practitioner receives at a place, in the wall-clock time of that place. */
export interface WorkingHours {
  placeId: string;
  daysOfWeek: DayOfWeek[];
  /** `HH:mm`. */
  startTime: string;
  /** `HH:mm`, after `startTime`; `24:00` is the end of the day. */
  endTime: string;
}

/** A stretch of real time in which a practitioner receives. */
export interface Opening extends Interval {
  placeId: string;
  zone: string;
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Checks weekly hours as a whole.
 * @throws 422 with every row concerned: a time that is none, an end before its start, an unknown place, an overlap
 */
export function assertWorkingHours(hours: WorkingHours[], knownPlaceIds: ReadonlySet<string>): void {
  const fields: FieldError[] = [];
  const refuse = (path: string, code: string, message: string) => fields.push({ path, code, message });
  hours.forEach((row, index) => {
    const at = `hours[${index}]`;
    if (!timePattern.test(row.startTime)) refuse(`${at}.startTime`, 'INVALID_TIME', 'must be HH:mm');
    if (!timePattern.test(row.endTime) && row.endTime !== '24:00')
      refuse(`${at}.endTime`, 'INVALID_TIME', 'must be HH:mm');
    if (row.endTime <= row.startTime) refuse(`${at}.endTime`, 'END_BEFORE_START', 'must be after startTime');
    if (!knownPlaceIds.has(row.placeId))
      refuse(`${at}.placeId`, 'UNKNOWN_PLACE', 'is not a place of this practitioner');
    const clash = hours.findIndex((other, before) => before < index && clashes(row, other));
    if (clash >= 0) refuse(at, 'OVERLAP', `overlaps hours[${clash}]`);
  });
  if (fields.length > 0) throw new InvalidInput(fields, 'SCHEDULE.INVALID_HOURS', 'These working hours cannot be kept');
}

const clashes = (a: WorkingHours, b: WorkingHours): boolean =>
  a.daysOfWeek.some((day) => b.daysOfWeek.includes(day)) && a.startTime < b.endTime && b.startTime < a.endTime;

/**
 * The openings that touch `range`, in order of time. Hours are taken in each place's own zone, so a day on which the
 * clocks change is an hour shorter or longer.
 * @param zones zone of each place; hours at a place that is no longer known open nothing
 */
export function openingsIn(range: Interval, hours: WorkingHours[], zones: ReadonlyMap<string, string>): Opening[] {
  const openings: Opening[] = [];
  for (const row of hours) {
    const zone = zones.get(row.placeId);
    if (!zone) continue;
    for (const date of datesOf(range, zone)) {
      if (!row.daysOfWeek.includes(dayOfWeek(date))) continue;
      const opening = { start: instantOf(date, row.startTime, zone), end: instantOf(date, row.endTime, zone) };
      if (opening.start < opening.end && overlaps(opening, range))
        openings.push({ ...opening, placeId: row.placeId, zone });
    }
  }
  return openings.sort((a, b) => a.start - b.start);
}
