import type { FieldError } from '@cabinet/kit/errors';
import type { PatientWithVisits } from '../domain/find-patients.js';
import { doubtsAbout } from '../domain/identifiers.js';
import type { Gender, InactiveReason, Relationship } from '../domain/patient.js';
import { guardiansContacts } from '../domain/related-person.js';
import type { VisitStatus, VisitSummary } from '../domain/visits.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

/**
 * A day that exists, as YYYY-MM-DD.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 * @example "1980-01-31"
 */
export type CalendarDate = string;

/**
 * A name; accents, hyphens and apostrophes are kept.
 * @minLength 1
 * @maxLength 100
 * @example "Lefèvre"
 */
export type Name = string;

/** FHIR R4 Identifier. */
export interface IdentifierDto {
  /**
   * Who gave it, as a URI. For the national health identity (INS) one of `urn:oid:1.2.250.1.213.1.4.8` (NIR), `.9`
   * (NIA), `.10` (test), `.11` (demonstration); the last two are refused in production, the first two elsewhere.
   * @maxLength 200
   * @example "urn:oid:1.2.250.1.213.1.4.10"
   */
  system: string;
  /**
   * An INS has 13 characters and a key of two digits, which is checked (Corsica too). Spaces are dropped.
   * @minLength 1
   * @maxLength 100
   * @example "255081416802538"
   */
  value: string;
}

/** FHIR R4 ContactPoint. */
export interface ContactPointDto {
  /** What the value is. */
  system: 'phone' | 'email';
  /**
   * A phone number is kept as E.164; without a country code it is French, overseas departments included.
   * @minLength 1
   * @maxLength 254
   * @example "+33639981234"
   */
  value: string;
  /** FHIR R4 ContactPointUse, those that occur here. */
  use?: 'home' | 'work' | 'mobile';
}

/** FHIR R4 Address. */
export interface AddressDto {
  /**
   * Street and number, building, floor.
   * @maxItems 4
   * @example ["12 rue des Lilas"]
   */
  line: AddressLine[];
  /**
   * Five digits in France.
   * @maxLength 12
   * @example "69003"
   */
  postalCode: string;
  /**
   * @minLength 1
   * @maxLength 100
   * @example "Lyon"
   */
  city: string;
  /**
   * ISO 3166-1 alpha-2; FR when it is left out.
   * @maxLength 2
   * @example "FR"
   */
  country?: string;
}

/** @maxLength 150 */
type AddressLine = string;

/** Somebody to turn to for the patient. */
export interface ContactDto {
  relationship: Relationship;
  familyName: Name;
  /** @maxItems 10 */
  givenNames?: Name[];
  /** @maxItems 5 */
  telecom?: ContactPointDto[];
}

export interface PatientRequest {
  /** The name in use. */
  familyName: Name;
  /**
   * In the order of the civil record, the first first.
   * @minItems 1
   * @maxItems 10
   * @example ["Claire", "Marie"]
   */
  givenNames: Name[];
  /** The family name at birth, when it is another. */
  birthName?: Name;
  birthDate: CalendarDate;
  /** FHIR R4 AdministrativeGender. */
  gender: Gender;
  /**
   * At most one of each system, and no two patients with the same one. Ten, or as many as a merge has brought together; so
   * are `telecom` and `contacts`.
   * @maxItems 50
   */
  identifiers?: IdentifierDto[];
  /** @maxItems 50 */
  telecom?: ContactPointDto[];
  address?: AddressDto;
  /** @maxItems 50 */
  contacts?: ContactDto[];
}

export interface PatientReplacement extends PatientRequest {
  /** False takes the patient out of use, true back into it; left out, it stays. */
  active?: boolean;
}

/** A field that is left out stays as it is; `null` clears it. */
export interface PatientPatch {
  familyName?: Name;
  /**
   * @minItems 1
   * @maxItems 10
   */
  givenNames?: Name[];
  birthName?: Name | null;
  birthDate?: CalendarDate;
  gender?: Gender;
  /** @maxItems 50 */
  identifiers?: IdentifierDto[] | null;
  /** @maxItems 50 */
  telecom?: ContactPointDto[] | null;
  address?: AddressDto | null;
  /** @maxItems 50 */
  contacts?: ContactDto[] | null;
  /** False takes the patient out of use, true back into it. */
  active?: boolean;
}

