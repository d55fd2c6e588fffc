import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest } from '@cabinet/kit/http/request-context';
import { addAllergy, stateNoKnownAllergies, withdrawBecauseListed, withdrawNoKnownAllergies } from './allergies.js';
import { changeRecord } from './change-record.js';
import { assertSound } from './content-rules.js';
import { type Contents, isEnteredInError, type ListedKind } from './contents.js';
import { EnteredInError, NoSuchEntry } from './errors.js';
import type { FindRecord } from './find-record.js';
import type { Records } from './ports.js';
import {
  type Author,
  amended,
  type Change,
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
    content: (author: Author) => Contents[K],
    actor: Principal,
  ): Promise<Entry<K>> {
    const { id, wasBegun } = effectOfRequest();
    return this.change(patientId, actor, (record, writing) => {
      const written = wasBegun ? entriesOf(record, kind).find((entry) => entry.id === id) : undefined;
      if (written) return { entry: written, record, told: [] };
      const said = content(writing.author);
      assertSound(kind, said, writing.at);
      if (kind === 'allergy') return addAllergy(record, said as Contents['allergy'], writing, id) as Outcome<Entry<K>>;
      const entry = newEntry(kind, said, writing, id);
      return { entry, record: withEntry(record, entry), told: [{ kind: 'entry-added', entry }] };
    });
  }

  /** @throws as `add`, NoSuchEntry (404), staleVersion (412), EnteredInError (409) */
  async amend<K extends ListedKind>(patientId: string, amendment: Amendment<K>, actor: Principal): Promise<Entry<K>> {
    const { kind, entryId, version, reason } = amendment;
    return this.change(patientId, actor, (record, { author, at }) => {
      const current = entryOf(record, kind, entryId);
      const before = newestOf(current);
      assertVersion(version, before.number);
      if (isEnteredInError(before.content)) throw new EnteredInError();
      const content = amendment.content(before.content);
      assertSound(kind, content, at);
      const entry = amended(current, content, { author, at, reason });
      const changed = withAmended(record, entry);
      const further: Change =
        kind === 'allergy'
          ? withdrawBecauseListed(changed, entry as unknown as Entry<'allergy'>, { author, at })
          : { record: changed, told: [] };
      return { entry, record: further.record, told: [{ kind: 'entry-amended', entry }, ...further.told] };
    });
  }

  /** @throws as `add`, AllergiesListed (409) */
  async stateNoKnownAllergies(patientId: string, actor: Principal): Promise<MedicalRecord> {
    return this.changeStatement(patientId, actor, stateNoKnownAllergies);
  }

  /** @throws as `add`, NotStated (409) */
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
    return this.change(patientId, actor, (record, writing) => {
      if (wasBegun && hasEffect(record, id)) return { entry: record, record, told: [] };
      const change = decide(record, { ...writing, effectId: id });
      return { ...change, entry: change.record };
    });
  }

  // Entries are independent of each other, so a write that another one overtook is simply done again on the new state.
  private change<T>(
    patientId: string,
    actor: Principal,
    decide: (record: MedicalRecord, writing: Writing) => Outcome<T>,
  ): Promise<T> {
    return changeRecord(
      this.records,
      () => this.find.toWrite(patientId, actor),
      ({ record, author }) => {
        const { entry, ...change } = decide(record, { author, at: this.clock.now() });
        return { ...change, seen: entry };
      },
    );
  }
}

/** A change, and what the writer gets to see of it. */
type Outcome<T> = Change & { entry: T };

/** @throws NoSuchEntry (404) */
export function entryOf<K extends ListedKind>(record: MedicalRecord, kind: K, entryId: string): Entry<K> {
  const entry = entriesOf(record, kind).find(({ id }) => id === entryId);
  if (!entry) throw new NoSuchEntry();
  return entry;
}
