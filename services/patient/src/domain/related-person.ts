import { type ActsFor, type Section, sections } from '@cabinet/kit/access/principal';
import type { FieldError } from '@cabinet/kit/errors';
import type { Ages } from './ages.js';
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
  /** A guardian has all. */
  sections: readonly Section[];
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

/** The relation as it is after something about one of the two has changed: it ends when it does not fit any more. */
export function fitted(
  relation: RelatedPerson,
  { before, patient, related }: { before: Person; patient: Person; related: Person },
  rules: { ages: Ages; now: Date },
): RelatedPerson {
  const { ages, now } = rules;
  if (unfitness(relation.relationship, patient, related, rules)) return { ...relation, endedAt: now };
  if (relation.relationship === 'carer') return relation;
  const majority = ages.majorityOf(patient);
  const lastsUntilMajority = relation.until?.getTime() === ages.majorityOf(before).getTime();
  const until = lastsUntilMajority || !relation.until || relation.until > majority ? majority : relation.until;
  return { ...relation, until };
}

/** True when others must hear of the change. */
export const isAnother = (before: RelatedPerson, after: RelatedPerson): boolean =>
  before.patientId !== after.patientId ||
  before.relatedPatientId !== after.relatedPatientId ||
  before.until?.getTime() !== after.until?.getTime() ||
  before.endedAt?.getTime() !== after.endedAt?.getTime() ||
  before.sections.join() !== after.sections.join();

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
