import type { VisitNow } from './neighbours.js';
import type { NewsOfVisit } from './policies/plan.js';

/** When, with whom and where. What is not known of one that was kept earlier counts as the same. */
export interface Meeting {
  start: Date;
  practitionerId?: string;
  placeId?: string;
}

/** A visit as it was heard of: what decides what is sent of it, and nothing of why somebody comes. */
export interface HeardVisit extends Meeting {
  appointmentId: string;
  version: number;
  patientId: string;
  appointmentTypeId: string;
  status: VisitNow['status'];
  keptFromGuardians: boolean;
  /** Of one that is offered: until when it is kept. */
  answerBy?: Date;
  /** Its patient had asked for it, and the practice says no. */
  isDeclined?: boolean;
}

export interface KnownVisit extends Omit<HeardVisit, 'answerBy' | 'isDeclined'> {
  /** The version that last changed when, with whom, where or whether it takes place, and when that was heard of. */
  sinceVersion: number;
  since: Date;
  /** As it was first heard of. */
  first: Meeting;
  /** By a comparison, and nothing of it was told yet. */
  isFound: boolean;
}

const open: readonly VisitNow['status'][] = ['proposed', 'pending', 'waitlist'];
const isAlike = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;

/** Whether who keeps the one keeps the other. */
export const isSameMeeting = (a: Meeting, b: Meeting): boolean =>
  a.start.getTime() === b.start.getTime() &&
  isAlike(a.practitionerId, b.practitionerId) &&
  isAlike(a.placeId, b.placeId);

/**
 * What is new of a visit; undefined: nothing that anybody is told. Every fact has the whole state in it, so that one makes up for
 * those before it which were never heard.
 */
export function newsOf(before: KnownVisit | undefined, heard: HeardVisit): NewsOfVisit | 'offer' | undefined {
  switch (heard.status) {
    case 'booked':
      if (!before || open.includes(before.status) || before.status === 'cancelled') return 'confirmation';
      return isSameMeeting(before, heard) ? undefined : 'moved';
    case 'cancelled':
      if (heard.isDeclined) return 'declined';
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
  const { answerBy: _, isDeclined: __, ...visit } = heard;
  const isNew = !before || newsOf(before, heard) !== undefined || !isSameMeeting(before, heard);
  return {
    ...visit,
    sinceVersion: isNew ? heard.version : before.sinceVersion,
    since: isNew ? (isFound && !before ? new Date(0) : now) : before.since,
    first: before?.first ?? meetingOf(heard),
    isFound: isFound && !before,
  };
}

const meetingOf = ({ start, practitionerId, placeId }: Meeting): Meeting => ({ start, practitionerId, placeId });
