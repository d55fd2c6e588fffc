import type { Allergy } from './contents.js';
import { AllergiesListed, NotStated } from './errors.js';
import {
  amended,
  type Change,
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

export function allergyState(record: MedicalRecord): AllergyState {
  if (entriesOf(record, 'allergy').some(isListed)) return { state: 'listed' };
  const statement = standingStatement(record);
  return statement ? { state: 'none-known', statement } : { state: 'unknown' };
}

const isListed = (entry: Entry<'allergy'>): boolean => {
  const { verificationStatus } = newestOf(entry).content;
  return verificationStatus !== 'entered-in-error' && verificationStatus !== 'refuted';
};

const standingStatement = (record: MedicalRecord): Entry<'no-known-allergies'> | undefined =>
  entriesOf(record, 'no-known-allergies').find((entry) => newestOf(entry).content.status === 'stated');

/** Adds an allergy; a statement that none is known no longer stands, and does not come back by itself. */
export function addAllergy(record: MedicalRecord, allergy: Allergy, writing: Writing): Change & { entry: Entry } {
  const entry = newEntry('allergy', allergy, writing);
  const withdrawal = withdrawBecauseListed(record, entry, writing);
  return {
    entry,
    record: withEntry(withdrawal.record, entry),
    told: [{ kind: 'entry-added', entry }, ...withdrawal.told],
  };
}

/** Withdraws the statement when the entry, added or amended, says that there is an allergy after all. */
export function withdrawBecauseListed(record: MedicalRecord, entry: Entry<'allergy'>, writing: Writing): Change {
  const statement = standingStatement(record);
  if (!statement || !isListed(entry)) return { record, told: [] };
  const withdrawn = amended(statement, { status: 'withdrawn' }, { ...writing, reason: 'An allergy was recorded' });
  return { record: withAmended(record, withdrawn), told: [{ kind: 'entry-amended', entry: withdrawn }] };
}

/**
 * States that somebody asked and no allergy is known; stating it again confirms it with a new version.
 * @throws AllergiesListed (409)
 */
export function stateNoKnownAllergies(record: MedicalRecord, writing: Writing): Change {
  const known = allergyState(record);
  if (known.state === 'listed') throw new AllergiesListed();
  if (known.state === 'none-known') {
    const entry = amended(known.statement, { status: 'stated' }, { ...writing, reason: 'Confirmed' });
    return { record: withAmended(record, entry), told: [{ kind: 'entry-amended', entry }] };
  }
  const entry = newEntry('no-known-allergies', { status: 'stated' }, writing);
  return { record: withEntry(record, entry), told: [{ kind: 'entry-added', entry }] };
}

/** @throws NotStated (409) when no statement stands */
export function withdrawNoKnownAllergies(record: MedicalRecord, writing: Writing): Change {
  const statement = standingStatement(record);
  if (!statement) throw new NotStated();
  const entry = amended(statement, { status: 'withdrawn' }, writing);
  return { record: withAmended(record, entry), told: [{ kind: 'entry-amended', entry }] };
}
