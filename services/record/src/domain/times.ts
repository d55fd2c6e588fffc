import { invalidField } from '@cabinet/kit';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** True for YYYY-MM-DD that the calendar has, from 1900 on. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    dayPattern.test(text) && text >= '1900' && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}

/** @throws 422 on `path` for a day that does not exist or is still to come */
export function assertPastDay(day: string | undefined, path: string, now: Date): void {
  if (day === undefined) return;
  if (!isDay(day)) throw invalidField(path, 'NO_SUCH_DATE', 'is not a date that exists (YYYY-MM-DD)');
  // Somewhere on earth it is already tomorrow.
  const latest = new Date(now.getTime() + 14 * 3_600_000).toISOString();
  if (day > latest.slice(0, 10)) throw invalidField(path, 'IN_THE_FUTURE', 'is still to come');
}

/** The instant of a time with offset (RFC 3339). @throws 422 on `path` for one that does not exist or has no offset */
export function toInstant(text: string, path: string): Date {
  const day = instantPattern.exec(text)?.[1];
  if (!day) throw invalidField(path, 'INVALID_TIME', 'must be a time with offset, such as 2026-11-23T09:30:00+01:00');
  if (!isDay(day)) throw invalidField(path, 'NO_SUCH_TIME', 'is not a date and time that exists');
  return new Date(text);
}
