import { type Handler, notFound, on } from '../operation.ts';
import { idOf, patients } from '../people.ts';

const erasedAt = new Map<string, string>([[idOf('erased before'), new Date(Date.now() - 7_200_000).toISOString()]]);

export const erasedPatientId = idOf('erased before');

export const dataRightsAnswers: Handler[] = [
  // No archive, but a file that is saved as one.
  on('get', '/api/patients/{id}/export', () => ({ headers: { 'Content-Type': 'application/zip' }, body: 'PK' })),
  on('get', '/api/patients/erasures/unfinished', () => ({
    body: {
      items: [...erasedAt].map(([patientId, at]) => ({
        patientId,
        state: 'waiting' as const,
        erasedAt: at,
        ageHours: 2,
        waitsFor: ['record'],
      })),
    },
  })),
  on('get', '/api/patients/{id}/erasure', ({ path }) => {
    const patientId = path.id as string;
    const at = erasedAt.get(patientId);
    if (!at && !patients.some(({ id }) => id === patientId)) throw notFound('PATIENT.NOT_FOUND');
    if (!at) return { body: { patientId, state: 'none' } };
    const receivedAt = new Date(Date.parse(at) + 1_000).toISOString();
    const rule =
      'It stays on record who saw or changed data of a patient, never what these said (GDPR, articles 5(2) and 32; EHDS, article 9)';
    const trail = { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail', rule } as const;
    return {
      body: {
        patientId,
        state: 'waiting',
        erasedAt: at,
        ageHours: 2,
        waitsFor: ['record'],
        receipts: [
          { service: 'auth', patientId, receivedAt, what: [{ kind: 'accounts', count: 1, outcome: 'erased' }, trail] },
          {
            service: 'appointment',
            patientId,
            receivedAt,
            what: [{ kind: 'appointments', count: 12, outcome: 'anonymised' }, trail],
          },
        ],
      },
    };
  }),
  on('post', '/api/patients/{id}/erase', ({ path }) => {
    erasedAt.set(path.id as string, new Date().toISOString());
    return { status: 204, body: undefined };
  }),
];
