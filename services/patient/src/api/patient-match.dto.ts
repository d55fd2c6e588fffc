import type { Agreement, PatientMatch } from '../domain/match-person.js';
import type { CalendarDate, Name, Uuid } from './patient.dto.js';

export interface MatchRequest {
  familyName: Name;
  /**
   * @minItems 1
   * @maxItems 10
   */
  givenNames: Name[];
  birthDate: CalendarDate;
  /**
   * @maxLength 254
   * @example "claire.lefevre@example.org"
   */
  email?: string;
  /**
   * @maxLength 40
   * @example "06 39 98 12 34"
   */
  phone?: string;
}

/** `similar`: but for slips of the pen; `unknown`: one side does not say. */
export interface MatchAgreement {
  familyName: Agreement;
  givenNames: Agreement;
  birthDate: Agreement;
  email: Agreement;
  phone: Agreement;
}

export interface PatientMatchResponse {
  patientId: Uuid;
  active: boolean;
  familyName: Name;
  birthName?: Name;
  givenNames: Name[];
  birthDate: CalendarDate;
  /** With who was asked for. */
  agreement: MatchAgreement;
}

export interface PatientMatchList {
  /** The best first; twenty at most. */
  items: PatientMatchResponse[];
}

export const toPatientMatchResponse = ({ patient, ...agreement }: PatientMatch): PatientMatchResponse => ({
  patientId: patient.id,
  active: patient.active,
  familyName: patient.familyName,
  birthName: patient.birthName,
  givenNames: patient.givenNames,
  birthDate: patient.birthDate,
  agreement,
});
