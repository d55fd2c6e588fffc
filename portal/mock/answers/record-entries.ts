import type { recordApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf } from '../people.ts';
import { author } from '../records-of-minors.ts';
import { found, records } from './records.ts';

type Schemas = recordApi.components['schemas'];
type MedicalRecord = Schemas['RecordResponse'];
type AllergyList = Schemas['AllergyList'];

/** What people add and amend here, by its part of the address. */
interface Entries {
  allergies: Schemas['AllergyResponse'];
  conditions: Schemas['ConditionResponse'];
  encounters: Schemas['EncounterResponse'];
}
type Kind = keyof Entries;

/** Of each entry all that it said since it was first amended here, the newest first. */
const versions = new Map<string, Entries[Kind][]>();
/** What was entered in error, the newest first, by kind and patient. */
const inError = new Map<string, Entries[Kind][]>();

const isInError = (entry: object): boolean =>
  ['verificationStatus', 'status'].some((key) => (entry as Record<string, unknown>)[key] === 'entered-in-error');

const listOf = <K extends Kind>(record: MedicalRecord, kind: K): Entries[K][] =>
  (kind === 'allergies' ? record.allergies.items : record[kind as 'conditions']) as Entries[K][];

function store<K extends Kind>(record: MedicalRecord, kind: K, items: Entries[K][]): void {
  const next = { ...record, version: record.version + 1 };
  records.set(
    record.patientId,
    kind === 'allergies'
      ? { ...next, allergies: listed(record.allergies, items as Entries['allergies'][]) }
      : { ...next, [kind]: items },
  );
}

/** As the service says what is known; a statement does not come back by itself. */
function listed({ statement }: AllergyList, items: Entries['allergies'][]): AllergyList {
  if (items.some(({ verificationStatus }) => verificationStatus !== 'refuted')) return { state: 'listed', items };
  return statement ? { state: 'none-known', statement, items } : { state: 'unknown', items };
}

const refusedAt = (path: string, code: string, message: string): Refused =>
  new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', { fields: [{ path, code, message }] });

type Content = Partial<Entries['allergies'] & Entries['conditions'] & Entries['encounters']>;

/** The rules of the service that somebody meets who types. */
function assertSound(kind: Kind, said: Content): void {
  const { code, onset, abatement, clinicalStatus, period } = said;
  if (kind === 'allergies' && /^no known allerg/i.test(code?.text ?? ''))
    throw refusedAt('code.text', 'NOT_AN_ALLERGY', 'says that no allergy is known');
  for (const [path, date] of Object.entries({ onset, abatement })) {
    if (date && !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(date)) throw refusedAt(path, 'INVALID', 'Not match in a pattern');
    if (date && date > new Date().toISOString()) throw refusedAt(path, 'IN_THE_FUTURE', 'is still to come');
  }
  if (abatement && !['inactive', 'remission', 'resolved'].includes(clinicalStatus ?? ''))
    throw refusedAt('abatement', 'STILL_ACTIVE', 'does not go with the status');
  if (period?.end && Date.parse(period.end) < Date.parse(period.start))
    throw refusedAt('period.end', 'END_BEFORE_START', 'is before the start');
}

function added<K extends Kind>(asked: Asked<unknown>, kind: K, more: object = {}): Entries[K] {
  const record = found(asked);
  assertSound(kind, asked.body as Content);
  const entry = {
    ...(asked.body as object),
    ...more,
    ...{ id: idOf(`${kind} ${record.patientId} ${record.version} ${Date.now()}`), version: 1, author },
    at: new Date().toISOString(),
  } as Entries[K];
  const before =
    kind === 'allergies' ? { ...record, allergies: { ...record.allergies, statement: undefined } } : record;
  store(before, kind, [entry, ...listOf(before, kind)]);
  return entry;
}

/** What an encounter has that nobody sets. */
const notSaid = (entry: Entries[Kind]) =>
  'practitionerId' in entry ? { practitionerId: entry.practitionerId, appointmentId: entry.appointmentId } : {};

