import type { TakenAccesses, ToldAccesses } from '@cabinet/service/audit/tell-accesses';
import type { AgeDue, Born, Day, PracticeAge } from './ages.js';
import type { KnownPatient } from './colleagues.js';
import type { Person } from './duplicates.js';
import type { Erasure } from './erasure.js';
import type { LegalHold } from './legal-hold.js';
import type { Identifier, Patient } from './patient.js';
import type { RelatedPerson } from './related-person.js';
import type { LabelCode, SecurityLabel } from './security-label.js';
import type { Reviewer, UnusualAccess } from './unusual-access.js';
import type { Busyness } from './unusual-rules.js';
import type { VisitSummaries } from './visits.js';

/** What others hear of a patient, as `patient.<kind>`; `changed` has names of details, never their values. */
export type Happening =
  | { kind: 'registered' }
  | { kind: 'updated'; changed: string[] }
  | { kind: 'merged'; mergedInto: string }
  | { kind: 'erased'; isAgain?: boolean }
  | ({ kind: 'age-nearing' | 'age-reached' } & PracticeAge);

export interface PatientCriteria {
  /** Beginnings of words of a name, each in every way it may be written; case and accents do not matter. */
  words?: string[][];
  birthDate?: string;
  identifier?: { system?: string; value: string };
  /** Where the patient or one of their contacts can be reached: E.164, or an e-mail address in small letters. */
  reachedAt?: string[];
  /** Undefined: both. */
  active?: boolean;
}

/** Where a page ended: lists are in order of name, then id; where names were asked for, those come first whose family name begins so. */
export type AfterPatient = [place: string, id: string];

export interface Patients {
  find(id: string): Promise<Patient | undefined>;
  /** One more than `limit` when there are more. Never merged or erased ones. */
  search(criteria: PatientCriteria, limit: number, after?: AfterPatient): Promise<Patient[]>;
  visitsOf(patientIds: string[]): Promise<Map<string, VisitSummaries>>;
  /** Those of the identifiers that somebody has, each with whose it is. */
  resolve(identifiers: Identifier[]): Promise<ResolvedIdentifier[]>;
  /** Those who exist and were not erased; one who was merged is not active, and as deceased as the one they turned out to be. */
  statusOf(ids: string[]): Promise<PatientStatus[]>;
  /** Who acts for these patients, and for whom they act, at this instant. */
  relatedTo(patientIds: string[], now: Date): Promise<RelatedPerson[]>;
  /** Guardians at this instant whose rights were worked out by another setting of the ages than this, in order of id. */
  guardiansNotBy(setting: string, now: Date, page: { limit: number; after?: string }): Promise<RelatedPerson[]>;
  namesOf(ids: string[]): Promise<Map<string, Pick<Patient, 'familyName' | 'givenNames'>>>;
  /** How the guardians of these patients can be reached, by the id of the patient: as `telecom` has it. */
  guardiansReachedAt(patientIds: string[], now: Date): Promise<Map<string, string[]>>;
  /** Patients in use who were born within these days. */
  bornIn(ranges: [from: Day, to: Day][]): Promise<Born[]>;
  /** Of a patient and of those who were merged into them; the first of each code. */
  labelsOf(patientId: string): Promise<SecurityLabel[]>;
  /** And those that were taken away, in order. */
  everyLabelOf(patientId: string): Promise<SecurityLabel[]>;
  /** All of `work` happens, and is told, or none of it. */
  inTransaction<T>(work: (tx: PatientTransaction) => Promise<T>): Promise<T>;
}

/** Until when it has been looked who reaches an age, and what was told of it. */
export interface AgeWatch {
  /**
   * Tells what is due, each once, and remembers that it has looked until today. What waits of an outage is due as well.
   * @param due what is due since the day until which it was looked before
   */
  tell(today: Day, due: (since: Day) => Promise<AgeDue[]>): Promise<void>;
}

/** As much of a patient as it takes to recognise them. */
export type KnownPerson = Person & { id: string };

export interface ResolvedIdentifier extends Identifier {
  patientId: string;
  active: boolean;
}

export interface PatientStatus {
  patientId: string;
  active: boolean;
  deceased: boolean;
  mergedInto?: string;
}

/** Who acts for whom, within a transaction. */
export interface RelatedPersons {
  /** Locked until the end. */
  find(id: string): Promise<RelatedPerson | undefined>;
  /** Of these patients, on either side, those that are not over; locked until the end. */
  of(patientIds: string[], now: Date): Promise<RelatedPerson[]>;
  add(relation: RelatedPerson): Promise<void>;
  /** @returns it with its new version */
  save(relation: RelatedPerson, happened: 'changed' | 'ended'): Promise<RelatedPerson>;
}

