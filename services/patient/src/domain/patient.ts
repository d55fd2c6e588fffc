import type { Address } from '@cabinet/people/address';
import type { ContactPoint } from '@cabinet/people/telecom';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { PatientErased, PatientMerged, PatientNotFound } from './errors.js';

/** FHIR R4 AdministrativeGender. */
export const genders = ['male', 'female', 'other', 'unknown'] as const;
export type Gender = (typeof genders)[number];

/** FHIR R4 Identifier: who gave it (a URI), and what it is. */
export interface Identifier {
  system: string;
  value: string;
}

export const relationships = ['guardian', 'parent', 'spouse', 'child', 'emergency', 'other'] as const;
export type Relationship = (typeof relationships)[number];

/** Somebody to turn to for the patient. */
export interface Contact {
  relationship: Relationship;
  familyName: string;
  givenNames: string[];
  telecom: ContactPoint[];
}

/** What the practice knows of a person. */
export interface PatientDetails {
  familyName: string;
  givenNames: string[];
  birthName?: string;
  /** YYYY-MM-DD */
  birthDate: string;
  gender: Gender;
  identifiers: Identifier[];
  telecom: ContactPoint[];
  address?: Address;
  contacts: Contact[];
}

export const inactiveReasons = ['left-practice', 'deceased', 'entered-in-error', 'merged', 'other'] as const;
export type InactiveReason = (typeof inactiveReasons)[number];

export interface Patient extends PatientDetails {
  id: string;
  version: number;
  /** False for a patient the practice no longer sees; nothing new is booked for them. */
  active: boolean;
  inactiveReason?: InactiveReason;
  /** The patient this one turned out to be. */
  mergedInto?: string;
  /** Set when everything personal has been removed; the details are then empty. */
  erasedAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}

export type DetailName = keyof PatientDetails;

/** @throws PatientNotFound (404), PatientErased (410) */
export function existing(patient: Patient | undefined): Patient {
  if (!patient) throw new PatientNotFound();
  if (patient.erasedAt) throw new PatientErased();
  return patient;
}

/** @throws like `existing`, and PatientMerged (409) for one that is only a pointer to another */
export function changeable(patient: Patient | undefined): Patient {
  const found = existing(patient);
  noteSubjects(found.mergedInto);
  if (found.mergedInto) throw new PatientMerged(found.mergedInto);
  return found;
}

export const detailsOf = (patient: Patient): PatientDetails => ({
  familyName: patient.familyName,
  givenNames: patient.givenNames,
  birthName: patient.birthName,
  birthDate: patient.birthDate,
  gender: patient.gender,
  identifiers: patient.identifiers,
  telecom: patient.telecom,
  address: patient.address,
  contacts: patient.contacts,
});
