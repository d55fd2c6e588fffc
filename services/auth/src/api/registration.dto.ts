import type { ShownRegistration } from '../domain/registration.js';
import type { Code } from './code.dto.js';
import type { NewPassword } from './common.dto.js';
import type { Email, Instant, Uuid } from './user.dto.js';

/**
 * @minLength 1
 * @maxLength 100
 * @example "Lefèvre"
 */
export type PersonName = string;

/**
 * A day that exists, as YYYY-MM-DD.
 * @pattern ^\d{4}-\d{2}-\d{2}$
 * @example "1980-01-31"
 */
export type CalendarDate = string;

/** Who somebody says they are, and the address that they will sign in with. */
export interface RegistrationRequest {
  familyName: PersonName;
  /**
   * @minItems 1
   * @maxItems 10
   */
  givenNames: PersonName[];
  birthDate: CalendarDate;
  email: Email;
  /**
   * Without a country code it is French.
   * @maxLength 40
   * @example "06 39 98 12 34"
   */
  phone?: string;
}

export interface ShowRequest {
  code: Code;
  /** What they will sign in with. */
  password: NewPassword;
}

export interface RegistrationResponse {
  id: Uuid;
  familyName: PersonName;
  givenNames: PersonName[];
  birthDate: CalendarDate;
  email: Email;
  phone?: string;
  createdAt: Instant;
  /** Nothing of it stays then. */
  expiresAt: Instant;
}

export interface RegistrationList {
  items: RegistrationResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface RegistrationConfirmation {
  /** Who that is: one of those that the patient service finds, or a new one. */
  patientId: Uuid;
}

export interface ConfirmedRegistration {
  userId: Uuid;
  patientId: Uuid;
}

export const toRegistrationResponse = (registration: ShownRegistration): RegistrationResponse => ({
  id: registration.id,
  ...registration.applicant,
  email: registration.email,
  createdAt: registration.createdAt.toISOString(),
  expiresAt: registration.expiresAt.toISOString(),
});
