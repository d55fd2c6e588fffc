import { FieldErrors, InvalidInput } from '@cabinet/kit/errors';
import { contains, type Interval, overlaps } from '../time/intervals.js';
import { type DayOfWeek, daysAfter, daysOfWeek, isDate, minutesOf } from '../time/time.js';
import { checkRules, type TypeRules } from './booking-rules.js';

/** Times of day on the clock of the place, `HH:mm`; `24:00` is the end of the day. */
export interface TimeSpan {
  startTime: string;
  /** On the next day when it is before `startTime`. */
  endTime: string;
}

const dayMinutes = 24 * 60;

/** In minutes from the midnight before it begins. */
export function minutesOfSpan({ startTime, endTime }: TimeSpan): Interval {
  const [start, end] = [minutesOf(startTime), minutesOf(endTime)];
  return { start, end: end < start ? end + dayMinutes : end };
}

/** A break of hours that go on past midnight may be on either side of it. */
export function minutesOfBreak(pause: TimeSpan, { startTime }: TimeSpan): Interval {
  const span = minutesOfSpan(pause);
  return span.start < minutesOf(startTime) ? later(span, dayMinutes) : span;
}

const later = ({ start, end }: Interval, minutes: number): Interval => ({ start: start + minutes, end: end + minutes });

/** One weekly period in which a practitioner receives at a place. */
export interface WorkingHours extends TimeSpan {
  placeId: string;
  daysOfWeek: DayOfWeek[];
  /** Within the period. */
  breaks?: TimeSpan[];
  /** First and last date (ISO, inclusive); absent: without beginning or end. */
  validFrom?: string;
  validUntil?: string;
  /** Only for these types; absent: for all. */
  appointmentTypeIds?: string[];
}

/** On this date, at this place, these periods instead of the weekly hours. */
export interface Exception {
  date: string;
  placeId: string;
  periods: TimeSpan[];
}

/** A period beside all others, public holiday or not. */
export interface ExtraOpening extends TimeSpan {
  date: string;
  placeId: string;
}

/** From a date to another (inclusive) the practitioner receives nowhere. */
export interface Absence {
  startDate: string;
  endDate: string;
  /** On the first date, the absence begins at it. */
  startTime?: string;
  /** On the last date, the absence ends at it. */
  endTime?: string;
}

/** At this place the weekly hours do not hold on the public holidays of a country or one of its territories. */
export interface HolidayCalendar {
  placeId: string;
  /** ISO 3166-1 alpha-2: `FR`, `NC`. */
  country: string;
  /** The part of an ISO 3166-2 code behind the country: `RE`, `67`. */
  region?: string;
}

/** When a practitioner receives, and how appointments are booked. */
export interface Schedule {
  practitionerId: string;
  /** 0 while nothing has been set. */
  version: number;
  hours: WorkingHours[];
  exceptions: Exception[];
  extraOpenings: ExtraOpening[];
  absences: Absence[];
  holidays: HolidayCalendar[];
  rules: TypeRules[];
}

/** Of a practitioner for whom nothing has been set. */
export const emptySchedule = (practitionerId: string): Schedule => ({
  practitionerId,
  version: 0,
  hours: [],
  exceptions: [],
  extraOpenings: [],
  absences: [],
  holidays: [],
  rules: [],
});

/** What a schedule may speak of. */
export interface KnownIds {
  placeIds: ReadonlySet<string>;
  appointmentTypeIds: ReadonlySet<string>;
  resourceIds: ReadonlySet<string>;
}

/**
 * Checks a schedule as a whole.
 * @throws 422 SCHEDULE.INVALID_HOURS with everything that is wrong: times and dates that are none, ends before their
 *   starts, breaks outside their period, what overlaps, and places, types and resources of nobody
 */
