import type { AllergyList } from './allergy.dto.js';
import type { InEmergency, Instant, Uuid } from './common.dto.js';
import type { ConditionResponse } from './condition.dto.js';
import type { EncounterResponse } from './encounter.dto.js';
import type { NoteResponse } from './note.dto.js';
import type { ObservationResponse } from './observation.dto.js';

/** What the patient service says now; nothing of it is kept here. */
export interface PatientFactsResponse {
  id: Uuid;
  active: boolean;
  familyName: string;
  givenNames: string[];
  birthName?: string;
  /** @example "1980-01-31" */
  birthDate: string;
  /** FHIR R4 AdministrativeGender. */
  gender: string;
}

/** What the practitioner service says now; nothing of it is kept here. */
export interface PractitionerFactsResponse {
  id: Uuid;
  familyName: string;
  givenNames: string[];
}

export interface PatientSection {
  /** `unavailable`: the patient service could not be asked; that says nothing about the patient. */
  state: 'complete' | 'unavailable';
  /** With `complete` only. */
  facts?: PatientFactsResponse;
}

export interface PractitionersSection {
  /** `unavailable`: the practitioner service could not be asked. */
  state: 'complete' | 'unavailable';
  /** Those named in the record. With `complete` only. */
  items?: PractitionerFactsResponse[];
}

export interface RecordResponse extends InEmergency {
  patientId: Uuid;
  /** Grows with every change; also the ETag. For guardians, who get no ETag, with every change that they see. */
  version: number;
  openedAt: Instant;
  /** Ids under which the same person was registered as well, before they were merged. */
  mergedFrom: Uuid[];
  patient: PatientSection;
  practitioners: PractitionersSection;
  allergies: AllergyList;
  /** The newest first. */
  conditions: ConditionResponse[];
  /** The newest first. */
  encounters: EncounterResponse[];
  /** The newest first. */
  notes: NoteResponse[];
  /** What was measured at home and taken over, the newest first. */
  observations: ObservationResponse[];
}

export interface KeepRequest {
  /** True: for guardians of the patient it no longer exists. False: it is for them to see as well. */
  keptFromGuardians: boolean;
}

export interface KeptResponse extends InEmergency {
  entryId: Uuid;
  keptFromGuardians: boolean;
}
