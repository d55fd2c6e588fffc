import type { Decision } from '../decisions/decision.js';
import type { AnswerRefused, MayAnswer, VisitNow } from '../neighbours.js';
import { isSameMeeting } from '../visit.js';
import { type Act, actsOf, type VisitAct, type VisitLink } from './visit-link.js';

/** Where a link leads. */
export type Standing =
  | { is: 'planned'; act: VisitAct }
  | { is: 'cancelled' }
  | { is: 'moved'; start: Date }
  | { is: 'open'; acts: readonly Act[]; done: readonly Act[]; refused?: AnswerRefused };

type OfVisit = Pick<Decision, 'kind' | 'startsAt' | 'practitionerId' | 'placeId'>;

interface Judged {
  link: VisitLink;
  decision: OfVisit;
  visit: VisitNow;
  asked: readonly VisitAct[];
  now: Date;
}

/**
 * Where a link leads, as the visit of its message is now. Undefined: nowhere, or nowhere any more, which look alike. It ends as the visit
 * was to begin, where one may say that one is late as it was to end, whatever has become of it since.
 */
export function judgeLink({ link, decision, visit, asked, now }: Judged): Standing | undefined {
  const offered = actsOf(decision.kind).filter((act) => link.to === 'choose' || act === link.to);
  const { startsAt: start, practitionerId, placeId } = decision;
  if (!start || offered.length === 0) return undefined;
  const lasts = offered.includes('late') ? visit.end.getTime() - visit.start.getTime() : 0;
  if (now.getTime() >= start.getTime() + lasts) return undefined;
  if (visit.status === 'cancelled') return { is: 'cancelled' };
  if (visit.status !== 'booked') return undefined;
  if (!isSameMeeting(visit, { start, practitionerId, placeId })) return { is: 'moved', start: visit.start };
  const planned = asked.find(({ state }) => state === 'planned');
  if (planned) return { is: 'planned', act: planned };
  const its = asked.filter(({ act }) => offered.includes(act));
  const done = its.filter(({ state, act }) => state === 'done' && isSaid(act)).map(({ act }) => act);
  const [last] = its;
  return {
    is: 'open',
    acts: offered.filter((act) => !done.includes(act)),
    done,
    ...(last?.state === 'refused' && { refused: last.why }),
  };
}

/** What is only said of a visit; all else shows in the visit itself. */
const isSaid = (act: Act): boolean => act === 'confirm' || act === 'late';

const isPossible: Record<Act, (may: MayAnswer, start: Date, now: Date) => boolean> = {
  confirm: ({ isAccepted }, start, now) => !isAccepted && now < start,
  move: ({ moveUntil }, _, now) => now <= moveUntil,
  cancel: ({ cancelUntil }, _, now) => now <= cancelUntil,
  late: ({ lateFrom }, _, now) => now >= lateFrom,
};

/** Of these acts what the rules for patients let happen now. */
export const possibleNow = (offered: readonly Act[], may: MayAnswer, { start }: VisitNow, now: Date): Act[] =>
  offered.filter((act) => isPossible[act](may, start, now));
