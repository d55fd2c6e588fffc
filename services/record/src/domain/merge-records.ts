import { isEnteredInError } from './contents.js';
import { isKept } from './kept-from-guardians.js';
import { amended, type Change, type Entry, entriesOf, type MedicalRecord, newestOf, type Writing } from './record.js';

/** The record closed and pointing to the one it goes into; one that has left already at most points elsewhere. */
export function leaving(record: MedicalRecord, into: string): Change | undefined {
  switch (record.status) {
    case 'erased':
      return undefined;
    case 'open':
      return { record: { ...record, status: 'merging', mergedInto: into }, told: [] };
    case 'merging':
    case 'merged':
      return record.mergedInto === into ? undefined : { record: { ...record, mergedInto: into }, told: [] };
    default:
      return record.status satisfies never;
  }
}

/**
 * The record with the entries, grants and emergency accesses of the other that it has not got yet, and the names that the
 * other went by. What holds for one record holds again: one encounter for each appointment, and what is kept from guardians in
 * one is so in both. (What is known of allergies is
 * read from the whole history, see allergies.ts.)
 */
export function absorbing(record: MedicalRecord, other: MedicalRecord, writing: Writing): Change | undefined {
  const known = new Set(record.entries.map(({ id }) => id));
  const added = other.entries
    .filter(({ id }) => !known.has(id))
    .map((entry) => (isSecondOf(record, entry) ? withdrawnEncounter(entry, writing) : entry));
  const names = [...new Set([...record.mergedFrom, other.patientId, ...other.mergedFrom])];
  const grants = together(record.grants, other.grants);
  const emergencies = together(record.emergencies, other.emergencies);
  const before = [record.mergedFrom, record.grants, record.emergencies];
  const isTheSame = [names, grants, emergencies].every(({ length }, nth) => length === before[nth]?.length);
  if (added.length === 0 && isTheSame) return undefined;
  const entries = keptTogether([...record.entries, ...added]).sort((one, next) => (one.id < next.id ? -1 : 1));
  return { record: { ...record, entries, grants, emergencies, mergedFrom: names }, told: [] };
}

/** All of both, each once. */
const together = <T extends { id: string }>(ours: readonly T[], theirs: readonly T[]): T[] => [
  ...ours,
  ...theirs.filter(({ id }) => !ours.some((each) => each.id === id)),
];

type EncounterEntry = Entry<'encounter'>;

/** A visit of which one encounter is kept from guardians has none that they see. */
function keptTogether(entries: Entry[]): Entry[] {
  const kept = new Set(entries.filter(isKept).map(appointmentOf));
  return entries.map((entry) => {
    const appointmentId = appointmentOf(entry);
    return appointmentId && kept.has(appointmentId) ? { ...entry, keptFromGuardians: true } : entry;
  });
}

const appointmentOf = (entry: Entry): string | undefined =>
  entry.kind === 'encounter' ? newestOf(entry as EncounterEntry).content.appointmentId : undefined;

/** True for an encounter of an appointment that has one in the record. */
function isSecondOf(record: MedicalRecord, entry: Entry): entry is EncounterEntry {
  if (entry.kind !== 'encounter') return false;
  const { content } = newestOf(entry as EncounterEntry);
  if (!content.appointmentId || isEnteredInError(content)) return false;
  return entriesOf(record, 'encounter').some((each) => {
    const its = newestOf(each).content;
    return its.appointmentId === content.appointmentId && !isEnteredInError(its);
  });
}

const withdrawnEncounter = (entry: EncounterEntry, writing: Writing): Entry =>
  amended(
    entry,
    { ...newestOf(entry).content, status: 'entered-in-error' },
    {
      ...writing,
      reason: 'The record it was merged into has the encounter of this appointment',
    },
  );
