import type { AllergyList, AllergyResponse } from './allergy.dto.js';
import type { ConditionResponse } from './condition.dto.js';
import type { EncounterResponse } from './encounter.dto.js';
import type { NoteResponse } from './note.dto.js';
import type { ObservationResponse } from './observation.dto.js';
import type { KeptResponse, RecordResponse } from './record.dto.js';
// Written out in full: tsoa reads these at build time and does not follow every expression.

export const anAllergy: AllergyResponse = {
  version: 1,
  author: {
    id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    role: 'practitioner',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  },
  at: '2026-11-23T08:41:07.000Z',
  id: '019a8f3e-3333-7c55-9b1c-3f1b8f5f2d11',
  code: { text: 'Penicillin' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  criticality: 'high',
  reactions: [{ manifestation: ['Hives'], severity: 'moderate' }],
};

export const anAllergyList: AllergyList = { state: 'listed', items: [anAllergy] };

export const aCondition: ConditionResponse = {
  version: 1,
  author: {
    id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    role: 'practitioner',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  },
  at: '2026-11-23T08:41:07.000Z',
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  code: { text: 'Asthma' },
  clinicalStatus: 'active',
  verificationStatus: 'confirmed',
  onset: '2019-05-31',
};

export const anEncounter: EncounterResponse = {
  version: 1,
  author: {
    id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    role: 'practitioner',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  },
  at: '2026-11-23T08:41:07.000Z',
  id: '019a8f3e-5555-7c55-9b1c-3f1b8f5f2d11',
  status: 'finished',
  class: 'AMB',
  period: { start: '2026-11-23T09:30:00+01:00', end: '2026-11-23T10:00:00+01:00' },
  practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
};

export const aNote: NoteResponse = {
  version: 1,
  author: {
    id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    role: 'practitioner',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  },
  at: '2026-11-23T08:41:07.000Z',
  id: '019a8f3e-6666-7c55-9b1c-3f1b8f5f2d11',
  status: 'current',
  text: 'Sleeps better since the dose was halved.',
};

export const anObservation: ObservationResponse = {
  version: 1,
  author: {
    id: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
    role: 'practitioner',
    practitionerId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  },
  at: '2026-11-23T08:41:07.000Z',
  id: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
  status: 'final',
  code: { text: 'Systolic blood pressure', coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
  value: 132,
  unit: 'mm[Hg]',
  effectiveAt: '2026-11-22T07:12:00.000+01:00',
  readingId: '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11',
  deviceId: '019a8f3e-9999-7c55-9b1c-3f1b8f5f2d11',
  certainty: 'sure',
  flags: [],
};

export const aRecord: RecordResponse = {
  patientId: '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11',
  version: 5,
  openedAt: '2026-11-20T16:02:11.000Z',
  mergedFrom: [],
  patient: { state: 'unavailable' },
  practitioners: {
    state: 'complete',
    items: [{ id: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11', familyName: 'Bernard', givenNames: ['Paul'] }],
  },
  allergies: anAllergyList,
  conditions: [aCondition],
  encounters: [anEncounter],
  notes: [aNote],
  observations: [anObservation],
};

export const aKeptEntry: KeptResponse = { entryId: '019a8f3e-6666-7c55-9b1c-3f1b8f5f2d11', keptFromGuardians: true };
