import type { Address } from '@cabinet/people/address';
import type { ContactPoint } from '@cabinet/people/telecom';
import { PractitionerNotFound } from './errors.js';

export interface Speciality {
  /** Of the nomenclature TRE_R38. */
  code?: string;
  display: string;
}

/** Where a practitioner receives. */
export interface Place {
  id: string;
  name: string;
  address?: Address;
  /** IANA zone: working hours are hours of its clock. */
  zone: string;
}

export interface AppointmentType {
  id: string;
  name: string;
  minutes: number;
}

/** What the directory says of a practitioner. */
export interface PractitionerDetails {
  familyName: string;
  givenNames: string[];
  /** National number of health professionals, 11 digits. */
  rpps?: string;
  specialities: Speciality[];
  places: Place[];
  appointmentTypes: AppointmentType[];
  telecom: ContactPoint[];
}

export const inactiveReasons = ['left-practice', 'retired', 'deceased', 'entered-in-error', 'other'] as const;
export type InactiveReason = (typeof inactiveReasons)[number];

export interface Practitioner extends PractitionerDetails {
  id: string;
  version: number;
  /** False for one who no longer receives here. */
  active: boolean;
  inactiveReason?: InactiveReason;
  createdAt: Date;
  updatedAt: Date;
}

export const detailsOf = (practitioner: Practitioner): PractitionerDetails => ({
  familyName: practitioner.familyName,
  givenNames: practitioner.givenNames,
  rpps: practitioner.rpps,
  specialities: practitioner.specialities,
  places: practitioner.places,
  appointmentTypes: practitioner.appointmentTypes,
  telecom: practitioner.telecom,
});

/** @throws PractitionerNotFound (404) */
export function existing(practitioner: Practitioner | undefined): Practitioner {
  if (!practitioner) throw new PractitionerNotFound();
  return practitioner;
}
