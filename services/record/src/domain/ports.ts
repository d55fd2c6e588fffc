import type { EmergencyAccess } from './emergency-access.js';
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
  /** Erased ones that were kept until before `now`. */
  keptUntil(now: Date, limit: number): Promise<MedicalRecord[]>;
  /** Records with emergency accesses that nobody has judged, those whose verdict is due first before others. */
  unreviewed(question: ReviewQuestion): Promise<ReviewedRecord[]>;
}

export interface ReviewQuestion {
  /** Those after this one only. */
  after?: { due: Date; patientId: string };
  limit: number;
}

/** Of a record, what reviewers are told. */
export interface ReviewedRecord {
  patientId: string;
  /** When a verdict is due on the oldest that has none. */
  due: Date;
  emergencies: readonly EmergencyAccess[];
}

/** How many emergency accesses a practitioner may open before some are found justified. */
export interface EmergencyPlaces {
  /**
   * Takes a place for an access, once however often it is asked for it.
   * @returns when one is free again, if none is
   */
  take(practitionerId: string, accessId: string, now: Date): Promise<Date | undefined>;
  giveBack(practitionerId: string, accessId: string): Promise<void>;
}

/** Answers kept for repeated requests, which hold entries of the record that they were written in. */
export interface KeptAnswers {
  forget(patientId: string): Promise<void>;
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

/** What wearable says of one reading. */
export interface ReadingFacts {
  code: string;
  name: string;
  value: number;
  unit: string;
  at: string;
  deviceId?: string;
  certainty: 'sure' | 'likely' | 'doubtful';
  flags: string[];
}

export interface ReadingPlace {
  patientId: string;
  /** LOINC. */
  code: string;
  effectiveAt: Date;
  readingId: string;
}

export interface Neighbours {
  /** Undefined when there is none. @throws Unavailable (503) when it cannot be asked for, InvalidInput (422) for a code that is not kept */
  reading(place: ReadingPlace): Promise<ReadingFacts | undefined>;
  /** @throws Unavailable (503) when it cannot be asked for */
  practitioner(id: string): Promise<PractitionerFacts | undefined>;
  patient(id: string): Promise<Section<PatientFacts>>;
  /** Those of the practitioners that are known; unavailable when one of them cannot be asked for. */
  practitioners(ids: string[]): Promise<Section<PractitionerFacts[]>>;
}
