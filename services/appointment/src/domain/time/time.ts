import { invalidField } from '@cabinet/kit/errors';
import { isCalendarDate as isDate, readWrittenTime } from '@cabinet/service/written-time';
import { DateTime, FixedOffsetZone } from 'luxon';
import { type Interval, merged } from './intervals.js';
import { offsetAt } from './zone-offset.js';

export { isDate };

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** The day on which clocks go back by an hour. */
export const longestDay = 25 * 60 * minute;

/**
 * Reads an RFC 3339 time with offset.
 * @throws 422 on `field` for a time without offset, a time that does not exist, or a year outside 1900 to 2200
 */
export function parseInstant(text: string, field: string): DateTime {
  const { ms, offset } = readWrittenTime(text, field);
  return DateTime.fromMillis(ms, { zone: FixedOffsetZone.instance(offset) });
}

/** Where a range begins or ends: an instant, or a whole day, whose hours are those of each place. */
export type Bound = { instant: number; date?: undefined } | { date: string; instant?: undefined };

/** Reads an RFC 3339 time with offset, or a date. @throws 422 on `field` for what is neither */
export const parseBound = (text: string, field: string): Bound =>
  isDate(text) ? { date: text } : { instant: parseInstant(text, field).toMillis() };

export const beginningOf = ({ instant, date }: Bound, zone: string): number =>
  date === undefined ? instant : instantOf(date, '00:00', zone);

export const endOf = ({ instant, date }: Bound, zone: string): number =>
  date === undefined ? instant : instantOf(date, '24:00', zone);

/** @throws 422 on `to` for a range that ends before it begins, whatever the zone */
export function assertInOrder(from: Bound, to: Bound): void {
  // Some days begin first and last there.
  const isSomewhere = ['Etc/GMT-14', 'Etc/GMT+12'].some((zone) => beginningOf(from, zone) <= endOf(to, zone));
  const isOneDay = from.date !== undefined && to.date !== undefined;
  if (!isSomewhere || (isOneDay && to.date < from.date)) {
    throw invalidField('to', 'END_BEFORE_START', 'must not be before from');
  }
}

/**
 * Refuses a wall-clock time that the clocks of `zone` skip, as 02:30 in Paris on the last Sunday of March. A client
 * that means another zone, or UTC, is unambiguous and not concerned.
 * @throws 422 on `field`
 */
export function assertClockShows(written: DateTime, zone: string, field: string): void {
  const wall = written.toMillis() + written.offset * minute;
  const offsets = offsetsAround(wall, zone);
  if (
    offsets.includes(written.offset) &&
    !offsets.some((offset) => offsetAt(wall - offset * minute, zone) === offset)
  ) {
    throw invalidField(field, 'TIME_SKIPPED', `does not exist in ${zone}: the clocks go forward over it`);
  }
}

// The offsets before and after any change near a wall-clock time: two in the nights when the clocks change.
const offsetsAround = (wall: number, zone: string): number[] => [
  offsetAt(wall - day, zone),
  offsetAt(wall + day, zone),
];

/**
 * The instant at which the clocks of `zone` come to the wall-clock time `time` of `date`. A time that occurs twice is
 * the first of the two; a time that is skipped is the moment at which the clocks jump over it.
 * @param date ISO date, `2026-03-29`
 * @param time `HH:mm`, `24:00` allowed for the end of the day
 */
export const instantOf = (date: string, time: string, zone: string): number =>
  instantsAt(date, minutesOf(time), zone)[0];

/** As `instantOf`, but of a time that occurs twice the second of the two. */
export const lastInstantOf = (date: string, time: string, zone: string): number =>
  instantsAt(date, minutesOf(time), zone)[1];

/** Minutes of the day at `HH:mm`: 570 at `09:30`, 1440 at `24:00`. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The first and the last instant at which the clocks come to so many minutes of the day: mostly one. */
function instantsAt(date: string, minutes: number, zone: string): [first: number, last: number] {
  const wall = wallAt(date, minutes);
  const candidates = offsetsAround(wall, zone).map((offset) => ({ offset, ms: wall - offset * minute }));
  candidates.sort((a, b) => a.ms - b.ms);
  const shown = candidates.filter(({ offset, ms }) => offsetAt(ms, zone) === offset);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first && last) return [first.ms, last.ms];
  const jump = transition((candidates[0] as { ms: number }).ms, (candidates[1] as { ms: number }).ms, zone);
  return [jump, jump];
}

