import { invalidField } from '@cabinet/kit/errors';

/** A point in time as somebody wrote it. */
export interface WrittenTime {
  /** Milliseconds since 1970. */
  ms: number;
  /** Minutes by which the writer's clock is ahead of UTC; it tells apart the two hours that a clock shows twice. */
  offset: number;
}

const pattern =
  /^(?<date>\d{4}-\d{2}-\d{2})[Tt](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d{1,9})?)?(?:[Zz]|(?<sign>[+-])(?<hours>\d{2}):(?<minutes>\d{2}))$/;

/** True for YYYY-MM-DD that the Gregorian calendar has, of the years 1900 to 2200. */
export function isCalendarDate(text: string): boolean {
  if (!/^(?:19|20|21)\d{2}-\d{2}-\d{2}$|^2200-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/**
 * Reads a time with offset (RFC 3339 5.6; the seconds may be left out). Nobody is seen in a leap second: it is refused.
 * @throws 422 on `field`: INVALID_TIME for another form, NO_SUCH_TIME for what no clock shows or a year outside 1900 to 2200
 */
export function readWrittenTime(text: string, field: string): WrittenTime {
  const parts = pattern.exec(text)?.groups;
  if (!parts) {
    throw invalidField(
      field,
      'INVALID_TIME',
      'must be a time with offset (RFC 3339), such as 2026-11-23T09:30:00+01:00',
    );
  }
  const { date = '', hour, minute, second = 0, sign, hours = 0, minutes = 0 } = parts;
  const isOnClock = (h: number, m: number, s: number) => h <= 23 && m <= 59 && s <= 59;
  const exists =
    isCalendarDate(date) &&
    isOnClock(Number(hour), Number(minute), Number(second)) &&
    isOnClock(Number(hours), Number(minutes), 0);
  if (!exists) throw invalidField(field, 'NO_SUCH_TIME', 'is not a date and time that exists');
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return { ms: Date.parse(text.toUpperCase()), offset: offset || 0 };
}
