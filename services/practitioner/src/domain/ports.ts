import type { Practitioner } from './practitioner.js';

/** What others hear of a practitioner, as `practitioner.<kind>`; `changed` has names of fields, never their values. */
export type Happening = { kind: 'joined' } | { kind: 'updated'; changed: string[] } | { kind: 'left' };

export interface PractitionerCriteria {
  /** Beginnings of words of a name, each in every way it may be written; case and accents do not matter. */
  words?: string[][];
  /** Beginnings of words of a speciality's name or code. */
  specialityWords?: string[];
  rpps?: string;
  /** Undefined: both. */
  active?: boolean;
}

/** Where a page ended: lists are in order of name, then id. */
export type AfterPractitioner = [sortName: string, id: string];

export interface Practitioners {
  find(id: string): Promise<Practitioner | undefined>;
  /** One more than `limit` when there are more. */
  search(criteria: PractitionerCriteria, limit: number, after?: AfterPractitioner): Promise<Practitioner[]>;
  /** All of `work` happens, and is told, or none of it. */
  inTransaction<T>(work: (tx: PractitionerTransaction) => Promise<T>): Promise<T>;
}

export interface PractitionerTransaction {
  /** Locked until the end, so that a decision about them stands. */
  lock(id: string): Promise<Practitioner | undefined>;
  /**
   * Those with one of the RPPS numbers or of the names (`nameKeyOf`). Nobody else can register anybody until the end.
   */
  lockRegistration(rpps: string[], nameKeys: string[]): Promise<Practitioner[]>;
  holderOf(rpps: string): Promise<string | undefined>;
  add(practitioners: Practitioner[]): Promise<void>;
  /** @returns the practitioner with the new version */
  save(practitioner: Practitioner, happening: Happening): Promise<Practitioner>;
}