export function assertSchedule(schedule: Schedule, known: KnownIds): void {
  const errors = new FieldErrors();
  checkPlaces(schedule, known, errors);
  checkHours(schedule.hours, known, errors);
  checkDates(schedule, errors);
  checkTypes(schedule.rules, known, errors);
  if (errors.fields.length > 0) {
    throw new InvalidInput(errors.fields, 'SCHEDULE.INVALID_HOURS', 'These working hours cannot be kept');
  }
}

function checkPlaces(schedule: Schedule, { placeIds }: KnownIds, errors: FieldErrors): void {
  for (const part of ['hours', 'exceptions', 'extraOpenings', 'holidays'] as const) {
    for (const [index, { placeId }] of schedule[part].entries()) {
      if (!placeIds.has(placeId))
        errors.add(`${part}[${index}].placeId`, 'UNKNOWN_PLACE', 'is not a place of this practitioner');
    }
  }
  checkOnce(schedule.holidays, 'holidays', ({ placeId }) => placeId, errors);
}

function checkHours(hours: WorkingHours[], { appointmentTypeIds }: KnownIds, errors: FieldErrors): void {
  for (const [index, row] of hours.entries()) {
    const at = `hours[${index}]`;
    checkSpan(row, at, errors);
    checkPeriods(row.breaks ?? [], `${at}.breaks`, errors, (pause) => minutesOfBreak(pause, row));
    for (const [nth, pause] of (row.breaks ?? []).entries()) {
      if (!contains(minutesOfSpan(row), minutesOfBreak(pause, row)))
        errors.add(`${at}.breaks[${nth}]`, 'OUTSIDE_PERIOD', 'must lie within startTime and endTime');
    }
    checkOrder(row.validFrom, row.validUntil, `${at}.validFrom`, `${at}.validUntil`, errors);
    if (row.appointmentTypeIds?.some((id) => !appointmentTypeIds.has(id)))
      errors.add(`${at}.appointmentTypeIds`, 'UNKNOWN_TYPE', 'has one that this practitioner does not offer');
    const clash = hours.findIndex((other, before) => before < index && clashes(row, other));
    if (clash >= 0) errors.add(at, 'OVERLAP', `overlaps hours[${clash}]`);
  }
}

const clashes = (a: WorkingHours, b: WorkingHours): boolean =>
  clashesFrom(a, b, 0) || clashesFrom(a, b, 1) || clashesFrom(b, a, 1);

/** Whether some day of `a` runs into the day of `b` that is so many days later. */
const clashesFrom = (a: WorkingHours, b: WorkingHours, days: number): boolean =>
  a.daysOfWeek.some((day) => b.daysOfWeek.includes(dayAfter(day, days))) &&
  overlaps(minutesOfSpan(a), later(minutesOfSpan(b), days * dayMinutes)) &&
  (a.validFrom === undefined || b.validUntil === undefined || daysAfter(a.validFrom, days) <= b.validUntil) &&
  (b.validFrom === undefined || a.validUntil === undefined || b.validFrom <= daysAfter(a.validUntil, days));

const dayAfter = (day: DayOfWeek, days: number): DayOfWeek =>
  daysOfWeek[(daysOfWeek.indexOf(day) + days) % 7] as DayOfWeek;

function checkDates({ exceptions, extraOpenings, absences }: Schedule, errors: FieldErrors): void {
  for (const [index, { date, periods }] of exceptions.entries()) {
    checkDate(date, `exceptions[${index}].date`, errors);
    checkPeriods(periods, `exceptions[${index}].periods`, errors);
  }
  checkOnce(exceptions, 'exceptions', ({ date, placeId }) => `${date} ${placeId}`, errors);
  for (const [index, opening] of extraOpenings.entries()) {
    checkDate(opening.date, `extraOpenings[${index}].date`, errors);
    checkSpan(opening, `extraOpenings[${index}]`, errors);
  }
  for (const [index, absence] of absences.entries()) checkAbsence(absence, `absences[${index}].`, errors);
}

/** From the first date of an absence to its last, and from today to its last, in days. */
export const absenceDaysMax = 731;

