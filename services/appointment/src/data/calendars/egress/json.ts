import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type { Reply } from './egress-client.js';

/** @throws CalendarFailure for what is no JSON object */
export function jsonOf<T extends object>({ body }: Reply): Partial<T> {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // What the parser says quotes the answer.
  }
  throw new CalendarFailure('CALENDAR.UNREADABLE');
}
