import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, type Patient, type Person, patients, practitioners, since } from '../people.ts';
import { readingOf } from '../readings.ts';
import {
  author,
  emptyRecord,
  type MedicalRecord,
  type Note,
  notesOfMinors,
  recordsOfMinors,
} from '../records-of-minors.ts';

export const records = new Map(recordsOfMinors.map((each) => [each.patientId, each]));
/** Of each note all that it said, the newest first. */
const versions = new Map(notesOfMinors);

const [bernard] = practitioners;

function noteOf(text: string, at: string, more: Partial<Note> = {}): Note {
  return { id: idOf(`note ${text}`), version: 1, status: 'current', text, at, author, ...more };
}

/** A record of which each section has something, and of whom nobody has asked about allergies. */
function begun(patient: Patient): MedicalRecord {
  const patientId = patient.id;
  const first = noteOf('Sleeps badly since the move.', '2026-09-14T09:10:00Z', { id: idOf(`note of ${patientId}`) });
  const second = {
    ...first,
    version: 2,
    at: '2026-09-14T09:25:00Z',
    text: 'Sleeps badly since the new work.',
    amendmentReason: 'She has not moved',
  };
  versions.set(first.id, [second, first]);
  const said = { author, version: 1, at: since };
  return {
    ...emptyRecord(patient),
    version: 4,
    conditions: [
      {
        ...said,
        id: idOf(`condition of ${patientId}`),
        code: { text: 'Asthma' },
        clinicalStatus: 'active',
        verificationStatus: 'confirmed',
        onset: '2011',
      },
    ],
    encounters: [
      {
        ...said,
        id: idOf(`encounter of ${patientId}`),
        status: 'finished',
        class: 'AMB',
        period: { start: '2026-09-14T09:00:00Z', end: '2026-09-14T09:30:00Z' },
        practitionerId: bernard?.id as string,
      },
    ],
    notes: [second],
  };
}

/** Whose record is closed to practitioners, and who opened it in an emergency. */
const emergencyMs = 2 * 3_600_000;
export const closedPatient = patients[25] as Patient;
const opened = new Map<string, NonNullable<MedicalRecord['emergencyAccess']>>();

const reads = ({ id, roles, patientId: own, actsFor = [] }: Person, patientId: string): boolean =>
  (patientId === closedPatient.id && Date.parse(opened.get(id)?.until ?? '') > Date.now()) ||
  (roles.includes('practitioner') && patientId !== closedPatient.id) ||
  own === patientId ||
  actsFor.some((each) => each.patientId === patientId && each.sections.includes('record'));

/** The record of the patient in the path. @throws Refused for whom it is closed */
export function found({ path, who }: Asked<unknown>): MedicalRecord {
  const patient = patients.find(({ id }) => id === path.patientId);
  if (!patient) throw notFound('RECORD.NOT_FOUND');
  if (!reads(who, patient.id)) throw new Refused(403, 'RECORD.NOT_YOUR_RECORD', 'The record is not open to you');
  const record = records.get(patient.id) ?? begun(patient);
  records.set(patient.id, record);
  return record;
}

function withNotes(record: MedicalRecord, notes: Note[]): void {
  records.set(record.patientId, { ...record, version: record.version + 1, notes });
}

export const recordAnswers: Handler[] = [
  on('get', '/api/records/{patientId}', (asked) => {
    const record = found(asked);
    const emergencyAccess = record.patientId === closedPatient.id ? opened.get(asked.who.id) : undefined;
    return { body: { ...record, ...(emergencyAccess && { emergencyAccess }) } };
  }),
  on('post', '/api/records/{patientId}/emergency-access', ({ path, body, who }) => {
    const [since, until] = [0, emergencyMs].map((later) => new Date(Date.now() + later).toISOString()) as [
      string,
      string,
    ];
    const { patientId = '' } = path;
    // Of others it is closed by a fault that is wanted.
    if (patientId === closedPatient.id) opened.set(who.id, { since, until, reasonCode: body.reasonCode });
    const practitionerId = who.practitionerId as string;
    return { status: 201, body: { id: idOf(`emergency ${since}`), patientId, practitionerId, since, until, ...body } };
  }),
  on('post', '/api/records/{patientId}/observations', (asked) => {
    const record = found(asked);
    const { readingId, code, effectiveAt, note } = asked.body;
    const before = record.observations.find((each) => each.readingId === readingId);
    if (before) return { status: 201, body: before };
    const reading = readingOf(record.patientId, code, readingId, effectiveAt);
    if (!reading) throw new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule');
    const observation: MedicalRecord['observations'][number] = {
      ...{ id: idOf(`observation ${readingId}`), version: 1, status: 'final', author, at: new Date().toISOString() },
      ...{ readingId, effectiveAt, certainty: 'sure', flags: [], ...reading, ...(note && { note }) },
    };
    const observations = [observation, ...record.observations];
    records.set(record.patientId, { ...record, version: record.version + 1, observations });
    return { status: 201, body: observation };
  }),
  on('post', '/api/records/{patientId}/notes', (asked) => {
    const record = found(asked);
    const note = noteOf(asked.body.text, new Date().toISOString(), {
      id: idOf(`note ${record.version} ${Date.now()}`),
    });
    versions.set(note.id, [note]);
    withNotes(record, [note, ...record.notes]);
    return { status: 201, body: note };
  }),
  on('put', '/api/records/{patientId}/notes/{entryId}', (asked) => {
    const record = found(asked);
    const before = versions.get(asked.path.entryId as string)?.[0];
    if (!before) throw notFound('RECORD.ENTRY_NOT_FOUND');
    if (asked.version() !== before.version) throw new Refused(412, 'REQUEST.STALE', 'Somebody else changed this');
    const next = { ...before, ...asked.body, version: before.version + 1, at: new Date().toISOString() };
    versions.set(next.id, [next, ...(versions.get(next.id) ?? [])]);
    const notes = record.notes.map((each) => (each.id === next.id ? next : each));
    withNotes(
      record,
      notes.filter(({ status }) => status !== 'entered-in-error'),
    );
    return { body: next };
  }),
  on('get', '/api/records/{patientId}/notes/{entryId}/versions', (asked) => {
    found(asked);
    return { body: { items: versions.get(asked.path.entryId as string) ?? [] } };
  }),
  on('post', '/api/records/{patientId}/entries/{entryId}/keep-from-guardians', (asked) => {
    const record = found(asked);
    const entryId = asked.path.entryId as string;
    const { keptFromGuardians } = asked.body;
    const marked = <E extends { id: string }>(all: E[]): E[] =>
      all.map((each) => (each.id === entryId ? { ...each, keptFromGuardians } : each));
    const { allergies, conditions, encounters, notes } = record;
    records.set(record.patientId, {
      ...record,
      version: record.version + 1,
      allergies: { ...allergies, items: marked(allergies.items) },
      ...{ conditions: marked(conditions), encounters: marked(encounters), notes: marked(notes) },
    });
    return { body: { entryId, keptFromGuardians } };
  }),
];
