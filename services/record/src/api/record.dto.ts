import type { AuthorResponse, Instant, Uuid } from './common.dto.js';
import type { AllergyResponse, ConditionResponse, EncounterResponse, NoteResponse } from './allergy.dto.js';

/** That somebody asked and no allergy is known. */
export interface StatementResponse {
  /** Grows when it is confirmed. */
  version: number;
  /** Who stated or confirmed it last. */
  author: AuthorResponse;
  /** When it was stated or confirmed last. */
  at: Instant;
}

/** Never an empty list without a word: `state` says what an absence of items means. */
export interface AllergyList {
  /**
   * - `unknown`: nobody has recorded anything; do not read it as "none"
   * - `none-known`: somebody asked and none is known; see `statement`
   * - `listed`: see `items`
   */
  state: 'unknown' | 'none-known' | 'listed';
  /** With `none-known` only. */
  statement?: StatementResponse;
  /** All of them: the list is never cut into pages. */
  items: AllergyResponse[];
}

export interface ConditionList {
  /** The newest first. */
  items: ConditionResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface EncounterList {
  /** The newest first. */
  items: EncounterResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface NoteList {
  /** The newest first. */
  items: NoteResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Everything an entry ever said. */
export interface AllergyVersions {
  /** The newest first. */
  items: AllergyResponse[];
}

/** Everything an entry ever said. */
export interface ConditionVersions {
  /** The newest first. */
  items: ConditionResponse[];
}

/** Everything an entry ever said. */
export interface EncounterVersions {
  /** The newest first. */
  items: EncounterResponse[];
}

/** Everything an entry ever said. */
export interface NoteVersions {
  /** The newest first. */
  items: NoteResponse[];
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

export interface RecordResponse {
  patientId: Uuid;
  /** Grows with every change; also the ETag. */
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
}
