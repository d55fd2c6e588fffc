import { type ActsFor, type Principal, type Section, sections } from '@cabinet/kit/access/principal';
import { currentContext } from '@cabinet/kit/http/request-context';
import { requestAccess } from './ask.js';
import type { Relation } from './vocabulary.js';

/**
 * Until when guardians act for a minor in each section: until majority, or until the age from which on the practice leaves it to the
 * minor, who then says whether their guardians see it.
 *
 * Parents care for a minor until majority (France: articles 371-1 and 388 of the Code civil), so what care needs to be arranged stays
 * theirs. What is medical they may ask the practice for until then (article L1111-7 of the Code de la santé publique), all but what
 * the minor keeps from them (L1111-5, R1111-6): a right to be answered, which is not that they read along.
 */
export const guardiansActUntil = {
  details: 'majority',
  appointments: 'majority',
  record: 'age',
  accesses: 'age',
} as const satisfies Record<Section, 'majority' | 'age'>;

/** What may become a minor's own at an age. */
export const minorsOwn: readonly Section[] = sections.filter((section) => guardiansActUntil[section] === 'age');

/**
 * The ages of a practice that sets none, each with what becomes the minor's own; the last is majority. At twelve the minor's own
 * e-mail address and telephone are asked after. From fifteen on a minor alone consents to services online, and may keep their
 * parents from what research holds of them (France: articles 45 and 70 of the law 78-17).
 */
export const usualAges = '12,15:record+accesses,18';

/** Said to a guardian who is refused what was theirs before. */
export const isMinorsOwn = 'At this age it is the minor’s own: they may open it to you, or the practice at their word.';

const lasts = ({ until }: ActsFor, now: Date): boolean => until === undefined || now < until;
const isIn = (each: ActsFor, section: Section, now: Date): boolean =>
  each.sections.includes(section) && lasts(each, now) && now < (each.ends?.[section] ?? Infinity);

const relations = { guardian: ['guardian'], carer: ['carer'] } as const satisfies Record<string, readonly Relation[]>;
const nobody: readonly Relation[] = [];

/**
 * What somebody is to a patient for whom they may act, beside what they are by their role.
 * @param isKept true for what the patient keeps from their guardians: to that they are nobody
 */
export function familyRelation(
  { actsFor = [] }: Principal,
  patientId: string,
  section: Section,
  now: Date,
  isKept = false,
): readonly Relation[] {
  const found = actsFor.find((each) => each.patientId === patientId && isIn(each, section, now));
  return !found || (isKept && found.as === 'guardian') ? nobody : relations[found.as];
}

/** The minors whose guardian somebody is, in whatever sections: what these keep from guardians is not for them in another role either. */
export const wardsOf = ({ actsFor = [] }: Principal, now: Date): readonly string[] =>
  actsFor.filter((each) => each.as === 'guardian' && lasts(each, now)).map(({ patientId }) => patientId);

/** True for who may act for one of these patients now, in whatever section. */
export const actsForAny = ({ actsFor = [] }: Principal, patientIds: readonly string[], now: Date): boolean =>
  actsFor.some((each) => patientIds.includes(each.patientId) && lasts(each, now));

/** Those for whom somebody may act in a section now. */
export const actsForIn = ({ actsFor = [] }: Principal, section: Section, now: Date): readonly ActsFor[] =>
  actsFor.filter((each) => isIn(each, section, now));

/** The same, at the time of the request at hand; outside of one nobody acts for anybody else. */
export function actsForNow(actor: Principal, section: Section): readonly ActsFor[] {
  const access = actor.actsFor && requestAccess();
  return access?.at ? actsForIn(actor, section, access.at) : [];
}

/** Says that what a request shows or changes is kept from guardians, so that they do not see that it was asked for either. */
export function noteKeptFromGuardians(): void {
  const context = currentContext();
  // Of what everybody may ask for the table knows nothing.
  if (context) context.access = Object.assign(context.access ?? {}, { isKeptFromGuardians: true });
}
