import type { FieldError } from '@cabinet/kit/errors';
import type { InactiveReason, Practitioner } from '../domain/practitioner.js';
import { doubtsAboutRpps } from '../domain/rpps.js';
import { doubtsAboutSpecialities } from '../domain/specialities.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * A time with offset (RFC 3339).
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

/**
 * A name; accents, hyphens and apostrophes are kept.
 * @minLength 1
 * @maxLength 100
 * @example "Bernard"
 */
export type Name = string;

/**
 * The national number of health professionals (RPPS): 11 digits. One that does not have the usual check digit is taken
 * with a warning.
 * @maxLength 20
 * @example "10100473148"
 */
export type Rpps = string;

/** What a practitioner is specialised in: a code, a name, or both. */
export interface SpecialityDto {
  /**
   * A code of the nomenclature TRE_R38 (Agence du Numérique en Santé).
   * @maxLength 8
   * @example "SM54"
   */
  code?: string;
  /**
   * Taken from the nomenclature when the code is known; needed when there is no code.
   * @maxLength 150
   * @example "Médecine générale"
   */
  display?: string;
}

export interface SpecialityResponse extends SpecialityDto {
  /** @example "Médecine générale" */
  display: string;
}

/** FHIR R4 ContactPoint. */
export interface ContactPointDto {
  /** What the value is. */
  system: 'phone' | 'email';
  /**
   * A phone number is kept as E.164; without a country code it is French, overseas departments included.
   * @minLength 1
   * @maxLength 254
   * @example "+33199001234"
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
   * @example ["3 place du Marché"]
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

/** Where the practitioner receives. */
export interface PlaceDto {
  /** Leave it out for a new place; schedules and appointments refer to it. */
  id?: Uuid;
  name: Name;
  address?: AddressDto;
  /**
   * IANA time zone; working hours at this place are hours of its clock.
   * @maxLength 64
   * @example "Europe/Paris"
   */
  zone: string;
}

export interface PlaceResponse extends PlaceDto {
  id: Uuid;
}

/** What can be booked with the practitioner, and how long it takes. */
export interface AppointmentTypeDto {
  /** Leave it out for a new type; appointments refer to it. */
  id?: Uuid;
  /** No two types of one practitioner have the same name. */
  name: Name;
  /**
   * @isInt
   * @minimum 5
   * @maximum 480
   * @example 20
   */
  minutes: number;
}

export interface AppointmentTypeResponse extends AppointmentTypeDto {
  id: Uuid;
}

export interface PractitionerRequest {
  familyName: Name;
  /**
   * @minItems 1
   * @maxItems 10
   * @example ["Alice"]
   */
  givenNames: Name[];
  rpps?: Rpps;
  /** @maxItems 10 */
  specialities?: SpecialityDto[];
  /** @maxItems 20 */
  places?: PlaceDto[];
  /** @maxItems 50 */
  appointmentTypes?: AppointmentTypeDto[];
  /** @maxItems 10 */
  telecom?: ContactPointDto[];
}

export interface PractitionerReplacement extends PractitionerRequest {
  /** False takes the practitioner out of use, true back into it; left out, it stays. */
  active?: boolean;
}

/** A field that is left out stays as it is; `null` clears it. */
export interface PractitionerPatch {
  familyName?: Name;
  /**
   * @minItems 1
   * @maxItems 10
   */
  givenNames?: Name[];
  rpps?: Rpps | null;
  /** @maxItems 10 */
  specialities?: SpecialityDto[] | null;
  /** @maxItems 20 */
  places?: PlaceDto[] | null;
  /** @maxItems 50 */
  appointmentTypes?: AppointmentTypeDto[] | null;
  /** @maxItems 10 */
  telecom?: ContactPointDto[] | null;
  /** False takes the practitioner out of use, true back into it. */
  active?: boolean;
}

export interface PractitionerResponse {
  id: Uuid;
  /**
   * Grows with every change; also the ETag.
   * @isInt
   * @example 2
   */
  version: number;
  /** False for one who no longer receives here. */
  active: boolean;
  inactiveReason?: InactiveReason;
  familyName: Name;
  givenNames: Name[];
  rpps?: Rpps;
  specialities: SpecialityResponse[];
  places: PlaceResponse[];
  appointmentTypes: AppointmentTypeResponse[];
  telecom: ContactPointDto[];
  /** What to look at; nothing was refused for it. */
  warnings: FieldError[];
  createdAt: Instant;
  updatedAt: Instant;
}

export interface PractitionerList {
  items: PractitionerResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toPractitionerResponse = (practitioner: Practitioner): PractitionerResponse => ({
  id: practitioner.id,
  version: practitioner.version,
  active: practitioner.active,
  inactiveReason: practitioner.inactiveReason,
  familyName: practitioner.familyName,
  givenNames: practitioner.givenNames,
  rpps: practitioner.rpps,
  specialities: practitioner.specialities,
  places: practitioner.places,
  appointmentTypes: practitioner.appointmentTypes,
  telecom: practitioner.telecom,
  warnings: [...doubtsAboutRpps(practitioner.rpps), ...doubtsAboutSpecialities(practitioner.specialities)],
  createdAt: practitioner.createdAt.toISOString(),
  updatedAt: practitioner.updatedAt.toISOString(),
});