/** @param at path in front of the fields: `absences[0].` */
export function checkAbsence(
  { startDate, endDate, startTime, endTime }: Absence,
  at: string,
  errors: FieldErrors,
): void {
  checkOrder(startDate, endDate, `${at}startDate`, `${at}endDate`, errors);
  if (isDate(startDate) && isDate(endDate) && endDate > daysAfter(startDate, absenceDaysMax))
    errors.add(`${at}endDate`, 'TOO_LONG', `must be within ${absenceDaysMax} days of startDate`);
  if (startDate === endDate && (endTime ?? '24:00') <= (startTime ?? '00:00'))
    errors.add(`${at}endTime`, 'END_BEFORE_START', 'must be after startTime');
}

function checkTypes(rules: TypeRules[], { appointmentTypeIds, resourceIds }: KnownIds, errors: FieldErrors): void {
  for (const [index, each] of rules.entries()) {
    const at = `rules[${index}]`;
    if (!appointmentTypeIds.has(each.appointmentTypeId))
      errors.add(`${at}.appointmentTypeId`, 'UNKNOWN_TYPE', 'is not offered by this practitioner');
    for (const [nth, { anyOf }] of each.needs.entries()) {
      if (anyOf.some((id) => !resourceIds.has(id)))
        errors.add(`${at}.needs[${nth}].anyOf`, 'UNKNOWN_RESOURCE', 'has one that is not known');
    }
    checkRules(each, at, errors);
  }
  checkOnce(rules, 'rules', ({ appointmentTypeId }) => appointmentTypeId, errors);
}

function checkPeriods(periods: TimeSpan[], at: string, errors: FieldErrors, minutes = minutesOfSpan): void {
  for (const [index, period] of periods.entries()) {
    checkSpan(period, `${at}[${index}]`, errors);
    const clash = periods.findIndex((other, before) => before < index && overlaps(minutes(period), minutes(other)));
    if (clash >= 0) errors.add(`${at}[${index}]`, 'OVERLAP', `overlaps ${at}[${clash}]`);
  }
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d$/;

function checkSpan({ startTime, endTime }: TimeSpan, at: string, errors: FieldErrors): void {
  if (!timePattern.test(startTime)) errors.add(`${at}.startTime`, 'INVALID_TIME', 'must be HH:mm');
  if (!timePattern.test(endTime) && endTime !== '24:00') errors.add(`${at}.endTime`, 'INVALID_TIME', 'must be HH:mm');
  checkOrderOfTimes({ startTime, endTime }, at, errors);
}

/** Longest period over midnight: a longer one is two times in the wrong order. */
const nightMinutesMax = 16 * 60;

export function checkOrderOfTimes(span: TimeSpan, at: string, errors: FieldErrors): void {
  const { start, end } = minutesOfSpan(span);
  if (end > start && (end <= dayMinutes || end - start <= nightMinutesMax)) return;
  errors.add(`${at}.endTime`, 'END_BEFORE_START', 'must be after startTime, or on the next day within 16 hours of it');
}

function checkDate(date: string, at: string, errors: FieldErrors): boolean {
  if (isDate(date)) return true;
  errors.add(at, 'NO_SUCH_DATE', 'must be a date that exists, such as 2026-11-23');
  return false;
}

function checkOrder(
  first: string | undefined,
  last: string | undefined,
  firstPath: string,
  lastPath: string,
  errors: FieldErrors,
): void {
  const areDates = [
    first === undefined || checkDate(first, firstPath, errors),
    last === undefined || checkDate(last, lastPath, errors),
  ].every(Boolean);
  if (areDates && first !== undefined && last !== undefined && last < first)
    errors.add(lastPath, 'END_BEFORE_START', 'must not be before the first date');
}

function checkOnce<T>(rows: T[], part: string, keyOf: (row: T) => string, errors: FieldErrors): void {
  const seen = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const earlier = seen.get(keyOf(row));
    if (earlier === undefined) seen.set(keyOf(row), index);
    else errors.add(`${part}[${index}]`, 'TWICE', `is about the same as ${part}[${earlier}]`);
  }
}
