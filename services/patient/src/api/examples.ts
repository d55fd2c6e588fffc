import type { ErasureResponse } from './erasure.dto.js';
import type { LegalHoldResponse } from './legal-hold.dto.js';
import type { PatientResponse } from './patient.dto.js';
import type { PatientMatchResponse } from './patient-match.dto.js';
import type { RelatedPersonResponse } from './related-person.dto.js';
import type { SecurityLabelResponse } from './security-label.dto.js';
import type { UnusualAccessResponse } from './unusual-access.dto.js';

/** A made-up patient with an identifier of the test system. */
export const claire: PatientResponse = {
  id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  active: true,
  familyName: 'Lefèvre',
  givenNames: ['Claire', 'Marie'],
  birthName: 'Durand',
  birthDate: '1955-08-14',
  gender: 'female',
  identifiers: [{ system: 'urn:oid:1.2.250.1.213.1.4.10', value: '255081416802538' }],
  telecom: [
    { system: 'phone', value: '+33639981234', use: 'mobile' },
    { system: 'email', value: 'claire.lefevre@example.org' },
  ],
  address: { line: ['12 rue des Lilas'], postalCode: '69003', city: 'Lyon', country: 'FR' },
  contacts: [],
  nextVisit: {
    appointmentId: '019a8f3e-aaaa-7c55-9b1c-3f1b8f5f2d11',
    start: '2026-11-23T08:30:00.000Z',
    status: 'booked',
  },
  warnings: [],
  createdAt: '2026-11-20T16:02:11.000Z',
  updatedAt: '2026-11-20T16:02:11.000Z',
};

/** Somebody whom she chose as carer. */
export const paul: RelatedPersonResponse = {
  id: '019a8f3e-bbbb-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  patientId: claire.id,
  relatedPatientId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d13',
  familyName: 'Lefèvre',
  givenNames: ['Paul'],
  relationship: 'carer',
  sections: ['details', 'appointments'],
  givenBy: 'patient',
  from: '2026-11-20T16:02:11.000Z',
  until: '2027-11-20T16:00:00.000Z',
};

export const aHold: LegalHoldResponse = {
  patientId: claire.id,
  reason: 'legal-claim',
  rule: 'It is needed to make or defend a legal claim (GDPR, article 17(3)(e))',
  until: '2031-12-30T23:00:00.000Z',
  setAt: '2026-11-20T16:02:11.000Z',
  setBy: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
};

export const anErasure: ErasureResponse = {
  patientId: claire.id,
  state: 'waiting',
  erasedAt: '2026-11-23T08:30:00.000Z',
  erasedBy: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  ageHours: 2,
  waitsFor: ['record'],
  patientIds: [claire.id],
  receipts: [
    {
      service: 'auth',
      patientId: claire.id,
      receivedAt: '2026-11-23T08:30:01.000Z',
      what: [
        { kind: 'accounts', count: 1, outcome: 'erased' },
        {
          kind: 'auditTrail',
          outcome: 'kept',
          reason: 'access-trail',
          rule: 'It stays on record who saw or changed data of a patient, never what these said (GDPR, articles 5(2) and 32; EHDS, article 9)',
        },
      ],
    },
  ],
};

export const aLabel: SecurityLabelResponse = {
  patientId: claire.id,
  code: 'VIP',
  setAt: '2026-11-20T16:02:11.000Z',
  setBy: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
};

export const anUnusualAccess: UnusualAccessResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  actor: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  patientId: claire.id,
  day: '2026-11-23',
  reasons: [{ code: 'colleague', text: 'The patient works in the practice' }],
  lines: [
    {
      service: 'record',
      sequence: 4711,
      at: '2026-11-23T08:30:00.000Z',
      action: 'GET /api/records/:patientId',
      purpose: 'TREAT',
    },
  ],
  firstAt: '2026-11-23T08:30:00.000Z',
  lastAt: '2026-11-23T08:30:00.000Z',
  dueAt: '2026-11-30T08:30:20.000Z',
  escalated: false,
};

export const aMatch: PatientMatchResponse = {
  patientId: claire.id,
  active: true,
  familyName: 'Lefèvre',
  givenNames: ['Claire', 'Marie'],
  birthDate: '1955-08-14',
  agreement: { familyName: 'same', givenNames: 'same', birthDate: 'same', email: 'different', phone: 'unknown' },
};
