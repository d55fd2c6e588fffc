import { noteKeptFromGuardians } from '@cabinet/access/family';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { addAllergy, stateNoKnownAllergies, withdrawBecauseListed, withdrawNoKnownAllergies } from './allergies.js';
import { changeRecord } from './change-record.js';
import { assertSound } from './content-rules.js';
import { type Contents, isEnteredInError, type ListedKind } from './contents.js';
import { EnteredInError, NoSuchEntry, NotForGuardians } from './errors.js';
import type { FindRecord, ToWrite } from './find-record.js';
import { isKept } from './kept-from-guardians.js';
import type { Records } from './ports.js';
import {
  type Author,
  amended,
  type Change,
  type Entries,
  type Entry,
  entriesOf,
  hasEffect,
  type MedicalRecord,
  newEntry,
  newestOf,
  type Writing,
  withAmended,
  withEntry,
} from './record.js';

export interface Amendment<K extends ListedKind> {
  entryId: string;
  kind: K;
  /** The version of the entry that the change was made on. */
  version: ExpectedVersion;
  /** @param before the newest content, for what people cannot set */
  content(before: Contents[K]): Contents[K];
  reason: string;
  /** Left out: as before. */
  keptFromGuardians?: boolean;
}

export interface Addition<K extends ListedKind> {
  content(author: Author): Contents[K];
  keptFromGuardians?: boolean;
  /** Of an entry that says this already, and stays as it is. */
  isAlready?(entry: Entry<K>): boolean;
}

/** Writes of practitioners. Entries are only ever added, and amended by a further version. */
export class WriteRecord {
  constructor(
    private readonly records: Records,
    private readonly find: FindRecord,
    private readonly clock: Clock,
  ) {}

  /** @throws 403, 404, 410, 503 as FindRecord, 422 for unsound content */
  async add<K extends ListedKind>(
    patientId: string,
    kind: K,
    { content, keptFromGuardians, isAlready }: Addition<K>,
    actor: Principal,
  ): Promise<Entry<K>> {
    const { id, wasBegun } = effectOfRequest();
    if (keptFromGuardians) noteKeptFromGuardians();
    return this.change(patientId, actor, ({ record }, writing) => {
      const written = entriesOf(record, kind).find((entry) => (wasBegun && entry.id === id) || isAlready?.(entry));
      if (written) return { entry: written, record, told: [] };
      const said = content(writing.author);
      assertSound(kind, said, writing.at);
      const entry = newEntry(kind, said, writing, { id, keptFromGuardians });
      if (isAllergy(entry)) return { entry, ...addAllergy(record, entry, writing) };
      return { entry, record: withEntry(record, entry), told: [{ kind: 'entry-added', entry }] };
    });
  }

  /** @throws as `add`, NoSuchEntry (404), staleVersion (412), EnteredInError (409) */
  async amend<K extends ListedKind>(patientId: string, amendment: Amendment<K>, actor: Principal): Promise<Entry<K>> {
    const { kind, entryId, version, reason, keptFromGuardians } = amendment;
    if (keptFromGuardians) noteKeptFromGuardians();
    return this.change(patientId, actor, ({ record, seen }, { author, at }) => {
      const current = entryOf(seen, kind, entryId);
      const before = newestOf(current);
      assertVersion(version, before.number);
      if (isEnteredInError(before.content)) throw new EnteredInError();
      const content = amendment.content(before.content);
      assertSound(kind, content, at);
      const entry = marked(amended(current, content, { author, at, reason }), keptFromGuardians);
      const changed = withAmended(record, entry);
      const further: Change = isAllergy(entry)
        ? withdrawBecauseListed(changed, entry, { author, at })
        : { record: changed, told: [] };
      return { entry, record: further.record, told: [{ kind: 'entry-amended', entry }, ...further.told] };
    });
  }

  /**
   * Keeps an entry from the guardians of a minor with all that it ever said, or no longer: the minor does, or whoever treats them at
   * their word. It says what it said, so it has no further version.
   * @throws as FindRecord, NoSuchEntry (404)
   */
  async keepFromGuardians(
    { patientId, entryId }: { patientId: string; entryId: string },
    keptFromGuardians: boolean,
    actor: Principal,
  ): Promise<Entry> {
    noteKeptFromGuardians();
    return changeRecord(
      this.records,
      async () => ({ record: await this.find.toKeepFromGuardians(patientId, actor) }),
      ({ record }) => {
        const found = record.entries.find(({ id, kind }) => id === entryId && kind !== 'no-known-allergies');
        if (!found) throw new NoSuchEntry();
        if (isKept(found) === keptFromGuardians) return { seen: found, record, told: [] };
        const entry = marked(found, keptFromGuardians);
        return { seen: entry, record: withAmended(record, entry), told: [{ kind: 'entry-amended', entry }] };
      },
    );
  }

  /** @throws as `add`, NotForGuardians (403), AllergiesListed (409) */
  async stateNoKnownAllergies(patientId: string, actor: Principal): Promise<MedicalRecord> {
    return this.changeStatement(patientId, actor, stateNoKnownAllergies);
  }

  /** @throws as `add`, NotForGuardians (403), NotStated (409) */
  async withdrawNoKnownAllergies(patientId: string, reason: string, actor: Principal): Promise<MedicalRecord> {
    return this.changeStatement(patientId, actor, (record, writing) =>
      withdrawNoKnownAllergies(record, { ...writing, reason }),
    );
  }

  private changeStatement(
    patientId: string,
    actor: Principal,
    decide: (record: MedicalRecord, writing: Writing) => Change,
  ): Promise<MedicalRecord> {
    const { id, wasBegun } = effectOfRequest();
    return this.change(patientId, actor, ({ record, seen }, writing) => {
      // Whether it is refused tells of them, and guardians are not told that none is known.
      if (seen.isPartial) throw new NotForGuardians();
      if (entriesOf(record, 'allergy').some(isKept)) noteKeptFromGuardians();
      if (wasBegun && hasEffect(record, id)) return { entry: record, record, told: [] };
      const change = decide(record, { ...writing, effectId: id });
      return { ...change, entry: change.record };
    });
  }

  // Entries are independent of each other, so a write that another one overtook is simply done again on the new state.
  private change<T>(
    patientId: string,
    actor: Principal,
    decide: (found: ToWrite, writing: Writing) => Outcome<T>,
  ): Promise<T> {
    return changeRecord(
      this.records,
      () => this.find.toWrite(patientId, actor),
      (found) => {
        const { entry, ...change } = decide(found, { author: found.author, at: this.clock.now() });
        return { ...change, seen: entry };
      },
    );
  }
}

/** A change, and what the writer gets to see of it. */
type Outcome<T> = Change & { entry: T };

/** @throws NoSuchEntry (404) */
export function entryOf<K extends ListedKind>(record: Entries, kind: K, entryId: string): Entry<K> {
  const entry = entriesOf(record, kind).find(({ id }) => id === entryId);
  if (!entry) throw new NoSuchEntry();
  if (isKept(entry)) noteKeptFromGuardians();
  return entry;
}

const isAllergy = (entry: Entry): entry is Entry<'allergy'> => entry.kind === 'allergy';

const marked = <E extends Entry>(entry: E, keptFromGuardians: boolean | undefined): E =>
  keptFromGuardians === undefined ? entry : { ...entry, keptFromGuardians };
