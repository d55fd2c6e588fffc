import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildPractitioner, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice('2026-11-20T10:00:00Z');
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

/** A patient with two visits, of which one is cancelled, and an entry of the waiting list. */
async function known() {
  const patientId = randomUUID();
  const { practitionerId, typeId: appointmentTypeId } = await buildPractitioner(practice);
  const parties = { patientId, practitionerId, appointmentTypeId };
  const book = async (time: string) => {
    const start = `2026-11-23T${time}:00+01:00`;
    return (await secretary('POST', '/api/appointments', { ...parties, start, reason: 'A sore throat' })).body.id;
  };
  const [kept, cancelled] = [await book('09:00'), await book('10:00')];
  await secretary('POST', `/api/appointments/${cancelled}/cancel`, { reason: 'Another day' });
  const wants = [{ practitionerId, appointmentTypeId }];
  const times = [{ daysOfWeek: ['sun'], startTime: '09:00', endTime: '10:00' }];
  const entry = { patientId, wants, fromDate: '2026-12-01', untilDate: '2027-01-31', times };
  const waits = (await secretary('POST', '/api/waiting-list', entry)).body.id;
  return { patientId, kept, cancelled, waits };
}

async function tell(type: string, data: object, id = randomUUID()) {
  const event = { id, type, source: 'patient', data: { version: 2, ...data } };
  expect((await practice.hear('patient', event)).body.statuses).toMatchObject([{ status: 'SUCCESS' }]);
}

const receipts = (patientId: string) =>
  practice.published.filter(
    ({ type, data }) =>
      type === 'appointment.patient-data-erased' && (data as { patientId: string }).patientId === patientId,
  );

describe('a patient who is erased', () => {
  it('is told of once, however often it is heard: how many of what, and what became of it', async () => {
    const { patientId } = await known();
    const id = randomUUID();
    for (let times = 0; times < 3; times += 1) await tell('patient.erased', { patientId }, id);
    await until(() => receipts(patientId).length > 0);
    expect(receipts(patientId).map(({ data }) => data)).toEqual([
      {
        patientId,
        what: [
          { kind: 'appointments', count: 2, outcome: 'anonymised' },
          { kind: 'waitingListEntries', count: 1, outcome: 'anonymised' },
          { kind: 'keptAnswers', count: expect.any(Number), outcome: 'erased' },
          { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail' },
        ],
      },
    ]);
  });

  it('is told of when the broker is back, by the process that comes after the one that died', async () => {
    const { patientId } = await known();
    practice.broker.failsWith = new Error('away');
    await tell('patient.erased', { patientId });
    practice.broker.failsWith = undefined;
    await practice.restart();
    await until(() => receipts(patientId).length > 0);
    expect(receipts(patientId)).toHaveLength(1);
  });
});

describe('GET /system/patient-data/{id}', () => {
  it('gives patients all visits and what they wait for as they see them, also by an earlier id', async () => {
    const { patientId: earlier, kept, cancelled, waits } = await known();
    const patientId = randomUUID();
    await tell('patient.merged', { patientId: earlier, mergedIntoPatientId: patientId });
    const self = await practice.as({ roles: ['patient'], patientId });
    for (const asked of [patientId, earlier]) {
      const { status, body } = await self('GET', `/system/patient-data/${asked}`);
      expect([status, body.patientId]).toEqual([200, patientId]);
      const { appointments, waitingList } = body.sections;
      expect(appointments.map(({ id }: { id: string }) => id)).toEqual([kept, cancelled]);
      expect(appointments[0]).toMatchObject({ patientId, reason: 'A sore throat' });
      expect(waitingList).toMatchObject([{ id: waits, patientId }]);
      for (const hidden of ['overbooking', 'calendarCheck']) expect(appointments[0]).not.toHaveProperty(hidden);
    }
  });

  it('gives them to nobody else, and of one who was erased to nobody', async () => {
    const { patientId } = await known();
    const [admin, self] = [
      await practice.as({ roles: ['admin'] }),
      await practice.as({ roles: ['patient'], patientId }),
    ];
    const its = `/system/patient-data/${patientId}`;
    expect((await self('GET', its)).body.sections.appointments).toHaveLength(2);
    const stranger = await practice.as({ roles: ['patient'], patientId: randomUUID() });
    const doctor = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    for (const call of [stranger, doctor, secretary, admin, practice.sidecar])
      expect((await call('GET', its)).status).toBe(403);
    await tell('patient.erased', { patientId });
    expect((await self('GET', its)).body.code).toBe('PATIENT.ERASED');
  });
});
