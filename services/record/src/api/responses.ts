import { allergyState } from '../domain/allergies.js';
import { type Contents, isEnteredInError, type ListedKind } from '../domain/contents.js';
import { type Entry, entriesOf, type MedicalRecord, newestOf, type Version } from '../domain/record.js';
import type { AllergyList } from './allergy.dto.js';
import type { EntryMeta } from './common.dto.js';

export type EntryResponse<K extends ListedKind> = Contents[K] & EntryMeta;

export const versionResponse = <K extends ListedKind>(
  { id }: Entry<K>,
  { number, content, author, at, reason }: Version<Contents[K]>,
): EntryResponse<K> => ({
  ...content,
  id,
  version: number,
  author,
  at: at.toISOString(),
  ...(reason !== undefined && { amendmentReason: reason }),
});

export const entryResponse = <K extends ListedKind>(entry: Entry<K>): EntryResponse<K> =>
  versionResponse(entry, newestOf(entry));

/** Entries of a kind, the newest first; those entered in error only on demand. */
export function listed<K extends ListedKind>(record: MedicalRecord, kind: K, enteredInError = false): Entry<K>[] {
  return entriesOf(record, kind)
    .filter((entry) => enteredInError || !isEnteredInError(newestOf(entry).content))
    .reverse();
}

export function allergyList(record: MedicalRecord, enteredInError = false): AllergyList {
  const known = allergyState(record);
  const items = listed(record, 'allergy', enteredInError).map(entryResponse);
  if (known.state !== 'none-known') return { state: known.state, items };
  const { number, author, at } = newestOf(known.statement);
  return { state: 'none-known', statement: { version: number, author, at: at.toISOString() }, items };
}