/** Everything given must fit. */
export interface PatientSearchRequest {
  /**
   * Beginnings of words of family, given or birth name, in any order; case and accents do not matter, nor whether words are
   * written together: `obrien`, `le goff`, `legoff`.
   * @maxLength 200
   * @example "lef cla"
   */
  q?: string;
  birthDate?: CalendarDate;
  /** An exact identifier, of the named system or of any. */
  identifier?: IdentifierQuestion;
  /**
   * A telephone number of the patient or of one of their contacts, in any usual spelling.
   * @maxLength 50
   * @example "06 39 98 12 34"
   */
  phone?: string;
  /**
   * An e-mail address of the patient or of one of their contacts.
   * @maxLength 254
   * @example "claire@example.org"
   */
  email?: string;
  /** Only those in use (true) or out of use (false); left out: those in use, or with an identifier, phone or email both. */
  active?: boolean;
  /**
   * Items on a page; 20 when it is left out.
   * @isInt
   * @minimum 1
   * @maximum 200
   */
  limit?: number;
  /**
   * `nextCursor` of the page before.
   * @maxLength 1000
   */
  cursor?: string;
}

export interface IdentifierQuestion {
  /**
   * Left out: of any system.
   * @maxLength 200
   * @example "urn:oid:1.2.250.1.213.1.4.10"
   */
  system?: string;
  /**
   * @minLength 1
   * @maxLength 100
   * @example "255081416802538"
   */
  value: string;
}

export interface MergeRequest {
  /** The patient that stays. */
  intoPatientId: Uuid;
}

/** An appointment as it was last heard of. */
export interface VisitResponse {
  appointmentId: Uuid;
  start: Instant;
  /** FHIR R4 AppointmentStatus; a past visit that nobody has closed is still `booked`. */
  status: VisitStatus;
}

export interface PatientResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 3
   */
  version: number;
  /** False for a patient whom the practice no longer sees. */
  active: boolean;
  inactiveReason?: InactiveReason;
  /** The patient this one turned out to be; this one stays only as a pointer. */
  mergedInto?: Uuid;
  familyName: Name;
  givenNames: Name[];
  birthName?: Name;
  birthDate: CalendarDate;
  /** FHIR R4 AdministrativeGender. */
  gender: Gender;
  identifiers: IdentifierDto[];
  telecom: ContactPointDto[];
  address?: AddressDto;
  contacts: ContactDto[];
  /** The latest visit known; absent when none is. */
  lastVisit?: VisitResponse;
  /** The next visit known; absent when none is. */
  nextVisit?: VisitResponse;
  /** What to look at; nothing was refused for it. */
  warnings: FieldError[];
  createdAt: Instant;
  updatedAt: Instant;
}

export interface PatientList {
  items: PatientResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

const toVisitResponse = ({ appointmentId, start, status }: VisitSummary): VisitResponse => ({
  appointmentId,
  start: start.toISOString(),
  status,
});

export const toPatientResponse = (patient: PatientWithVisits): PatientResponse => ({
  id: patient.id,
  version: patient.version,
  active: patient.active,
  inactiveReason: patient.inactiveReason,
  mergedInto: patient.mergedInto,
  familyName: patient.familyName,
  givenNames: patient.givenNames,
  birthName: patient.birthName,
  birthDate: patient.birthDate,
  gender: patient.gender,
  identifiers: patient.identifiers,
  telecom: patient.telecom,
  address: patient.address,
  contacts: patient.contacts,
  lastVisit: patient.lastVisit && toVisitResponse(patient.lastVisit),
  nextVisit: patient.nextVisit && toVisitResponse(patient.nextVisit),
  warnings: [...doubtsAbout(patient), ...guardiansContacts(patient)],
  createdAt: patient.createdAt.toISOString(),
  updatedAt: patient.updatedAt.toISOString(),
});

export interface AskedIdentifier {
  /**
   * @maxLength 200
   * @example "urn:oid:1.2.250.1.213.1.4.10"
   */
  system: string;
  /**
   * @maxLength 100
   * @example "255081416802538"
   */
  value: string;
}

export interface ResolveRequest {
  /** @maxItems 1000 */
  identifiers: AskedIdentifier[];
}

/** An identifier as it was asked for, and whose it is. */
export interface ResolvedIdentifierResponse extends AskedIdentifier {
  patientId: Uuid;
  /** False for a patient whom the practice no longer sees. */
  active: boolean;
}

export interface ResolveResponse {
  items: ResolvedIdentifierResponse[];
}

export interface StatusRequest {
  /** @maxItems 500 */
  patientIds: Uuid[];
}

export interface PatientStatusResponse {
  patientId: Uuid;
  /** False for a patient whom the practice no longer sees, or who was merged into another. */
  active: boolean;
  /** True for a patient who has died, as far as the practice knows. */
  deceased: boolean;
  /** The patient this one turned out to be. */
  mergedInto?: Uuid;
}

export interface StatusResponse {
  items: PatientStatusResponse[];
}
