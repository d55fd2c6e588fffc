import { invalidField } from '@cabinet/kit';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const partialPattern = /^\d{4}(-\d{2}(-\d{2})?)?$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** True for YYYY-MM-DD that the calendar has, from 1900 on. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    dayPattern.test(text) && text >= '1900' && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}

/** True for a date as FHIR has it, as exact as it is known: YYYY, YYYY-MM or YYYY-MM-DD. */
export const isPartialDate = (text: string): boolean =>
  partialPattern.test(text) && isDay(text + '-01-01'.slice(text.length - 4));

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
export function toInstant(text: string, path: string): Date {
  const day = instantPattern.exec(text)?.[1];
  if (!day) throw invalidField(path, 'INVALID_TIME', 'must be a time with offset, such as 2026-11-23T09:30:00+01:00');
  if (!isDay(day)) throw invalidField(path, 'NO_SUCH_TIME', 'is not a date and time that exists');
  return new Date(text);
}
