import type { Decision, Kind, Reason } from '../decisions/decision.js';
import type { VisitNow } from '../neighbours.js';
import { isSameMeeting, type Meeting } from '../visit.js';

/** What was last said of a visit, to anybody, before the version that is judged. */
export interface SaidBefore {
  /** Absent: nothing was. */
  last?: Meeting;
  isCancelled?: boolean;
  /** The visit was booked, and that was taken back before anybody was told. */
  isUnsaid?: boolean;
  /** Its recipient has it in a calendar. */
  isInCalendar?: boolean;
  /** As the visit was to be when it was first heard of: what whoever booked it knows. */
  first?: Meeting;
}

interface Judged {
  decision: Pick<Decision, 'kind' | 'startsAt' | 'practitionerId' | 'placeId' | 'audience'>;
  /** Absent: there is none. */
  visit: VisitNow | undefined;
  said: SaidBefore;
  now: Date;
}

const unconfirmed: readonly VisitNow['status'][] = ['proposed', 'pending', 'waitlist'];

/**
 * Why what is due of a visit is not to leave, as the visit is now: a cancellation beats a reminder that is on its way, and what was
 * undone meanwhile tells nothing. Undefined: it is to leave.
 */
export function judgeVisit({ decision, visit, said, now }: Judged): Reason | undefined {
  if (!visit) return 'superseded';
  if (visit.keptFromGuardians && decision.audience === 'guardian') return 'minors-secret';
  return visit.start <= now ? 'past' : judgments[decision.kind]?.({ decision, visit, said, now });
}

type Judgment = (judged: Judged & { visit: VisitNow }) => Reason | undefined;

/** Of a visit that is to take place when, with whom and where the message says. */
const stands: Judgment = ({ decision, visit }) => {
  if (unconfirmed.includes(visit.status)) return 'not-confirmed';
  const { startsAt: start, practitionerId, placeId } = decision;
  const isAsDecided = start !== undefined && isSameMeeting(visit, { start, practitionerId, placeId });
  return visit.status === 'booked' && isAsDecided ? undefined : 'superseded';
};

const judgments: Partial<Record<Kind, Judgment>> = {
  reminder: stands,
  confirmation: (judged) => stands(judged) ?? (isKnown(judged, judged.said.last) ? 'superseded' : undefined),
  moved: (judged) =>
    stands(judged) ?? (isKnown(judged, judged.said.last ?? judged.said.first) ? 'superseded' : undefined),
  cancelled: ({ visit, said }) => {
    if (visit.status !== 'cancelled' || said.isCancelled || (said.isUnsaid && !said.last)) return 'superseded';
    // Nobody writes to who has died, nor of it.
    return visit.cancellationCode === 'pat-dec' ? 'hidden' : undefined;
  },
  declined: ({ visit }) => {
    if (visit.status !== 'cancelled') return 'superseded';
    return visit.cancellationCode === 'pat-dec' ? 'hidden' : undefined;
  },
  offer: ({ visit, now }) =>
    visit.status === 'pending' && visit.heldUntil && visit.heldUntil > now ? undefined : 'superseded',
};

const isKnown = ({ visit, said }: Judged & { visit: VisitNow }, known: Meeting | undefined): boolean =>
  !said.isCancelled && known !== undefined && isSameMeeting(visit, known);
