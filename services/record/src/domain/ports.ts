import type { Happening, MedicalRecord } from './record.js';

export interface Records {
  find(patientId: string): Promise<MedicalRecord | undefined>;
  /** Stores a new record and what is told of it, both or neither. @returns false when there already is one */
  add(record: MedicalRecord, told: Happening[]): Promise<boolean>;
  /**
   * Stores the record as its next version and what is told of it, both or neither.
   * @returns false, and changes nothing, when the stored version is no longer the one of `record`
   */
  save(record: MedicalRecord, told: Happening[]): Promise<boolean>;
}

/** Answers kept for repeated requests, which hold entries of the record that they were written in. */
export interface KeptAnswers {
  forget(patientId: string): Promise<void>;
}

export interface CareRelations {
  /**
   * True when the patient is in the practitioner's care, as the appointment service tells. An answer is at most five seconds old.
   * @throws Unavailable (503) when it cannot be asked: nobody gets in on trust
   */
  exist(patientId: string, practitionerId: string): Promise<boolean>;
}

/** Who somebody is, asked from the service that knows. */
export interface PatientFacts {
  id: string;
  active: boolean;
  familyName: string;
  givenNames: string[];
  birthName?: string;
  birthDate: string;
  gender: string;
}

export interface PractitionerFacts {
  id: string;
  familyName: string;
  givenNames: string[];
}

/** An answer that could not be had says so; it is never an empty one. */
export type Section<T> = { state: 'complete'; facts: T } | { state: 'unavailable' };

export interface Neighbours {
  patient(id: string): Promise<Section<PatientFacts>>;
  /** Those of the practitioners that are known; unavailable when one of them cannot be asked for. */
  practitioners(ids: string[]): Promise<Section<PractitionerFacts[]>>;
}
