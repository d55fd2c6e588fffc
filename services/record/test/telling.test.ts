import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { buildEvent, buildPatient, type Practice, startPractice, stored, told } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

describe('what is told', () => {
  it('arrives once and in order after the broker was away, and after a restart', async () => {
    practice.broker.failsWith = new Error('the broker is away');
    const { patientId, path, doctor } = await buildPatient(practice);
    for (const text of ['one', 'two']) await doctor('POST', `${path}/notes`, { text });
    expect(await practice.journalOf(patientId)).toHaveLength(3);
    expect(told(practice, patientId)).toEqual([]);
    practice.broker.failsWith = undefined;
    await practice.restart();
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    const events = told(practice, patientId);
    expect(events.map(({ type }) => type)).toEqual(['record.opened', 'record.entry-added', 'record.entry-added']);
    const notes = (await stored(practice, patientId))?.entries.map(({ id }) => id);
    expect(events.slice(1).map(({ data }) => (data as { entryId: string }).entryId)).toEqual(notes);
  });

  it('arrives without a restart once the broker is back', async () => {
    practice.broker.failsWith = new Error('the broker is away');
    const { patientId } = await buildPatient(practice);
    practice.broker.failsWith = undefined;
    await until(() => told(practice, patientId).length === 1);
  });

  // What a process leaves behind that is killed between two steps.
  const note = (patientId: string, version: number, ageMs: number) => {
    const event = buildEvent('record.entry-added', { patientId }, { id: randomUUID(), source: 'record' });
    return {
      _id: `${patientId}:${version}`,
      subject: patientId,
      version,
      events: [{ topic: 'record', event }],
      token: 'of a process that died',
      at: new Date(Date.now() - ageMs),
    };
  };

  it('arrives after a kill between the change and its telling', async () => {
    const { patientId } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.documents.updateOne({ _id: patientId }, { $set: { version: 2 } });
    await practice.journal.insertOne(note(patientId, 2, 0));
    await practice.restart();
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    expect(told(practice, patientId).map(({ type }) => type)).toEqual(['record.opened', 'record.entry-added']);
  });

  it('does not arrive when the change was never made, and the record can be written again', async () => {
    const { patientId, path, doctor } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.journal.insertOne(note(patientId, 2, 11_000));
    expect((await doctor('POST', `${path}/notes`, { text: 'Goes on' })).status).toBe(201);
    await until(() => told(practice, patientId).length === 2);
    expect(told(practice, patientId)[1]?.data).not.toEqual({ patientId });
  });

  it('keeps writers out while another process makes its change', async () => {
    const { patientId, path, doctor } = await buildPatient(practice);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    await practice.journal.insertOne(note(patientId, 2, 0));
    const answer = await doctor('POST', `${path}/notes`, { text: 'Too early' });
    expect([answer.status, answer.body.code]).toEqual([503, 'RECORD.BUSY']);
    expect((await stored(practice, patientId))?.entries).toEqual([]);
  });
});
