import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import {
  buildEvent,
  buildPatient,
  completed,
  hear,
  type Practice,
  registered,
  startPractice,
  stored,
  told,
} from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

describe('appointment.completed', () => {
  it('opens one encounter for each appointment, however often it is delivered', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const event = completed(patientId, practitionerId);
    await Promise.all([hear(practice, 'appointment', event), hear(practice, 'appointment', event)]);
    await hear(practice, 'appointment', event);
    await hear(practice, 'appointment', { ...event, id: randomUUID() });
    const { items } = (await doctor('GET', `${path}/encounters`)).body;
    expect(items).toEqual([
      {
        id: expect.any(String),
        version: 1,
        status: 'finished',
        class: 'AMB',
        period: { start: '2026-11-20T08:00:00.000Z', end: '2026-11-20T08:30:00.000Z' },
        practitionerId,
        appointmentId: (event.data as { appointmentId: string }).appointmentId,
        author: { id: 'appointment', role: 'service' },
        at: '2026-11-20T10:00:00.000Z',
      },
    ]);
    await until(() => told(practice, patientId).length === 2);
    expect(told(practice, patientId)[1]?.type).toBe('record.entry-added');
  });

  it('ends the encounter when it is told, if that is before the time that was planned', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const now = practice.clock.now().getTime();
    const [start, end] = [now - 600_000, now + 600_000].map((at) => new Date(at).toISOString());
    const visit = completed(patientId, practitionerId);
    await hear(practice, 'appointment', { ...visit, data: { ...(visit.data as object), start, end } });
    const { items } = (await doctor('GET', `${path}/encounters`)).body;
    expect(items[0].period).toEqual({ start, end: new Date(now).toISOString() });
  });

  it('is taken back by appointment.reopened, and may come again, in one encounter that keeps what it said', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const first = completed(patientId, practitionerId);
    const data = first.data as { appointmentId: string; version: number };
    const as = (type: string, version: number) => buildEvent(type, { ...data, status: 'booked', version });
    const [reopened, again] = [as('appointment.reopened', 4), as('appointment.completed', 5)];
    const all = async () => (await doctor('GET', `${path}/encounters?enteredInError=true`)).body.items;
    for (const event of [first, reopened, reopened, first]) await hear(practice, 'appointment', event);
    expect(await all()).toMatchObject([
      {
        version: 2,
        status: 'entered-in-error',
        appointmentId: data.appointmentId,
        author: { id: 'appointment', role: 'service' },
        amendmentReason: expect.any(String),
      },
    ]);
    expect((await doctor('GET', `${path}/encounters`)).body.items).toEqual([]);
    for (const event of [again, first, reopened, again]) await hear(practice, 'appointment', event);
    const [encounter] = await all();
    expect(encounter).toMatchObject({ version: 3, status: 'finished' });
    expect(encounter).not.toHaveProperty('heard');
    await until(() => told(practice, patientId).length === 4);
    expect(told(practice, patientId).map(({ type }) => type)).toEqual([
      'record.opened',
      'record.entry-added',
      'record.entry-amended',
      'record.entry-amended',
    ]);
  });

  it.each(['arrived', 'noshow'])(
    'that had not taken place leaves no trace when it is reopened from %s',
    async (from) => {
      const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
      const visit = completed(patientId, practitionerId);
      const data = visit.data as { version: number };
      const reopened = { ...data, status: 'booked', version: data.version - 1, reopenedFrom: from };
      await hear(practice, 'appointment', buildEvent('appointment.reopened', reopened));
      const all = async () => (await doctor('GET', `${path}/encounters?enteredInError=true`)).body.items;
      expect(await all()).toEqual([]);
      await hear(practice, 'appointment', visit);
      expect(await all()).toMatchObject([{ version: 1, status: 'finished' }]);
      await until(() => told(practice, patientId).length === 2);
      expect(told(practice, patientId).map(({ type }) => type)).toEqual(['record.opened', 'record.entry-added']);
    },
  );

  it('that is told after it was taken back, opens no encounter that stands', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const late = completed(patientId, practitionerId);
    const data = late.data as { version: number };
    const reopened = { ...data, status: 'booked', version: data.version + 1 };
    await hear(practice, 'appointment', buildEvent('appointment.reopened', reopened));
    await hear(practice, 'appointment', late);
    expect((await doctor('GET', `${path}/encounters`)).body.items).toEqual([]);
    const again = { ...data, version: data.version + 2 };
    await hear(practice, 'appointment', buildEvent('appointment.completed', again));
    const { items } = (await doctor('GET', `${path}/encounters`)).body;
    expect(items).toMatchObject([{ version: 2, status: 'finished' }]);
  });

  it('says nothing of a visit that is kept from guardians and did not take place', async () => {
    const { patientId, practitionerId, path, doctor } = await buildPatient(practice);
    const data = {
      ...(completed(patientId, practitionerId).data as object),
      status: 'booked',
      keptFromGuardians: true,
    };
    await hear(practice, 'appointment', buildEvent('appointment.privacy-changed', data));
    expect((await doctor('GET', `${path}/encounters?enteredInError=true`)).body.items).toEqual([]);
  });

  it('waits for nobody: an encounter may be heard of before the registration', async () => {
    const patientId = randomUUID();
    await hear(practice, 'appointment', completed(patientId, randomUUID()));
    await hear(practice, 'patient', registered(patientId));
    expect((await stored(practice, patientId))?.entries).toHaveLength(1);
  });

  it('leaves other news of appointments alone', async () => {
    const { patientId, practitionerId } = await buildPatient(practice);
    await hear(practice, 'appointment', { ...completed(patientId, practitionerId), type: 'appointment.booked' });
    expect((await stored(practice, patientId))?.entries).toEqual([]);
  });
});
