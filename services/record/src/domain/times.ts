import { invalidField } from '@cabinet/kit/errors';
import { isCalendarDate, readWrittenTime } from '@cabinet/service/written-time';

const partialPattern = /^\d{4}(-\d{2}(-\d{2})?)?$/;

/** True for a date as FHIR has it, as exact as it is known: YYYY, YYYY-MM or YYYY-MM-DD. */
export const isPartialDate = (text: string): boolean =>
  partialPattern.test(text) && isCalendarDate(text + '-01-01'.slice(text.length - 4));

/** @throws 422 on `path` for a date, partial or not, that does not exist or is still to come */
export function assertPastDate(date: string | undefined, path: string, now: Date): void {
  if (date === undefined) return;
  if (!isPartialDate(date)) {
    throw invalidField(path, 'NO_SUCH_DATE', 'is not a date that exists (YYYY, YYYY-MM or YYYY-MM-DD)');
  }
  // Somewhere on earth it is already tomorrow.
  const latest = new Date(now.getTime() + 14 * 3_600_000).toISOString();
  if (date > latest.slice(0, date.length)) throw invalidField(path, 'IN_THE_FUTURE', 'is still to come');
}

/** True when the one is before the other as far as both are known: 2010 is not before 2010-05. */
export function isDateBefore(one: string, other: string): boolean {
  const known = Math.min(one.length, other.length);
  return one.slice(0, known) < other.slice(0, known);
}

/** The instant of a time with offset (RFC 3339). @throws 422 on `path` for one that does not exist or has no offset */
export const toInstant = (text: string, path: string): Date => new Date(readWrittenTime(text, path).ms);
