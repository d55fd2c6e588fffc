import type { NamedRelation } from '../domain/keep-related-persons.js';
import { type ProofDocument, sectionsAt } from '../domain/related-person.js';
import type { CalendarDate, Instant, Name, Uuid } from './patient.dto.js';

/** What somebody does for another: their details, appointments, record, and the list of who saw their data. */
export type SectionDto = 'details' | 'appointments' | 'record' | 'accesses';

export interface RelatedPersonRequest {
  /** Who acts: registered as a patient like any other. */
  relatedPatientId: Uuid;
  /** A guardian acts for a minor, a carer for somebody of age who chose them. */
  relationship: 'guardian' | 'carer';
  /**
   * In what a carer acts. Left out for a guardian, who has all.
   * @maxItems 4
   */
  sections?: SectionDto[];
  /** From when on they may not any more. For a guardian no later than the majority of the minor, which it is when left out. */
  until?: Instant;
  /** Which document the practice has seen; asked of guardians. */
  proof?: ProofDocument;
}

/** A field that is left out stays as it is; `null` clears it: for a guardian the majority of the minor. */
export interface RelatedPersonPatch {
  /**
   * In what a carer acts.
   * @maxItems 4
   */
  sections?: SectionDto[];
  /**
   * What is the minor's own by now, of the sections of a guardian, and the minor opens to this one all the same; none shuts all of it
   * again. The minor says so, or the practice at their word.
   * @maxItems 4
   */
  opened?: SectionDto[];
  until?: Instant | null;
}

export interface ProofResponse {
  document: ProofDocument;
  /** The user who saw it. */
  seenBy: string;
  seenAt: Instant;
}

/** A section in which a guardian acts no longer from an age on. */
export interface SectionEndResponse {
  section: SectionDto;
  /** From when on it is the minor's own: the beginning of the birthday, in the practice's zone. */
  at: Instant;
}

/** FHIR R4 RelatedPerson: somebody who may act for a patient. */
export interface RelatedPersonResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 1
   */
  version: number;
  /** For whom. */
  patientId: Uuid;
  /** Who acts. */
  relatedPatientId: Uuid;
  /** The name of the one who is not asked for: of who acts, or for whom. */
  familyName: Name;
  givenNames: Name[];
  relationship: 'guardian' | 'carer';
  /** In what they act now. */
  sections: SectionDto[];
  /** Of guardians: the sections that end, or have ended, before the rest. */
  ends?: SectionEndResponse[];
  /** Of guardians: what is the minor's own, and they opened to this one all the same. */
  opened?: SectionDto[];
  /** `practice`: at the word of the patient, or by the proof. */
  givenBy: 'patient' | 'practice';
  /** Of guardians; the practice alone sees it. */
  proof?: ProofResponse;
  from: Instant;
  /** From when on they may not any more. */
  until?: Instant;
}

export interface RelatedPersonList {
  items: RelatedPersonResponse[];
}

/** Somebody who reaches an age at which rights change. */
export interface ComingOfAgeResponse {
  patientId: Uuid;
  familyName: Name;
  givenNames: Name[];
  birthDate: CalendarDate;
  /**
   * The age they reach.
   * @isInt
   * @example 12
   */
  age: number;
  /** On which day. */
  day: CalendarDate;
  /** What is their own from then on: guardians act in it no longer, unless they open it. */
  sections: SectionDto[];
  /** Patients who are their guardians. */
  guardians: Uuid[];
}

export interface ComingOfAgeList {
  /** The soonest first, a thousand at most. */
  items: ComingOfAgeResponse[];
}

export const toRelatedPersonResponse = (relation: NamedRelation, now: Date): RelatedPersonResponse => ({
  id: relation.id,
  version: relation.version,
  patientId: relation.patientId,
  relatedPatientId: relation.relatedPatientId,
  familyName: relation.familyName,
  givenNames: relation.givenNames,
  relationship: relation.relationship,
  sections: [...sectionsAt(relation, now)],
  ...(relation.relationship === 'guardian' && {
    ends: relation.ends.map(({ section, at }) => ({ section, at: at.toISOString() })),
    opened: [...relation.opened],
  }),
  givenBy: relation.givenBy,
  proof: relation.proof && { ...relation.proof, seenAt: relation.proof.seenAt.toISOString() },
  from: relation.from.toISOString(),
  until: relation.until?.toISOString(),
});
