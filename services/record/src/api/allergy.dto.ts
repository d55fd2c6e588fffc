import type {
  AllergyCategory,
  AllergyClinicalStatus,
  AllergyType,
  AllergyVerificationStatus,
  ConditionClinicalStatus,
  ConditionVerificationStatus,
  Criticality,
  EncounterClass,
  EncounterStatus,
} from '../domain/contents.js';
import type { EntryMeta, Instant, PartialDate, Reason, Uuid, Words } from './common.dto.js';

/** FHIR R4 Coding. */
export interface CodingDto {
  /**
   * @minLength 1
   * @maxLength 200
   * @example "http://snomed.info/sct"
   */
  system: string;
  /**
   * @minLength 1
   * @maxLength 50
   * @example "91936005"
   */
  code: string;
  /**
   * @minLength 1
   * @maxLength 300
   * @example "Allergy to penicillin"
   */
  display?: string;
}

/** FHIR R4 CodeableConcept: at least the words used. */
export interface ConceptDto {
  /**
   * @minLength 1
   * @maxLength 300
   * @example "Penicillin"
   */
  text: string;
  /** @maxItems 5 */
  coding?: CodingDto[];
}

export interface ReactionDto {
  /**
   * What was seen, one after the other.
   * @minItems 1
   * @maxItems 10
   * @example ["Hives"]
   */
  manifestation: Manifestation[];
  severity?: 'mild' | 'moderate' | 'severe';
  onset?: PartialDate;
}

/**
 * @minLength 1
 * @maxLength 200
 */
type Manifestation = string;

/** FHIR R4 AllergyIntolerance. */
export interface AllergyRequest {
  /** The substance, or the allergy to it. */
  code: ConceptDto;
  clinicalStatus: AllergyClinicalStatus;
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  verificationStatus: AllergyVerificationStatus;
  type?: AllergyType;
  category?: AllergyCategory;
  criticality?: Criticality;
  onset?: PartialDate;
  /** @maxItems 20 */
  reactions?: ReactionDto[];
  note?: Words;
}

/** FHIR R4 Condition. */
export interface ConditionRequest {
  code: ConceptDto;
  clinicalStatus: ConditionClinicalStatus;
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  verificationStatus: ConditionVerificationStatus;
  severity?: 'mild' | 'moderate' | 'severe';
  onset?: PartialDate;
  /** Needs a clinical status that is no longer active. */
  abatement?: PartialDate;
  note?: Words;
}

export interface PeriodDto {
  start: Instant;
  end?: Instant;
}

/** FHIR R4 Encounter. */
export interface EncounterRequest {
  /** `finished` needs the end of the period; `entered-in-error` takes the entry out of the list. */
  status: EncounterStatus;
  /** HL7 v3 ActCode: ambulatory, virtual, home, emergency, inpatient. */
  class: EncounterClass;
  period: PeriodDto;
  reason?: Words;
}

export interface NoteRequest {
  /** `entered-in-error` takes the entry out of the list; its history stays. */
  status?: 'current' | 'entered-in-error';
  /**
   * @minLength 1
   * @maxLength 20000
   * @example "Sleeps better since the dose was halved."
   */
  text: string;
}

/** The whole content as it is to be from now on, and why. */
export interface AllergyAmendment extends AllergyRequest {
  amendmentReason: Reason;
}

/** The whole content as it is to be from now on, and why. */
export interface ConditionAmendment extends ConditionRequest {
  amendmentReason: Reason;
}

/** The whole content as it is to be from now on, and why. */
export interface EncounterAmendment extends EncounterRequest {
  amendmentReason: Reason;
}

/** The whole content as it is to be from now on, and why. */
export interface NoteAmendment extends NoteRequest {
  amendmentReason: Reason;
}

export interface AllergyResponse extends AllergyRequest, EntryMeta {}

export interface ConditionResponse extends ConditionRequest, EntryMeta {}

export interface EncounterResponse extends EncounterRequest, EntryMeta {
  practitionerId: Uuid;
  /** The appointment it came of, if any. */
  appointmentId?: Uuid;
}

export interface NoteResponse extends NoteRequest, EntryMeta {}
