import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { buildPatient, hasReading, type Patient, type Practice, startPractice, stored, told } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

const effectiveAt = '2026-11-19T07:12:00.000Z';
const order = (readingId: string, more: object = {}) => ({ readingId, code: '8480-6', effectiveAt, ...more });

async function withReading(more: object = {}): Promise<Patient & { readingId: string }> {
  const patient = await buildPatient(practice);
  const readingId = randomUUID();
  hasReading(practice, { patientId: patient.patientId, readingId, at: effectiveAt, ...more });
  return { ...patient, readingId };
}

const listed = async ({ self, path }: Patient) => (await self('GET', `${path}/observations`)).body.items;

describe('a reading that a practitioner accepts', () => {
  it('becomes an observation, with what wearable says of it, and is told without its value', async () => {
    const deviceId = randomUUID();
    const patient = await withReading({ deviceId, certainty: 'likely', flags: ['device-clock'] });
    const { path, doctor, readingId, patientId, practitionerId } = patient;
    const { status, body } = await doctor('POST', `${path}/observations`, order(readingId, { note: 'At rest' }));
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        status: 'final',
        code: { text: 'Systolic blood pressure', coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
        ...{ value: 148, unit: 'mm[Hg]', effectiveAt, readingId, deviceId, note: 'At rest' },
        ...{ certainty: 'likely', flags: ['device-clock'] },
        author: expect.objectContaining({ practitionerId }),
      }),
    ]);
    expect(await listed(patient)).toMatchObject([{ id: body.id, value: 148 }]);
    const { body: record } = await doctor('GET', path);
    expect(record.observations).toMatchObject([{ id: body.id }]);
    await until(() => told(practice, patientId).length === 2);
    const [, event] = told(practice, patientId);
    expect(event).toMatchObject({ type: 'record.entry-added', data: { kind: 'observation', entryId: body.id } });
    expect(JSON.stringify(event)).not.toContain('148');
  });

  it('twice, or by two at once, is one entry', async () => {
    const { path, doctor, readingId, patientId } = await withReading();
    const accept = () => doctor('POST', `${path}/observations`, order(readingId));
    const answers = [...(await Promise.all([accept(), accept()])), await accept()];
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await stored(practice, patientId))?.entries).toHaveLength(1);
  });

  it('may be marked as entered in error, and accepted again; what was measured stays as it was', async () => {
    const patient = await withReading();
    const { path, doctor, readingId } = patient;
    const { body: first } = await doctor('POST', `${path}/observations`, order(readingId));
    const change = { status: 'entered-in-error', amendmentReason: 'Of another day' };
    const { status, body } = await doctor('PUT', `${path}/observations/${first.id}`, change, { 'if-match': '"v1"' });
    expect([status, body.status, body.value, body.readingId]).toEqual([200, 'entered-in-error', 148, readingId]);
    expect(await listed(patient)).toEqual([]);
    const { body: second } = await doctor('POST', `${path}/observations`, order(readingId));
    expect(second.id).not.toBe(first.id);
    const { body: versions } = await doctor('GET', `${path}/observations/${first.id}/versions`);
    expect(versions.items.map((each: { status: string }) => each.status)).toEqual(['entered-in-error', 'final']);
  });

  it('is one that the patient has, of that code and time', async () => {
    const patient = await withReading();
    const { path, doctor, readingId } = patient;
    const wrong: [object, string, string][] = [
      [order(randomUUID()), 'readingId', 'NO_SUCH_READING'],
      [order(readingId, { effectiveAt: '2026-11-19T08:00:00Z' }), 'readingId', 'NO_SUCH_READING'],
      [order(readingId, { code: 'x' }), 'code', 'NOT_KEPT_HERE'],
      [order(readingId, { effectiveAt: 'yesterday' }), 'effectiveAt', 'INVALID_TIME'],
    ];
    for (const [body, field, code] of wrong) {
      const answer = await doctor('POST', `${path}/observations`, body);
      expect([answer.status, answer.body.fields]).toEqual([422, [expect.objectContaining({ path: field, code })]]);
    }
    const valued = await doctor('POST', `${path}/observations`, order(readingId, { value: 120 }));
    expect(valued.status).toBe(422);
    expect(await listed(patient)).toEqual([]);
  });

  it('is asked for by nobody who may not write', async () => {
    const { path, self, readingId } = await withReading();
    const stranger = await practice.as({ roles: ['practitioner'], practitionerId: randomUUID(), sub: randomUUID() });
    const asked = practice.neighbours.asked.filter((each) => each.startsWith('wearable')).length;
    for (const somebody of [self, stranger])
      expect((await somebody('POST', `${path}/observations`, order(readingId))).status).toBe(403);
    expect(practice.neighbours.asked.filter((each) => each.startsWith('wearable'))).toHaveLength(asked);
  });

  it('is not taken on trust while wearable is away', async () => {
    const patient = await withReading();
    const { path, doctor, readingId } = patient;
    practice.neighbours.unreachable.add('wearable');
    try {
      expect((await doctor('POST', `${path}/observations`, order(readingId))).status).toBe(503);
    } finally {
      practice.neighbours.unreachable.delete('wearable');
    }
    expect(await listed(patient)).toEqual([]);
  });
});