const wallAt = (date: string, minutes: number): number => Date.parse(`${date}T00:00:00Z`) + minutes * minute;

/**
 * All the time in which the clocks of `zone` show minutes of the day within the span, in order: mostly one interval, two where
 * they go back over an end of it, and none where they skip it.
 */
export function timesWithin(date: string, span: Interval, zone: string): Interval[] {
  const [from, until] = [wallAt(date, span.start), wallAt(date, span.end)];
  const [before, after] = [offsetAt(from - day, zone), offsetAt(until + day, zone)];
  const under = (offset: number): Interval => ({ start: from - offset * minute, end: until - offset * minute });
  if (before === after) return [under(before)];
  const change = transition(from - day, until + day, zone);
  return merged([
    { ...under(before), end: Math.min(under(before).end, change) },
    { ...under(after), start: Math.max(under(after).start, change) },
  ]);
}

// The change of offset between two instants, to the minute (as all changes since 1972 are).
function transition(from: number, to: number, zone: string): number {
  const old = offsetAt(from, zone);
  let [low, high] = [from, to];
  while (high - low > minute) {
    const middle = low + Math.floor((high - low) / minute / 2) * minute;
    if (offsetAt(middle, zone) === old) low = middle;
    else high = middle;
  }
  return high;
}

/** The ISO dates that the clocks of `zone` show during the interval. */
export function datesOf({ start, end }: Interval, zone: string): string[] {
  const dates: string[] = [];
  const last = dateIn(end - 1, zone);
  for (let at = Date.parse(dateIn(start, zone)); at <= Date.parse(last); at += day) {
    dates.push(new Date(at).toISOString().slice(0, 10));
  }
  return dates;
}

/** The ISO date that the clocks of `zone` show. */
export const dateIn = (instant: number, zone: string): string =>
  dateText(Math.floor((instant + offsetAt(instant, zone) * minute) / day));

/** The date so many days later: 1 after `2026-12-31` is `2027-01-01`. */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);

/** Minutes of the day that the clocks of `zone` show. */
export const clockMinutes = (instant: number, zone: string): number =>
  ((((instant + offsetAt(instant, zone) * minute) / minute) % (24 * 60)) + 24 * 60) % (24 * 60);

/** RFC 3339 to the second, with the offset of the zone: `2026-11-23T09:30:00+01:00`. */
export function inZone(instant: Date | number, zone: string): string {
  let write = writers.get(zone);
  if (!write) {
    write = remembered((ms) => writeInZone(ms, zone));
    writers.set(zone, write);
  }
  return write(Number(instant));
}

const writers = new Map<string, (ms: number) => string>();

function writeInZone(ms: number, zone: string): string {
  const offset = offsetAt(ms, zone);
  const wall = new Date(ms + offset * minute).toISOString().slice(0, 19);
  const ahead = Math.abs(offset);
  return `${wall}${offset < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}

const two = (number: number): string => String(number).padStart(2, '0');

const dateText = remembered((date) => new Date(date * day).toISOString().slice(0, 10));

/** A search writes hundreds of times, and the next one mostly the same: what was written once is remembered. */
function remembered(write: (of: number) => string): (of: number) => string {
  const known = new Map<number, string>();
  return (of) => {
    let text = known.get(of);
    if (text === undefined) {
      text = write(of);
      if (known.size >= rememberedMax) known.clear();
      known.set(of, text);
    }
    return text;
  };
}

/** The quarters of an hour of six weeks, for each zone that is used. */
const rememberedMax = 4_000;

/** Day of the week in FHIR R4's words (DaysOfWeek). */
export const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type DayOfWeek = (typeof daysOfWeek)[number];

export const dayOfWeek = (date: string): DayOfWeek =>
  daysOfWeek[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] as DayOfWeek;
