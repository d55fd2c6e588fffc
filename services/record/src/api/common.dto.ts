import type { EmergencyReason } from '../domain/emergency-access.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T09:30:00+01:00"
 */
export type Instant = string;

/**
 * A date that exists and is not to come, as exact as it is known (FHIR R4 date): YYYY, YYYY-MM or YYYY-MM-DD.
 * @pattern ^\d{4}(-\d{2}(-\d{2})?)?$
 * @example "2019-05"
 */
export type PartialDate = string;

/**
 * Free words.
 * @minLength 1
 * @maxLength 2000
 */
export type Words = string;

/**
 * Why, in a few words.
 * @minLength 3
 * @maxLength 500
 * @example "The patient was asked again"
 */
export type Reason = string;

/** Who wrote: a practitioner, or a process that passes on what happened elsewhere. */
export interface AuthorResponse {
  /** User id, or the name of the process. */
  id: string;
  role: 'practitioner' | 'service';
  practitionerId?: Uuid;
}

/** How a practitioner comes to see this, when nothing but an emergency lets them. */
export interface EmergencyMark {
  since: Instant;
  until: Instant;
  reasonCode: EmergencyReason;
}

export interface InEmergency {
  /** There while the record is open by an emergency alone: show it, and do not print or copy what you see. */
  emergencyAccess?: EmergencyMark;
}

export interface Keepable {
  /**
   * True: a minor keeps it from their guardians, for whom it does not exist, with all that it ever said. Left out of a request: as it
   * was, which is at first false. Left out of an answer: false, or not for the eyes of whoever asks.
   */
  keptFromGuardians?: boolean;
}

/** What every entry has beside its content. */
export interface EntryMeta extends InEmergency {
  id: Uuid;
  /** Grows with every amendment; also the ETag, as `"v3"`. */
  version: number;
  /** Who wrote this version. */
  author: AuthorResponse;
  /** Since when it says so. */
  at: Instant;
  /** Why it was amended; absent in the first version. */
  amendmentReason?: string;
}

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

export interface ListQuery {
  /**
   * How many at most, 100 when left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /** @maxLength 1000 */
  cursor?: string;
  /** True also lists entries marked as entered in error. */
  enteredInError?: boolean;
}
