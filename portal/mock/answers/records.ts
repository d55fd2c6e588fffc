import type { recordApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, practitioners, since } from '../people.ts';

type MedicalRecord = recordApi.components['schemas']['RecordResponse'];
type Note = recordApi.components['schemas']['NoteResponse'];

export const records = new Map<string, MedicalRecord>();
/** Of each note all that it said, the newest first. */
const versions = new Map<string, Note[]>();

const [bernard] = practitioners;
/** Who writes here, whoever is signed in. */
export const author = { id: idOf('user dr.bernard'), role: 'practitioner', practitionerId: bernard?.id } as const;

function noteOf(text: string, at: string, more: Partial<Note> = {}): Note {
  return { id: idOf(`note ${text}`), version: 1, status: 'current', text, at, author, ...more };
}

/** A record of which each section has something, and of whom nobody has asked about allergies. */
function begun(patientId: string): MedicalRecord {
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
    patientId,
    version: 4,
    openedAt: since,
    mergedFrom: [],
    patient: { state: 'unavailable' },
    practitioners: {
      state: 'complete',
      items: practitioners.map(({ id, familyName, givenNames }) => ({ id, familyName, givenNames })),
    },
    allergies: { state: 'unknown', items: [] },
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

/** @throws Refused 403, 404 */
export function found({ path, who }: Asked<unknown>): MedicalRecord {
  const patientId = path.patientId as string;
  if (!patients.some(({ id }) => id === patientId)) throw notFound('RECORD.NOT_FOUND');
  if (!who.roles.includes('practitioner') && who.patientId !== patientId)
    throw new Refused(403, 'RECORD.NO_CARE_RELATION', 'The record is not open to you');
  const record = records.get(patientId) ?? begun(patientId);
  records.set(patientId, record);
  return record;
}

function withNotes(record: MedicalRecord, notes: Note[]): void {
  records.set(record.patientId, { ...record, version: record.version + 1, notes });
}

export const recordAnswers: Handler[] = [
  on('get', '/api/records/{patientId}', (asked) => ({ body: found(asked) })),
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
];
