import { instantOf, inZone } from '../time/time.js';

/** Twice a week for a year. */
export const occurrencesMax = 104;

/** When a series takes place: one time of day, on the dates of a rule. */
export interface Recurrence {
  /** First occurrence, on the clock of the place: `2026-11-23T09:30`. */
  startsAt: string;
  /** RFC 5545 RRULE of days, weeks, months or years, with an end: `FREQ=WEEKLY;COUNT=10`. */
  rule: string;
  /** ISO dates of the rule that are left out. */
  exceptDates: string[];
  /** IANA zone. */
  zone: string;
}

export interface Occurrence {
  /** On the clock of the place. */
  local: string;
  /** Undefined when the clocks skip that time. */
  instant?: number;
}

/** What was asked for when appointments were booked as a series; what became of it is in the appointments. */
export interface Series extends Recurrence {
  id: string;
  createdAt: Date;
  createdBy: string;
}

export function occurrenceOn(date: string, time: string, zone: string): Occurrence {
  const [local, instant] = [`${date}T${time}`, instantOf(date, time, zone)];
  return { local, instant: inZone(instant, zone).startsWith(local) ? instant : undefined };
}
