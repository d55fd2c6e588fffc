import { type Fate, keptTrail } from '@cabinet/service/erasure-receipt';
import { isEnteredInError } from './contents.js';
import { type Change, entriesOf, type MedicalRecord, newestOf } from './record.js';

/**
 * The record closed for good. Where the practice says how many years one is kept after the last visit, its entries stay until
 * then, and nobody reads them; all else goes at once.
 * @returns undefined for one that is erased already, unless somebody asks again what became of it
 */
export function erasing(
  record: MedicalRecord,
  { keptYears, now, isAskedAgain }: { keptYears: number; now: Date; isAskedAgain: boolean },
): Change | undefined {
  if (record.status === 'erased') return isAskedAgain ? withoutContent(record, record.keptUntil) : undefined;
  const until = keptUntil(record, keptYears);
  return withoutContent(record, until && until > now ? until : undefined);
}

/** What was kept, once its time is over. @returns undefined before, and where nothing is kept */
export function lapsing(record: MedicalRecord, now: Date): Change | undefined {
  if (record.status !== 'erased' || !record.keptUntil || record.keptUntil > now) return undefined;
  return withoutContent(record, undefined);
}

/** What stays says only that there was a record, and who opened it in an emergency, to be judged. */
function withoutContent(record: MedicalRecord, until: Date | undefined): Change {
  const { entries, grants } = record;
  const emergencies = record.emergencies.map(({ verdict, ...access }) => ({
    ...access,
    words: '',
    ...(verdict && { verdict: { ...verdict, words: '' } }),
  }));
  const ofEntries: Fate = until
    ? { kind: 'entries', count: entries.length, outcome: 'kept', reason: 'medical-record', until: until.toISOString() }
    : { kind: 'entries', count: entries.length, outcome: 'erased' };
  const what: Fate[] = [
    ofEntries,
    { kind: 'grants', count: grants.length, outcome: 'erased' },
    { kind: 'emergencyAccesses', count: emergencies.length, outcome: 'anonymised' },
    { kind: 'keptAnswers', outcome: 'erased' },
    keptTrail,
  ];
  const left = {
    ...record,
    status: 'erased' as const,
    keptUntil: until,
    entries: until ? entries : [],
    grants: [],
    emergencies,
  };
  return { record: left, told: [{ kind: 'data-erased', what }] };
}

/** So many years after the last visit, or where there was none after what was written last; undefined where nothing was. */
function keptUntil(record: MedicalRecord, years: number): Date | undefined {
  if (years === 0) return undefined;
  const visits = entriesOf(record, 'encounter')
    .map((entry) => newestOf(entry).content)
    .filter((content) => !isEnteredInError(content))
    .map(({ period }) => new Date(period.end ?? period.start));
  const times = visits.length > 0 ? visits : record.entries.map((entry) => newestOf(entry).at);
  if (times.length === 0) return undefined;
  const until = new Date(Math.max(...times.map((time) => time.getTime())));
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return until;
}
