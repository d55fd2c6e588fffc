import type { VisitNow } from './neighbours.js';
import type { NewsOfVisit } from './policies/plan.js';

/** A visit as it was heard of: what decides what is sent of it, and nothing of why somebody comes. */
export interface HeardVisit {
  appointmentId: string;
  version: number;
  patientId: string;
  appointmentTypeId: string;
  status: VisitNow['status'];
  start: Date;
  keptFromGuardians: boolean;
  /** Of one that is offered: until when it is kept. */
  answerBy?: Date;
}

export interface KnownVisit extends Omit<HeardVisit, 'answerBy'> {
  /** The version that last changed when, or whether, it takes place, and when that was heard of. */
  sinceVersion: number;
  since: Date;
  firstStart: Date;
  /** By a comparison, and nothing of it was told yet. */
  isFound: boolean;
}

const open: readonly VisitNow['status'][] = ['proposed', 'pending', 'waitlist'];
const isSame = (a: Date, b: Date): boolean => a.getTime() === b.getTime();

/**
 * What is new of a visit; undefined: nothing that anybody is told. Every fact has the whole state in it, so that one makes up for
 * those before it which were never heard.
 */
export function newsOf(before: KnownVisit | undefined, heard: HeardVisit): NewsOfVisit | 'offer' | undefined {
  switch (heard.status) {
    case 'booked':
      if (!before || open.includes(before.status) || before.status === 'cancelled') return 'confirmation';
      return isSame(before.start, heard.start) ? undefined : 'moved';
    case 'cancelled':
      return before && ['booked', 'arrived'].includes(before.status) ? 'cancelled' : undefined;
    // Appointment tells of what is pending with it as proposed.
    case 'proposed':
    case 'pending':
      return heard.answerBy ? 'offer' : undefined;
    default:
      return undefined;
  }
}

/** What is known of it from then on. @param isFound it was found by a comparison: nobody here knows since when it is so */
export function after(before: KnownVisit | undefined, heard: HeardVisit, now: Date, isFound: boolean): KnownVisit {
  const { answerBy: _, ...visit } = heard;
  const isNew = !before || newsOf(before, heard) !== undefined || !isSame(before.start, heard.start);
  return {
    ...visit,
    sinceVersion: isNew ? heard.version : before.sinceVersion,
    since: isNew ? (isFound && !before ? new Date(0) : now) : before.since,
    firstStart: before?.firstStart ?? heard.start,
    isFound: isFound && !before,
  };
}
