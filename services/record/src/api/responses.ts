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

/** Where an entry stands in a list: when a visit was, whenever it was written down (ms since 1970; of others 0), and its id. */
export type ListPlace = [at: number, id: string];

export function placeOf(entry: Entry<ListedKind>): ListPlace {
  const { content } = newestOf(entry);
  return ['period' in content ? Date.parse(content.period.start) : 0, entry.id];
}

/** Below zero when the first stands before the second: the newest do. */
export const inListOrder = ([oneAt, oneId]: ListPlace, [otherAt, otherId]: ListPlace): number =>
  otherAt - oneAt || otherId.localeCompare(oneId);

/** Entries of a kind, the newest first: visits by when they were, others by when they were written. Those entered in error only on demand. */
export const listed = <K extends ListedKind>(record: Entries, kind: K, enteredInError = false): Entry<K>[] =>
  entriesOf(record, kind)
    .filter((entry) => enteredInError || !isEnteredInError(newestOf(entry).content))
    .sort((one, other) => inListOrder(placeOf(one), placeOf(other)));

export function allergyList(record: Entries, enteredInError = false): AllergyList {
  const known = allergyState(record);
  const items = listed(record, 'allergy', enteredInError).map(entryResponse);
  if (known.state !== 'none-known') return { state: known.state, items };
  const { number, author, at } = newestOf(known.statement);
  return { state: 'none-known', statement: { version: number, author, at: at.toISOString() }, items };
}
