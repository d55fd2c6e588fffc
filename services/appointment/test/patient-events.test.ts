import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { batchOf, type EventToDeliver, signed } from '../../../tests/support/events.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { bookBy, type Practice, startPractice } from './support.ts';

let practice: Practice;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
  secretary = await practice.as({ roles: ['secretary'] });
});
afterAll(() => practice?.stop());

const monday = (time: string) => `2026-11-23T${time}:00+01:00`;

const booked = (start = monday('09:30'), people = {}) => bookBy(practice, secretary, start, people);

const row = async (id: string) => (await practice.sql.query('select * from appointment where id = $1', [id])).rows[0];

const typesTold = (id: string) =>
  practice.published
    .filter(({ data }) => (data as { appointmentId: string }).appointmentId === id)
    .map(({ type }) => type);

describe('events of the patient service', () => {
  const deliver = (event: EventToDeliver) => practice.hear('patient', event);
  const patientEvent = (type: string, data: object) => ({
    id: randomUUID(),
    type,
    source: 'patient',
    specversion: '1.0',
    data,
  });

  it('moves appointments to the surviving patient, cancelling one that would overlap', async () => {
    const intoPatientId = randomUUID();
    const merged = await booked(monday('09:30'));
    const later = await booked(monday('11:00'), { ...merged });
    const clash = await booked(monday('09:30'), { patientId: intoPatientId });
    const event = patientEvent('patient.merged', {
      patientId: merged.patientId,
      version: 2,
      mergedIntoPatientId: intoPatientId,
    });
    expect((await deliver(event)).status).toBe(200);
    expect((await deliver(event)).status).toBe(200);
    expect([await row(merged.id), await row(later.id), await row(clash.id)]).toMatchObject([
      { patient_id: intoPatientId, status: 'cancelled', version: 3 },
      { patient_id: intoPatientId, status: 'booked' },
      { patient_id: intoPatientId, status: 'booked' },
    ]);
    await until(async () => typesTold(merged.id).length === 2);
    expect(typesTold(merged.id)).toEqual(['appointment.booked', 'appointment.cancelled']);
  });

  it('cancels what lies ahead of an erased patient, by the clock of the practice, and forgets reasons', async () => {
    const past = await booked(monday('09:30'));
    const ahead = await booked(monday('10:00'), { ...past });
    await practice.sql.query(
      `update appointment set reason = 'private', corrections = '[{ "reason": "private" }]' where patient_id = $1`,
      [past.patientId],
    );
    const before = practice.clock.now();
    onTestFinished(() => practice.clock.set(before));
    practice.clock.set(new Date(monday('09:45')));
    await deliver(patientEvent('patient.erased', { patientId: past.patientId, version: 2 }));
    expect([await row(past.id), await row(ahead.id)]).toMatchObject([
      { status: 'booked', reason: null, corrections: null },
      { status: 'cancelled', reason: null, cancellation: { at: practice.clock.now().toISOString() } },
    ]);
  });

  it('are taken from the own sidecar only, as deliveries, and only as the patient service signed them', async () => {
    const { id, patientId } = await booked('2099-11-24T09:30:00+01:00');
    const erased = patientEvent('patient.erased', { patientId, version: 2 });
    const send = (event: object, headers: Record<string, string>) =>
      caller(practice.base)('POST', '/events/patient', batchOf(event), headers);
    expect((await send(signed('patient', erased), { 'dapr-api-token': 'a guess' })).status).toBe(401);
    const called = { 'dapr-api-token': appApiToken, 'dapr-caller-app-id': 'practitioner' };
    expect((await send(signed('patient', erased), called)).status).toBe(401);
    expect((await send(erased, { 'dapr-api-token': appApiToken })).status).toBe(200);
    expect(await row(id)).toMatchObject({ status: 'booked' });
    expect((await deliver(patientEvent('patient.invented-later', {}))).status).toBe(200);
  });
});