export interface PatientTransaction {
  readonly related: RelatedPersons;
  /** Locked until the end, so that a decision about them stands. */
  lock(ids: string[]): Promise<Map<string, Patient>>;
  /**
   * Patients born on these dates, merged and erased ones apart. Nobody else can register one with such a birth date
   * until the end.
   */
  lockBirthDates(dates: string[]): Promise<KnownPerson[]>;
  /** Who has which of these identifiers. */
  holdersOf(identifiers: Identifier[]): Promise<{ identifier: Identifier; patientId: string }[]>;
  /** Those that point to it. */
  mergedInto(patientId: string): Promise<Patient[]>;
  add(patients: Patient[]): Promise<void>;
  /** @returns the patient with its new version */
  save(patient: Patient, happening: Happening): Promise<Patient>;
  /** Removes what other tables keep of a patient who is erased. */
  forget(patientId: string): Promise<Forgotten>;
  /** Stores that they were erased, and what became of their data here. */
  noteErasure(erasure: Erasure): Promise<void>;
  /** Tells once more that they were erased, for those who have not said what they did. */
  tellErasedAgain(patientIds: string[]): Promise<void>;
  /** One that stands of any of them. */
  holdOf(patientIds: string[], now: Date): Promise<LegalHold | undefined>;
  hold(hold: LegalHold): Promise<void>;
  /** @returns false when there was none */
  endHolds(patientIds: string[]): Promise<boolean>;
  /** @returns the one that is there by then: it is set once */
  label(label: SecurityLabel): Promise<SecurityLabel>;
  /** @returns false when there was none */
  removeLabels(patientIds: string[], code: LabelCode, removal: { at: Date; by: string }): Promise<boolean>;
}

/** How far the audit trails of services have been looked at, and what was found in them. */
export interface AccessWatch {
  /**
   * All of `work` happens, once for each part, when the part follows what was taken before. The first of a service is where it
   * begins, whatever stands in it; one that ends before it begins is of a trail that was cut, and looked at anew from there.
   * @returns how far that service's trail has been looked at by then
   */
  take(
    part: Omit<ToldAccesses, 'accesses'> & { service: string; at: Date },
    work: (tx: AccessWatchTransaction) => Promise<void>,
  ): Promise<TakenAccesses>;
  /** Notes that users of the practice are linked with these patients. @returns those with whom any were since then */
  colleagues(patientIds: string[], now: Date, since: Date): Promise<string[]>;
  /** Removes what is older than this, of whomever it is. */
  forget(before: { seen: Date; hours: Date; found: Date; colleagues: Date }): Promise<void>;
}

export interface AccessWatchTransaction {
  /** Nobody else notes or finds anything of these people until the end. */
  lock(actors: string[]): Promise<void>;
  /** Those of these who are or were patients, by the id that is asked for. */
  patients(ids: string[]): Promise<Map<string, KnownPatient>>;
  /** Notes whom somebody saw. @returns how many that were in the hour until then, beside what is usual */
  noteSeen(actor: string, seen: { patientId: string; at: Date }[], until: Date): Promise<Busyness>;
  /** What was found of these people on these days, of these patients or of how many there were; nobody judges it until the end. */
  unusualOf(whose: { actors: string[]; patientIds: string[]; days: string[] }): Promise<UnusualAccess[]>;
  save(accesses: UnusualAccess[]): Promise<void>;
}

/** Where a page ended: when the verdict on its last one is due, in milliseconds since 1970, and its id. */
export type AfterUnusual = [dueAt: number, id: string];

export interface UnusualAccesses {
  /** Of the sample, those that nobody has judged and the reviewer may judge, by when that is due. */
  unreviewed(limit: number, after: AfterUnusual | undefined, reviewer: Reviewer): Promise<UnusualAccess[]>;
  /** Patients of whom there is something that the reviewer neither sees nor judges, by any of their ids. */
  patientsKeptFrom(reviewer: Reviewer): Promise<string[]>;
  /** Nobody else changes it meanwhile. @returns it as it is then; whatever `change` throws is thrown */
  change(id: string, change: (access: UnusualAccess | undefined) => UnusualAccess): Promise<UnusualAccess>;
}

/** How much there was of a patient beside their details. */
export interface Forgotten {
  visits: number;
  /** Who acted for them, and for whom they did. */
  relatedPersons: number;
  /** Marks of theirs. */
  labels: number;
  /** What was found unusual of who looked at them, which stays. */
  unusualAccesses: number;
  /** Kept for requests that are sent again. */
  answers: number;
}

/** Where a page ended: when the last one on it was erased, in milliseconds since 1970, and whose data it was. */
export type AfterErasure = [erasedAt: number, patientId: string];

export interface Erasures {
  /** By any of the registrations that were erased together. */
  find(patientId: string): Promise<Erasure | undefined>;
  /** Those of which a receipt is missing, the oldest first; one more than `limit` when there are further ones. */
  unfinished(limit: number, after?: AfterErasure): Promise<Erasure[]>;
  /** What stands in the way of erasing the patient or one who was merged into them. */
  holdOf(patientId: string, now: Date): Promise<LegalHold | undefined>;
}