function amended<K extends Kind>(asked: Asked<unknown>, kind: K): Entries[K] {
  const record = found(asked);
  const { entryId = '' } = asked.path;
  const before = listOf(record, kind).find(({ id }) => id === entryId) ?? versions.get(entryId)?.[0];
  if (!before) throw notFound('RECORD.NO_SUCH_ENTRY');
  if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
  if (isInError(before)) throw new Refused(409, 'RECORD.ENTERED_IN_ERROR', 'This entry was entered in error');
  const said = asked.body as Content;
  if ((said.amendmentReason ?? '').length < 3) throw refusedAt('amendmentReason', 'INVALID', 'minLength 3');
  assertSound(kind, said);
  const { id, version } = before;
  // The whole content as it is to be: what it does not say is not said any more.
  const next = {
    ...notSaid(before),
    ...said,
    id,
    version: version + 1,
    author,
    at: new Date().toISOString(),
  } as Entries[K];
  versions.set(id, [next, ...(versions.get(id) ?? [before])]);
  const place = `${kind}/${record.patientId}`;
  const isOut = isInError(next);
  if (isOut) inError.set(place, [next, ...(inError.get(place) ?? [])]);
  const items = listOf(record, kind).flatMap((each) => (each.id !== id ? each : isOut ? [] : next));
  store(record, kind, items);
  return next;
}

function everSaid<K extends Kind>(asked: Asked<unknown>, kind: K): { items: Entries[K][] } {
  const now = listOf(found(asked), kind).filter(({ id }) => id === asked.path.entryId);
  return { items: (versions.get(asked.path.entryId ?? '') as Entries[K][] | undefined) ?? now };
}

function all<K extends Kind>(asked: Asked<unknown>, kind: K): Entries[K][] {
  const record = found(asked);
  const wrong = asked.query.get('enteredInError') === 'true' ? inError.get(`${kind}/${record.patientId}`) : undefined;
  return [...listOf(record, kind), ...((wrong ?? []) as Entries[K][])];
}

function stated(asked: Asked<unknown>): AllergyList {
  const record = found(asked);
  const { allergies } = record;
  if (allergies.state === 'listed') throw new Refused(409, 'RECORD.ALLERGIES_LISTED', 'The record lists allergies');
  const version = (allergies.statement?.version ?? 0) + 1;
  const statement = { version, author, at: new Date().toISOString() };
  const next: AllergyList = { ...allergies, state: 'none-known', statement };
  records.set(record.patientId, { ...record, version: record.version + 1, allergies: next });
  return next;
}

function withdrawn(asked: Asked<unknown>): AllergyList {
  const record = found(asked);
  if (record.allergies.state !== 'none-known')
    throw new Refused(409, 'RECORD.NOT_STATED', 'It is not stated that no allergy is known');
  const next: AllergyList = { state: 'unknown', items: record.allergies.items };
  records.set(record.patientId, { ...record, version: record.version + 1, allergies: next });
  return next;
}

export const recordEntryAnswers: Handler[] = [
  on('get', '/api/records/{patientId}/allergies', (asked) => {
    const { items: _, ...known } = found(asked).allergies;
    return { body: { ...known, items: all(asked, 'allergies') } };
  }),
  on('post', '/api/records/{patientId}/allergies', (asked) => ({ status: 201, body: added(asked, 'allergies') })),
  on('post', '/api/records/{patientId}/allergies/no-known', (asked) => ({ status: 201, body: stated(asked) })),
  on('post', '/api/records/{patientId}/allergies/no-known/withdraw', (asked) => ({ body: withdrawn(asked) })),
  on('put', '/api/records/{patientId}/allergies/{entryId}', (asked) => ({ body: amended(asked, 'allergies') })),
  on('get', '/api/records/{patientId}/allergies/{entryId}/versions', (asked) => ({
    body: everSaid(asked, 'allergies'),
  })),
  on('get', '/api/records/{patientId}/conditions', (asked) => ({
    body: { items: all(asked, 'conditions') },
  })),
  on('post', '/api/records/{patientId}/conditions', (asked) => ({ status: 201, body: added(asked, 'conditions') })),
  on('put', '/api/records/{patientId}/conditions/{entryId}', (asked) => ({ body: amended(asked, 'conditions') })),
  on('get', '/api/records/{patientId}/conditions/{entryId}/versions', (asked) => ({
    body: everSaid(asked, 'conditions'),
  })),
  on('get', '/api/records/{patientId}/encounters', (asked) => ({
    body: { items: all(asked, 'encounters') },
  })),
  on('post', '/api/records/{patientId}/encounters', (asked) => ({
    status: 201,
    body: added(asked, 'encounters', { practitionerId: author.practitionerId }),
  })),
  on('put', '/api/records/{patientId}/encounters/{entryId}', (asked) => ({ body: amended(asked, 'encounters') })),
  on('get', '/api/records/{patientId}/encounters/{entryId}/versions', (asked) => ({
    body: everSaid(asked, 'encounters'),
  })),
];
