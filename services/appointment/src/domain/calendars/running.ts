import { CalendarFailure } from './failures.js';

/** The process that reads and writes calendars. */
export interface Running {
  /** Aborted when it stops: what then fails says nothing about a calendar. */
  signal: AbortSignal;
  /** Is told of what nobody expected. */
  report(error: unknown): void;
}

/** Anything else that is thrown is a defect of ours: it is told, and the calendar is not known all the same. */
export function failureOf(error: unknown, running: Running): CalendarFailure {
  if (error instanceof CalendarFailure) return error;
  running.report(error);
  return new CalendarFailure('CALENDAR.UNREADABLE');
}
