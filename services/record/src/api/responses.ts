import { noteKeptFromGuardians } from '@cabinet/access/family';
import { allergyState } from '../domain/allergies.js';
import { type Contents, isEnteredInError, type ListedKind } from '../domain/contents.js';
import { type Entries, type Entry, entriesOf, newestOf, type Version } from '../domain/record.js';
import type { AllergyList } from './allergy.dto.js';
import type { EntryMeta, Keepable } from './common.dto.js';

interface KeepableMeta extends EntryMeta, Keepable {}

export type EntryResponse<K extends ListedKind> = Contents[K] & KeepableMeta;

export function versionResponse<K extends ListedKind>(
  { id, keptFromGuardians }: Entry<K>,
  { number, content, author, at, reason }: Version<Contents[K]>,
): EntryResponse<K> {
  if (keptFromGuardians) noteKeptFromGuardians();
  return {
    ...content,
    id,
    version: number,
    author,
    at: at.toISOString(),
    ...(reason !== undefined && { amendmentReason: reason }),
    ...(keptFromGuardians && { keptFromGuardians }),
  };
}

export const entryResponse = <K extends ListedKind>(entry: Entry<K>): EntryResponse<K> =>
  versionResponse(entry, newestOf(entry));

/** Entries of a kind, the newest first; those entered in error only on demand. */
export function listed<K extends ListedKind>(record: Entries, kind: K, enteredInError = false): Entry<K>[] {
  return entriesOf(record, kind)
    .filter((entry) => enteredInError || !isEnteredInError(newestOf(entry).content))
    .reverse();
}

export function allergyList(record: Entries, enteredInError = false): AllergyList {
  const known = allergyState(record);
  const items = listed(record, 'allergy', enteredInError).map(entryResponse);
  if (known.state !== 'none-known') return { state: known.state, items };
  const { number, author, at } = newestOf(known.statement);
  return { state: 'none-known', statement: { version: number, author, at: at.toISOString() }, items };
}
