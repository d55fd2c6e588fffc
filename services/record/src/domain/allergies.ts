import type { Allergy } from './contents.js';
import { AllergiesListed, NotStated } from './errors.js';
import {
  amended,
  type Change,
  type Entries,
  type Entry,
  entriesOf,
  type MedicalRecord,
  newEntry,
  newestOf,
  type Writing,
  withAmended,
  withEntry,
} from './record.js';

/**
 * What is known of a patient's allergies. An empty list is never an answer: either somebody asked and there are none
 * (`none-known`, with who said so and when), or nobody has (`unknown`).
 */
export type AllergyState =
  | { state: 'unknown' }
  | { state: 'none-known'; statement: Entry<'no-known-allergies'> }
  | { state: 'listed' };

export function allergyState(record: Entries): AllergyState {
  if (entriesOf(record, 'allergy').some(isListed)) return { state: 'listed' };
  const statement = standingStatements(record).at(-1);
  return statement ? { state: 'none-known', statement } : { state: 'unknown' };
}

const isListed = (entry: Entry<'allergy'>): boolean => lists(newestOf(entry).content);

const lists = ({ verificationStatus }: Allergy): boolean =>
  verificationStatus !== 'entered-in-error' && verificationStatus !== 'refuted';

/**
 * The statements that stand, the one last made at the end. A record that took up another has the entries of both, so a
 * statement is held against the whole history: it counts when no allergy was listed at that time or later, and none
 * was withdrawn later, in either. So records that were merged say what one would that had been told the same in
 * the same order, whenever they were merged.
 */
function standingStatements(record: Entries): Entry<'no-known-allergies'>[] {
  const contradictedUntil = lastContradicted(record);
  return entriesOf(record, 'no-known-allergies')
    .filter((entry) => newestOf(entry).content.status === 'stated' && lastSaid(entry) >= contradictedUntil)
    .sort((one, next) => lastSaid(one) - lastSaid(next));
}

/** Until when the record said something else than that no allergy is known; without end while one is listed. */
function lastContradicted(record: Entries): number {
  const listed = entriesOf(record, 'allergy').flatMap((entry) => {
    const times = timesOf(entry);
    return entry.versions.map(({ content }, index) => (lists(content) ? (times[index + 1] ?? Infinity) : 0));
  });
  const withdrawn = entriesOf(record, 'no-known-allergies').flatMap((entry) =>
    timesOf(entry).filter((_, index) => entry.versions[index]?.content.status === 'withdrawn'),
  );
  return Math.max(0, ...listed, ...withdrawn);
}

// Written by processes whose clocks differ a little, a version never counts as older than the one before it.
function timesOf({ versions }: Entry): number[] {
  let latest = 0;
  return versions.map(({ at }) => {
    latest = Math.max(latest, at.getTime());
    return latest;
  });
}

const lastSaid = (entry: Entry): number => timesOf(entry).at(-1) ?? 0;

/** Adds an allergy; a statement that none is known no longer stands, and does not come back by itself. */
export function addAllergy(record: MedicalRecord, entry: Entry<'allergy'>, writing: Writing): Change {
  const withdrawal = withdrawBecauseListed(record, entry, writing);
  return {
    record: withEntry(withdrawal.record, entry),
    told: [{ kind: 'entry-added', entry }, ...withdrawal.told],
  };
}

/** Withdraws the statement when the entry, added or amended, says that there is an allergy after all. */
export function withdrawBecauseListed(record: MedicalRecord, entry: Entry<'allergy'>, writing: Writing): Change {
  if (!isListed(entry)) return { record, told: [] };
  // Listed already, it would be what contradicts them.
  const others = { ...record, entries: record.entries.filter(({ id }) => id !== entry.id) };
  return withdraw(record, standingStatements(others), { ...writing, reason: 'An allergy was recorded' });
}

/**
 * States that somebody asked and no allergy is known; stating it again confirms it with a new version.
 * @throws AllergiesListed (409)
 */
export function stateNoKnownAllergies(record: MedicalRecord, said: Writing): Change {
  const known = allergyState(record);
  if (known.state === 'listed') throw new AllergiesListed();
  // What it comes after, it is not older than, whichever clocks the two were written by.
  const writing = { ...said, at: new Date(Math.max(said.at.getTime(), lastContradicted(record))) };
  if (known.state === 'none-known') {
    const entry = amended(known.statement, { status: 'stated' }, { ...writing, reason: 'Confirmed' });
    return { record: withAmended(record, entry), told: [{ kind: 'entry-amended', entry }] };
  }
  const entry = newEntry('no-known-allergies', { status: 'stated' }, writing);
  return { record: withEntry(record, entry), told: [{ kind: 'entry-added', entry }] };
}

/** @throws NotStated (409) when no statement stands */
export function withdrawNoKnownAllergies(record: MedicalRecord, writing: Writing): Change {
  const statements = standingStatements(record);
  if (statements.length === 0) throw new NotStated();
  return withdraw(record, statements, writing);
}

/** Withdraws every one: two records that were merged may each have brought theirs. */
function withdraw(record: MedicalRecord, statements: Entry<'no-known-allergies'>[], writing: Writing): Change {
  const withdrawn = statements.map((statement) => amended(statement, { status: 'withdrawn' }, writing));
  return {
    record: withdrawn.reduce(withAmended, record),
    told: withdrawn.map((entry) => ({ kind: 'entry-amended', entry })),
  };
}
