import { newId } from '@cabinet/kit/ids';
import type { Fate } from '@cabinet/service/erasure-receipt';
import type { AccessGrant } from './access-grants.js';
import type { Contents, EntryKind } from './contents.js';
import type { EmergencyAccess } from './emergency-access.js';

/** Who wrote: a practitioner, or a process that passes on what happened elsewhere. */
export interface Author {
  /** User id, or the name of the process. */
  id: string;
  role: 'practitioner' | 'service';
  practitionerId?: string;
}

/** What an entry said from `at` on. A version is never changed. */
export interface Version<C> {
  number: number;
  content: C;
  author: Author;
  at: Date;
  /** Why it was amended; absent in the first version. */
  reason?: string;
  /** Of a statement: which request it came of, so that a repeat of that one finds it. */
  effectId?: string;
}

export interface Entry<K extends EntryKind = EntryKind> {
  id: string;
  kind: K;
  /** The newest last. */
  versions: Version<Contents[K]>[];
  /** Of an encounter that came of an appointment: the version in which that was last heard of. */
  heard?: number;
  /** True for what a minor keeps from their guardians, with all that it ever said. */
  keptFromGuardians?: boolean;
}

/**
 * - `open`: in use
 * - `merging`: its entries are on their way to the record in `mergedInto`; it is read meanwhile, and nobody writes it
 * - `merged`: only points to the record in `mergedInto`
 * - `erased`: a tombstone, so that nothing that refers to it dangles; what the law keeps stands in it until `keptUntil`, for nobody
 */
export type RecordStatus = 'open' | 'merging' | 'merged' | 'erased';

/** The medical record of one patient; there is never a second one. */
export interface MedicalRecord {
  patientId: string;
  /** Grows with every change. */
  version: number;
  status: RecordStatus;
  openedAt: Date;
  /** True while it is open for what was heard of its patient before their registration. */
  isEarly?: boolean;
  mergedInto?: string;
  /** Patients whose records were merged into this one. */
  mergedFrom: string[];
  /** Until when the entries of an erased one are kept. */
  keptUntil?: Date;
  /** The oldest first. */
  entries: Entry[];
  /** Whom the patient lets in, or did. */
  grants: readonly AccessGrant[];
  /** By whom it was opened in an emergency; the oldest first. */
  emergencies: readonly EmergencyAccess[];
}

/** What happened to a record, told to the practice together with the change. */
export type Happening =
  | { kind: 'opened' }
  | { kind: 'entry-added'; entry: Entry }
  | { kind: 'entry-amended'; entry: Entry }
  | { kind: 'emergency-access-opened'; access: EmergencyAccess }
  | { kind: 'data-erased'; what: Fate[] };

/** A change to be stored: the record as it is to be, and what is told of it. */
export interface Change {
  record: MedicalRecord;
  told: Happening[];
}

export const emptyRecord = (patientId: string, at: Date): MedicalRecord => ({
  patientId,
  version: 1,
  status: 'open',
  openedAt: at,
  mergedFrom: [],
  entries: [],
  grants: [],
  emergencies: [],
});

export function newestOf<K extends EntryKind>(entry: Entry<K>): Version<Contents[K]> {
  const newest = entry.versions.at(-1);
  if (!newest) throw new Error(`Entry ${entry.id} has no version`);
  return newest;
}

/** What is read of a record for its entries alone. */
export type Entries = Pick<MedicalRecord, 'entries'>;

export const entriesOf = <K extends EntryKind>(record: Entries, kind: K): Entry<K>[] =>
  record.entries.filter((entry): entry is Entry<K> => entry.kind === kind);

export interface Writing {
  author: Author;
  at: Date;
  reason?: string;
  effectId?: string;
}

export function newEntry<K extends EntryKind>(
  kind: K,
  content: Contents[K],
  { author, at, effectId }: Writing,
  { id = newId(), keptFromGuardians }: { id?: string; keptFromGuardians?: boolean } = {},
): Entry<K> {
  const entry = { id, kind, versions: [{ number: 1, content, author, at, effectId }] };
  return keptFromGuardians ? { ...entry, keptFromGuardians } : entry;
}

/** The entry with one more version; those before stay as they were. */
export function amended<K extends EntryKind>(entry: Entry<K>, content: Contents[K], writing: Writing): Entry<K> {
  const version = { number: newestOf(entry).number + 1, content, ...writing };
  return { ...entry, versions: [...entry.versions, version] };
}

/** True when a version of an entry came of this request. */
export const hasEffect = (record: MedicalRecord, id: string): boolean =>
  record.entries.some(({ versions }) => versions.some(({ effectId }) => effectId === id));

export const withEntry = (record: MedicalRecord, entry: Entry): MedicalRecord => ({
  ...record,
  entries: [...record.entries, entry],
});

export const withAmended = (record: MedicalRecord, entry: Entry): MedicalRecord => ({
  ...record,
  entries: record.entries.map((each) => (each.id === entry.id ? entry : each)),
});
