import { type ActsFor, type Section, sections } from '@cabinet/kit/access/principal';
import type { FieldError } from '@cabinet/kit/errors';
import { Ages, type SectionEnd } from './ages.js';
import type { Patient } from './patient.js';

export const proofDocuments = ['family-record-book', 'birth-certificate', 'court-decision', 'other'] as const;
export type ProofDocument = (typeof proofDocuments)[number];

/** What showed that somebody is a guardian. */
export interface Proof {
  document: ProofDocument;
  /** The user who saw it. */
  seenBy: string;
  seenAt: Date;
}

/** That somebody may act for a patient (FHIR RelatedPerson). Who acts is registered as a patient too. */
export interface RelatedPerson {
  id: string;
  version: number;
  /** For whom. */
  patientId: string;
  /** Who acts. */
  relatedPatientId: string;
  relationship: ActsFor['as'];
  /** A guardian has all, until they end. */
  sections: readonly Section[];
  /** Of guardians: what became the minor's own, and they have opened to this one all the same. */
  opened: readonly Section[];
  /** Of guardians: the sections that end before `until`. */
  ends: readonly SectionEnd[];
  /** By which setting of the ages of the practice `until` and `ends` were worked out; of one of before there were such, none. */
  agesSetting?: string;
  /** Of guardians. */
  proof?: Proof;
  /** The patient themself, or the practice at their word or by the proof. */
  givenBy: 'patient' | 'practice';
  from: Date;
  /** The first instant at which they may not any more. */
  until?: Date;
  endedAt?: Date;
}

export const allSections: readonly Section[] = sections;

/** For so many somebody acts at most, and so many act for one. */
export const relatedMax = 20;

export const isOver = ({ endedAt, until }: RelatedPerson, now: Date): boolean =>
  endedAt !== undefined || (until !== undefined && until <= now);

/** In what somebody acts at an instant. */
export const sectionsAt = ({ sections: its, ends }: RelatedPerson, now: Date): readonly Section[] =>
  its.filter((section) => !ends.some((end) => end.section === section && end.at <= now));

/** Until when a guardian acts in what. @param until undefined: until majority */
export function asGuardian(
  relation: RelatedPerson,
  minor: Person,
  { ages, until = ages.majorityOf(minor) }: { ages: Ages; until?: Date },
): RelatedPerson {
  const ends = ages.endsOf(minor, relation.opened).filter(({ at }) => at < until);
  return { ...relation, until, ends, agesSetting: ages.setting };
}

/** What keeps somebody from acting for another. */
export type Unfit = 'SAME_PATIENT' | 'GONE' | 'NOT_A_MINOR' | 'MINOR' | 'NOT_BORN_BEFORE' | 'CARER_IS_MINOR';

type Person = Pick<Patient, 'id' | 'birthDate' | 'inactiveReason' | 'erasedAt'>;

/** A guardian is born before the minor, so that nobody is their own at any remove; a carer and who chose them are of age. */
export function unfitness(
  relationship: RelatedPerson['relationship'],
  patient: Person,
  related: Person,
  { ages, now }: { ages: Ages; now: Date },
): Unfit | undefined {
  if (patient.id === related.id) return 'SAME_PATIENT';
  if (isGone(patient) || isGone(related)) return 'GONE';
  if (relationship === 'carer') {
    if (ages.isMinor(patient, now)) return 'MINOR';
    return ages.isMinor(related, now) ? 'CARER_IS_MINOR' : undefined;
  }
  if (!ages.isMinor(patient, now)) return 'NOT_A_MINOR';
  return related.birthDate < patient.birthDate ? undefined : 'NOT_BORN_BEFORE';
}

/** Who has died, or never was, acts for nobody, and nobody for them. Who has left the practice may still be a mother. */
const isGone = ({ inactiveReason, erasedAt }: Person): boolean =>
  erasedAt !== undefined || inactiveReason === 'deceased' || inactiveReason === 'entered-in-error';

/** The relation as it is after something about one of the two, or the ages of the practice, has changed: it ends when it does not fit any more. */
export function fitted(
  relation: RelatedPerson,
  { before, patient, related }: { before: Person; patient: Person; related: Person },
  rules: { ages: Ages; now: Date },
): RelatedPerson {
  const { ages, now } = rules;
  if (unfitness(relation.relationship, patient, related, rules)) return { ...relation, endedAt: now };
  if (relation.relationship === 'carer') return relation;
  return asGuardian(relation, patient, { ages, until: endBeforeMajority(relation, { before, patient }, ages) });
}

/** When a guardian acts no longer, where that was set to a time before majority; undefined for who does until then, whatever its age was. */
export function endBeforeMajority(
  { until, agesSetting }: Pick<RelatedPerson, 'until' | 'agesSetting'>,
  { before, patient }: { before: Person; patient: Person },
  ages: Ages,
): Date | undefined {
  const agesBefore = agesSetting === undefined ? ages : Ages.of(agesSetting);
  const lastsUntilMajority = until?.getTime() === agesBefore.majorityOf(before).getTime();
  return until && !lastsUntilMajority && until < ages.majorityOf(patient) ? until : undefined;
}

/** True when others must hear of the change. */
export const isAnother = (before: RelatedPerson, after: RelatedPerson): boolean =>
  before.patientId !== after.patientId ||
  before.relatedPatientId !== after.relatedPatientId ||
  before.until?.getTime() !== after.until?.getTime() ||
  before.endedAt?.getTime() !== after.endedAt?.getTime() ||
  before.sections.join() !== after.sections.join() ||
  JSON.stringify(before.ends) !== JSON.stringify(after.ends);

/** How a teenager is reached that is how a guardian is: what is sent there is read by the guardian. Only to be looked at. */
export const guardiansContacts = ({
  telecom,
  guardiansReachedAt = [],
}: Pick<Patient, 'telecom'> & { guardiansReachedAt?: string[] }): FieldError[] =>
  telecom.flatMap(({ value }, index) =>
    guardiansReachedAt.some((other) => other.toLowerCase() === value.toLowerCase())
      ? [{ path: `telecom[${index}].value`, code: 'GUARDIANS_CONTACT', message: 'is also how a guardian is reached' }]
      : [],
  );
