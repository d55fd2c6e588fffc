import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type { Reply } from './egress-client.js';

/** @throws CalendarFailure for every status that no calendar protocol gives a meaning of its own */
export function assertAnswered({ status, headers }: Reply): void {
  if (status < 400) return;
  if (status === 401 || status === 403) throw new CalendarFailure('CALENDAR.ACCESS_REFUSED');
  if (status === 404 || status === 410) throw new CalendarFailure('CALENDAR.NOT_FOUND');
  if (status === 413 || status === 507) throw new CalendarFailure('CALENDAR.TOO_LARGE');
  if (status === 429) throw new CalendarFailure('CALENDAR.RATE_LIMITED', retryAfterMs(headers));
  if (status >= 500) throw new CalendarFailure('CALENDAR.SERVER_ERROR', retryAfterMs(headers));
  throw new CalendarFailure('CALENDAR.UNREADABLE');
}

const waitMsMax = 24 * 60 * 60_000;

/** Seconds or a date (RFC 9110, section 10.2.3). @returns milliseconds from now, a day at most; undefined for nonsense */
function retryAfterMs({ 'retry-after': value, date }: Reply['headers']): number | undefined {
  if (value === undefined) return undefined;
  // Both times are the server's own, so that its clock need not agree with ours.
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), waitMsMax);
}
