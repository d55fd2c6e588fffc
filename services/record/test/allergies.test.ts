import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { buildPatient, type Practice, penicillin, startPractice, told } from './support.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());

describe('what is known of allergies', () => {
  it('is unknown until somebody records something', async () => {
    const { path, doctor, self } = await buildPatient(practice);
    const unknown = { state: 'unknown', items: [] };
    expect((await doctor('GET', `${path}/allergies`)).body).toEqual(unknown);
    expect((await self('GET', path)).body.allergies).toEqual(unknown);
  });

  it('is none only when somebody stated it, with who and when; stating it again confirms it', async () => {
    const { path, doctor, patientId, practitionerId } = await buildPatient(practice);
    const stated = await doctor('POST', `${path}/allergies/no-known`);
    expect(stated.status).toBe(201);
    expect(stated.body).toMatchObject({
      state: 'none-known',
      statement: { version: 1, author: { practitionerId }, at: '2026-11-20T10:00:00.000Z' },
      items: [],
    });
    await doctor('POST', `${path}/allergies/no-known`);
    expect((await doctor('GET', `${path}/allergies`)).body.statement.version).toBe(2);
    await until(() => told(practice, patientId).length === 3);
    expect(told(practice, patientId).map(({ type, data }) => [type, (data as { kind?: string }).kind])).toEqual([
      ['record.opened', undefined],
      ['record.entry-added', 'allergy'],
      ['record.entry-amended', 'allergy'],
    ]);
  });

  it('is stated, confirmed and withdrawn once by a request whose answer is lost', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    const before = practice.clock.now();
    const changes = [
      ['no-known', 201, undefined],
      ['no-known', 201, undefined],
      ['no-known/withdraw', 200, { amendmentReason: 'A mistake' }],
    ] as const;
    for (const [what, status, body] of changes) {
      const key = { 'idempotency-key': randomUUID() };
      const first = await doctor('POST', `${path}/allergies/${what}`, body, key);
      await practice.loseAnswer(key['idempotency-key']);
      practice.clock.advanceBy(61_000);
      const again = await doctor('POST', `${path}/allergies/${what}`, body, key);
      expect([again.status, again.body]).toEqual([status, first.body]);
    }
    practice.clock.set(before);
    await until(async () => (await practice.journalOf(patientId)).length === 0);
    expect(told(practice, patientId)).toHaveLength(4);
    expect(await practice.documents.findOne({ _id: patientId })).toMatchObject({ version: 4 });
  });

  it('is listed once there is one; the statement falls and does not come back by itself', async () => {
    const { path, doctor, patientId } = await buildPatient(practice);
    await doctor('POST', `${path}/allergies/no-known`);
    const { body: allergy } = await doctor('POST', `${path}/allergies`, penicillin());
    const listed = (await doctor('GET', `${path}/allergies`)).body;
    expect(listed).toMatchObject({ state: 'listed', items: [{ id: allergy.id }] });
    expect(listed).not.toHaveProperty('statement');

    const mistake = penicillin({ verificationStatus: 'entered-in-error', amendmentReason: 'Wrong patient' });
    await doctor('PUT', `${path}/allergies/${allergy.id}`, mistake, { 'if-match': '"v1"' });
    expect((await doctor('GET', `${path}/allergies`)).body).toEqual({ state: 'unknown', items: [] });
    const document = await practice.documents.findOne({ _id: patientId });
    const statement = document?.entries.find(({ kind }) => kind === 'no-known-allergies');
    expect(statement?.versions.map(({ content }) => (content as { status: string }).status)).toEqual([
      'stated',
      'withdrawn',
    ]);
  });

  it('cannot be stated as none while some are listed', async () => {
    const { path, doctor } = await buildPatient(practice);
    await doctor('POST', `${path}/allergies`, penicillin({ clinicalStatus: 'resolved' }));
    const answer = await doctor('POST', `${path}/allergies/no-known`);
    expect([answer.status, answer.body.code]).toEqual([409, 'RECORD.ALLERGIES_LISTED']);
  });

  it('falls back to unknown when a refuted one is the only one', async () => {
    const { path, doctor } = await buildPatient(practice);
    await doctor('POST', `${path}/allergies`, penicillin({ verificationStatus: 'refuted' }));
    const { body } = await doctor('GET', `${path}/allergies`);
    expect([body.state, body.items.length]).toEqual(['unknown', 1]);
    expect((await doctor('POST', `${path}/allergies/no-known`)).body.state).toBe('none-known');
  });

  it('is listed again, and the statement falls, when a refuted one is confirmed after all', async () => {
    const { path, doctor } = await buildPatient(practice);
    const { body } = await doctor('POST', `${path}/allergies`, penicillin({ verificationStatus: 'refuted' }));
    await doctor('POST', `${path}/allergies/no-known`);
    const confirmed = penicillin({ amendmentReason: 'Seen again' });
    await doctor('PUT', `${path}/allergies/${body.id}`, confirmed, { 'if-match': '"v1"' });
    expect((await doctor('GET', `${path}/allergies`)).body.state).toBe('listed');
    const withdrawal = await doctor('POST', `${path}/allergies/no-known/withdraw`, { amendmentReason: 'not needed' });
    expect([withdrawal.status, withdrawal.body.code]).toEqual([409, 'RECORD.NOT_STATED']);
  });

  it('is unknown after the statement was withdrawn', async () => {
    const { path, doctor } = await buildPatient(practice);
    await doctor('POST', `${path}/allergies/no-known`);
    const body = { amendmentReason: 'The patient was not asked' };
    expect((await doctor('POST', `${path}/allergies/no-known/withdraw`, body)).body).toEqual({
      state: 'unknown',
      items: [],
    });
  });

  it('never says both, however writes fall together', async () => {
    const { path, doctor } = await buildPatient(practice);
    const answers = await Promise.all([
      doctor('POST', `${path}/allergies/no-known`),
      doctor('POST', `${path}/allergies`, penicillin()),
      doctor('POST', `${path}/allergies/no-known`),
    ]);
    expect(answers[1].status).toBe(201);
    for (const { status } of [answers[0], answers[2]]) expect([201, 409]).toContain(status);
    expect((await doctor('GET', `${path}/allergies`)).body).toMatchObject({ state: 'listed', items: [{ version: 1 }] });
  });
});
