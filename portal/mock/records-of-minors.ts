import type { recordApi } from '@cabinet/contracts';
import { child, idOf, type Patient, practitioners, since, teenager } from './people.ts';

export type MedicalRecord = recordApi.components['schemas']['RecordResponse'];
export type Note = recordApi.components['schemas']['NoteResponse'];

const [bernard, second] = practitioners;
/** What anybody may have written. */
export const author = { id: idOf('user dr.bernard'), role: 'practitioner', practitionerId: bernard?.id } as const;
const other = { id: idOf('user of the second'), role: 'practitioner', practitionerId: second?.id } as const;
const system = { id: 'appointment', role: 'service' } as const;

/** A record in which nobody has written anything. */
export const emptyRecord = ({ id, active, familyName, givenNames, birthDate, gender }: Patient): MedicalRecord => ({
  patientId: id,
  version: 1,
  openedAt: since,
  mergedFrom: [],
  patient: { state: 'complete', facts: { id, active, familyName, givenNames, birthDate, gender } },
  practitioners: {
    state: 'complete',
    items: practitioners.map((each) => ({
      id: each.id,
      familyName: each.familyName,
      givenNames: each.givenNames,
    })),
  },
  allergies: { state: 'unknown', items: [] },
  conditions: [],
  encounters: [],
  notes: [],
  observations: [],
});

const note: Note = {
  id: idOf('note of the teenager'),
  version: 2,
  author,
  at: '2026-05-11T08:40:00Z',
  amendmentReason: 'It was for a friend',
  status: 'current',
  text: 'Asks about contraception for a friend.',
  keptFromGuardians: true,
};

/** Of each note all that it said, the newest first. */
export const notesOfMinors: readonly [string, Note[]][] = [
  [
    note.id,
    [
      note,
      {
        ...{ id: note.id, version: 1, author: other, at: '2026-02-03T10:00:00Z' },
        ...{ status: 'current', text: 'Asks about contraception.', keptFromGuardians: true },
      },
    ],
  ],
];

/** A minor of whom something of each kind is written, and one of whom nothing is. */
export const recordsOfMinors: readonly MedicalRecord[] = [
  {
    ...emptyRecord(teenager),
    version: 6,
    allergies: {
      state: 'listed',
      items: [
        {
          ...{ id: idOf('allergy of the teenager'), version: 1, author: other, at: '2026-02-03T10:00:00Z' },
          code: { text: 'Penicillin' },
          clinicalStatus: 'active',
          verificationStatus: 'confirmed',
          type: 'allergy',
          category: 'medication',
          criticality: 'high',
          onset: '2026-01',
          reactions: [{ manifestation: ['hives', 'swollen lips'], severity: 'moderate', onset: '2026-01-31' }],
        },
      ],
    },
    conditions: [
      {
        ...{ id: idOf('condition of the teenager'), version: 1, author, at: '2026-05-11T08:35:00Z' },
        code: { text: 'Migraine' },
        clinicalStatus: 'remission',
        verificationStatus: 'confirmed',
        severity: 'moderate',
        onset: '2024',
        note: 'Less often since the summer.',
      },
    ],
    encounters: [
      {
        ...{ id: idOf('encounter of the teenager'), version: 1, author: system, at: '2026-05-11T09:00:00Z' },
        status: 'finished',
        class: 'AMB',
        period: { start: '2026-05-11T08:00:00Z', end: '2026-05-11T08:30:00Z' },
        practitionerId: bernard?.id as string,
      },
    ],
    notes: [note],
  },
  emptyRecord(child),
];
