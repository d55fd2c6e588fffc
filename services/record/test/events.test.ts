import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { buildEvent, hear, type Practice, registered, startPractice, stored, told } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

describe('patient.registered', () => {
  it('opens one record, however often it is delivered', async () => {
    const patientId = randomUUID();
    const event = registered(patientId);
    await Promise.all([
      hear(practice, 'patient', event),
      hear(practice, 'patient', event),
      hear(practice, 'patient', registered(patientId)),
    ]);
    await hear(practice, 'patient', event);
    expect(await practice.documents.countDocuments({ _id: patientId })).toBe(1);
    await until(() => told(practice, patientId).length > 0);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    expect(told(practice, patientId).map(({ type, data }) => [type, data])).toEqual([
      ['record.opened', { patientId, version: 1 }],
    ]);
  });

  it('is taken in by the hundred at once', async () => {
    const ids = Array.from({ length: 300 }, () => randomUUID());
    await Promise.all(ids.map((id) => hear(practice, 'patient', registered(id))));
    expect(await practice.documents.countDocuments({ _id: { $in: ids } })).toBe(300);
    await until(() => ids.every((id) => told(practice, id).length === 1));
  });
});

describe('event routes', () => {
  it('are for the own sidecar only', async () => {
    const patientId = randomUUID();
    for (const token of [undefined, 'a guess']) {
      const answer = await fetch(`${practice.base}/events/patient`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { 'dapr-api-token': token }) },
        body: JSON.stringify(registered(patientId)),
      });
      expect(answer.status).toBe(401);
    }
    expect(await stored(practice, patientId)).toBeNull();
  });

  it('take what does not fit its schema to look at it later, and pass over kinds of a later age', async () => {
    const misfit = buildEvent('patient.registered', { patientId: 'x' });
    expect((await practice.hear('patient', misfit)).status).toBe(200);
    expect((await practice.hear('patient', buildEvent('patient.of-a-later-age', { any: 'thing' }))).status).toBe(200);
    const admin = await practice.as({ roles: ['admin'] });
    const letters = async () => (await admin('GET', `/system/dead-letters?eventId=${misfit.id}`)).body.items;
    await until(async () => (await letters()).length === 1);
    expect(await letters()).toMatchObject([{ topic: 'patient', code: 'EVENT.NOT_OF_ITS_FORM', tries: 4 }]);
    expect((await admin('POST', '/system/dead-letters/drop', { eventId: misfit.id })).body).toEqual({ count: 1 });
  });
});
