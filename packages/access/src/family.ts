import type { ActsFor, Principal, Section } from '@cabinet/kit/access/principal';
import { requestAccess } from './ask.js';
import type { Relation } from './vocabulary.js';

const isIn = ({ sections, until }: ActsFor, section: Section, now: Date): boolean =>
  sections.includes(section) && (until === undefined || now < until);

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
  const access = requestAccess();
  if (access) access.isKeptFromGuardians = true;
}
