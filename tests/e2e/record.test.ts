import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, until } from '../support/http.ts';
import { freeSlots, minutesAhead, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let bernard: Caller;
let practitionerId: string;

beforeAll(async () => {
  [secretary, bernard] = await Promise.all([signedInAs('secretary'), signedInAs('dr.bernard')]);
  practitionerId = (await bernard('GET', '/api/auth/me')).body.practitionerId;
});

async function bookWithBernard(patientId: string): Promise<string> {
  const practitioner = (await secretary('GET', `/api/practitioners/${practitionerId}`)).body;
  const receiving = { practitionerId, appointmentTypeId: practitioner.appointmentTypes[0].id, placeId: '' };
  const [start] = await freeSlots(secretary, receiving, 20);
  const { appointmentTypeId } = receiving;
  const answer = await secretary('POST', '/api/appointments', { patientId, practitionerId, appointmentTypeId, start });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

describe('the record of a patient', () => {
  it('is opened by the registration, and by a practitioner only with an appointment', async () => {
    const { id } = await registerPatient(secretary);
    const path = `/api/records/${id}`;
    expect((await secretary('GET', path)).status).toBe(403);
    await until(async () => (await bernard('GET', path)).body.code === 'RECORD.NO_CARE_RELATION');
    const appointmentId = await bookWithBernard(id);
    await until(async () => (await bernard('GET', path)).status === 200);

    const empty = (await bernard('GET', path)).body;
    expect(empty.allergies).toMatchObject({ state: 'unknown' });
    expect((await bernard('POST', `${path}/allergies/no-known`, {})).status).toBeLessThan(300);
    expect((await bernard('GET', path)).body.allergies).toMatchObject({ state: 'none-known' });

    const complete = (which: string) => bernard('POST', `/api/appointments/${which}/complete`);
    expect((await complete(appointmentId)).body.code).toBe('APPOINTMENT.TOO_EARLY');
    const [soon] = minutesAhead(2);
    const { appointmentTypeId } = (await secretary('GET', `/api/appointments/${appointmentId}`)).body;
    const overbook = { reason: 'Came by' };
    const now = { patientId: id, practitionerId, appointmentTypeId, start: soon, overbook };
    const visitId = (await secretary('POST', '/api/appointments', now)).body.id;
    expect((await complete(visitId)).status).toBe(200);
    await until(async () => (await bernard('GET', `${path}/encounters`)).body.items?.length === 1);
    const [encounter] = (await bernard('GET', `${path}/encounters`)).body.items;
    expect(JSON.stringify(encounter)).toContain(visitId);
    const mistake = { reason: 'Another patient' };
    expect((await bernard('POST', `/api/appointments/${visitId}/reopen`, mistake)).status).toBe(200);
    await until(async () => (await bernard('GET', `${path}/encounters`)).body.items?.length === 0);
  });

  it('is read by the patient it is about and by no other', async () => {
    const alice = await signedInAs('alice');
    const { patientId } = (await alice('GET', '/api/auth/me')).body;
    const { id: other } = await registerPatient(secretary);
    expect((await alice('GET', `/api/records/${patientId}`)).status).toBe(200);
    expect([403, 404]).toContain((await alice('GET', `/api/records/${other}`)).status);
  });

  it('has the patient see within five seconds who looked at it', async () => {
    const alice = await signedInAs('alice');
    const { patientId } = (await alice('GET', '/api/auth/me')).body;
    const path = `/api/patients/${patientId}/accesses`;
    const since = new Date().toISOString();
    const { status } = await bernard('GET', `/api/records/${patientId}`);
    let seen: Record<string, unknown> | undefined;
    const look = async () => {
      const { items } = (await alice('GET', path, undefined, { 'accept-language': 'en' })).body;
      seen = items.find(
        ({ at, kind, role }: { at: string; kind: string; role: string }) =>
          at >= since && kind === 'records' && role === 'practitioner',
      );
      return seen !== undefined;
    };
    await until(look, 5_000);
    expect(seen).toMatchObject({ service: 'record', practitionerId, isRefused: status >= 400 });
    expect(seen?.text).toMatch(/Bernard \(a health professional\).* your medical record/);
    expect((await bernard('GET', path)).status).toBe(403);
  });
});
