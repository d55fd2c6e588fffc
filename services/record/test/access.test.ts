import { randomUUID } from 'node:crypto';
import type { Role } from '@cabinet/kit/access/principal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type Patient, type Practice, penicillin, startPractice } from './support.ts';

let practice: Practice;
let patient: Patient;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());
beforeEach(async () => {
  practice.neighbours.unreachable.clear();
  patient = await buildPatient(practice);
});

const stranger = (roles: Role[], links: { patientId?: string; practitionerId?: string } = {}) =>
  practice.as({ roles, sub: randomUUID(), ...links });

const entryId = randomUUID();
const reads = ['', '/allergies', '/conditions', '/encounters', '/notes', `/notes/${entryId}/versions`];
const writes: [string, string, object | undefined][] = [
  ['POST', '/allergies', penicillin()],
  ['POST', '/allergies/no-known', undefined],
  ['POST', '/notes', { text: 'Written by a stranger' }],
  ['PUT', `/notes/${entryId}`, { text: 'Amended by a stranger', amendmentReason: 'because' }],
];

async function refusals(call: Caller, path: string): Promise<(string | number)[][]> {
  const answers = [];
  for (const read of reads) answers.push(await call('GET', path + read));
  for (const [method, part, body] of writes)
    answers.push(await call(method, path + part, body, { 'if-match': '"v1"' }));
  return answers.map(({ status, body }) => [status, body.code]);
}

describe('a record', () => {
  it.each([
    ['a secretary', ['secretary'], 'ACCESS.ROLE_NOT_ALLOWED'],
    ['an admin', ['admin'], 'ACCESS.ROLE_NOT_ALLOWED'],
    ['a practitioner without appointment', ['practitioner'], 'RECORD.NO_CARE_RELATION'],
  ] as [string, Role[], string][])('is closed to %s', async (_who, roles, code) => {
    const call = await stranger(roles, { practitionerId: randomUUID() });
    const found = await refusals(call, patient.path);
    expect(found).toEqual(found.map(() => [403, code]));
    const document = await practice.documents.findOne({ _id: patient.patientId });
    expect(document?.entries).toEqual([]);
  });

  it('is closed to another patient, and to a practitioner nobody is linked to', async () => {
    const other = await stranger(['patient'], { patientId: randomUUID() });
    expect((await other('GET', patient.path)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    const unlinked = await stranger(['patient']);
    expect((await unlinked('GET', patient.path)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    const doctor = await stranger(['practitioner']);
    expect((await doctor('GET', patient.path)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('is read, and not written, by the patient', async () => {
    await patient.doctor('POST', `${patient.path}/allergies`, penicillin());
    for (const part of reads.slice(0, 5)) expect((await patient.self('GET', patient.path + part)).status).toBe(200);
    for (const [method, part, body] of writes) {
      const answer = await patient.self(method, patient.path + part, body, { 'if-match': '"v1"' });
      expect([answer.status, answer.body.code]).toEqual([403, 'ACCESS.ROLE_NOT_ALLOWED']);
    }
  });

  it('is not written by a practitioner who is the patient but not their own doctor', async () => {
    const both = await stranger(['patient', 'practitioner'], {
      patientId: patient.patientId,
      practitionerId: randomUUID(),
    });
    expect((await both('GET', patient.path)).status).toBe(200);
    const answer = await both('POST', `${patient.path}/notes`, { text: 'To myself' });
    expect([answer.status, answer.body.code]).toEqual([403, 'RECORD.NO_CARE_RELATION']);
  });

  it('does not tell strangers whether there is such a patient', async () => {
    const doctor = await stranger(['practitioner'], { practitionerId: randomUUID() });
    const other = await stranger(['patient'], { patientId: randomUUID() });
    for (const call of [doctor, other]) {
      const there = await call('GET', patient.path);
      const notThere = await call('GET', `/api/records/${randomUUID()}`);
      expect([notThere.status, notThere.body.code]).toEqual([there.status, there.body.code]);
    }
  });

  it('answers 404 to those who may know that there is none yet', async () => {
    const practitionerId = randomUUID();
    const patientId = randomUUID();
    practice.neighbours.relations.add(`${patientId} ${practitionerId}`);
    const doctor = await stranger(['practitioner'], { practitionerId });
    expect((await doctor('GET', `/api/records/${patientId}`)).body.code).toBe('RECORD.NOT_FOUND');
    const self = await stranger(['patient'], { patientId });
    expect((await self('GET', `/api/records/${patientId}`)).body.code).toBe('RECORD.NOT_FOUND');
  });

  it('needs a token, and an id that is one', async () => {
    const nobody = await fetch(practice.base + patient.path);
    expect(nobody.status).toBe(401);
    expect((await patient.doctor('GET', '/api/records/not-an-id')).status).toBe(422);
  });

  it('is found by its id in capitals as well', async () => {
    const answer = await patient.doctor('GET', `/api/records/${patient.patientId.toUpperCase()}`);
    expect([answer.status, answer.body.patientId]).toEqual([200, patient.patientId]);
  });
});

describe('the care relation', () => {
  const countAsked = () => practice.neighbours.asked.filter((question) => question.startsWith('appointment ')).length;

  it('is never taken on trust: 503 while it cannot be asked for', async () => {
    practice.neighbours.unreachable.add('appointment');
    for (const answer of [
      await patient.doctor('GET', patient.path),
      await patient.doctor('GET', `${patient.path}/allergies`),
      await patient.doctor('POST', `${patient.path}/notes`, { text: 'x' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([503, 'NEIGHBOUR.UNAVAILABLE']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toMatch(/items|state/);
    }
    expect((await patient.self('GET', `${patient.path}/allergies`)).status).toBe(200);
    practice.neighbours.unreachable.clear();
    expect((await patient.doctor('GET', `${patient.path}/allergies`)).status).toBe(200);
  });

  it('is remembered for five seconds when there is one', async () => {
    const before = countAsked();
    await patient.doctor('GET', `${patient.path}/notes`);
    await patient.doctor('GET', `${patient.path}/notes`);
    expect(countAsked()).toBe(before + 1);
    practice.clock.advanceBy(4_999);
    await patient.doctor('GET', `${patient.path}/notes`);
    expect(countAsked()).toBe(before + 1);
    practice.clock.advanceBy(1);
    await patient.doctor('GET', `${patient.path}/notes`);
    expect(countAsked()).toBe(before + 2);
  });

  it('closes the record within five seconds of its end', async () => {
    const relation = `${patient.patientId} ${patient.practitionerId}`;
    expect((await patient.doctor('GET', patient.path)).status).toBe(200);
    practice.neighbours.relations.delete(relation);
    practice.clock.advanceBy(5_000);
    expect((await patient.doctor('GET', patient.path)).body.code).toBe('RECORD.NO_CARE_RELATION');
    practice.neighbours.relations.add(relation);
    practice.clock.advanceBy(5_000);
  });

  it('opens the record within five seconds of the first appointment', async () => {
    const practitionerId = randomUUID();
    const doctor = await stranger(['practitioner'], { practitionerId });
    expect((await doctor('GET', patient.path)).status).toBe(403);
    practice.neighbours.relations.add(`${patient.patientId} ${practitionerId}`);
    expect((await doctor('GET', patient.path)).status).toBe(403);
    practice.clock.advanceBy(5_000);
    expect((await doctor('GET', patient.path)).status).toBe(200);
  });
});

describe('GET /api/records/{patientId}', () => {
  it('joins what the record holds with what its owners say of patient and practitioners', async () => {
    await patient.doctor('POST', `${patient.path}/allergies`, penicillin());
    const answer = await patient.doctor('GET', patient.path);
    expect(answer.headers.get('etag')).toBe('"v2"');
    expect(answer.body).toMatchObject({
      patientId: patient.patientId,
      version: 2,
      patient: { state: 'complete', facts: { familyName: 'Lefèvre', birthDate: '1980-01-31' } },
      practitioners: { state: 'complete', items: [{ id: patient.practitionerId, familyName: 'Bernard' }] },
      allergies: { state: 'listed', items: [{ code: { text: 'Penicillin' } }] },
      conditions: [],
      encounters: [],
      notes: [],
    });
    const document = await practice.documents.findOne({ _id: patient.patientId });
    expect(JSON.stringify(document)).not.toMatch(/Lefèvre|Bernard/);
  });

  it('says which section is unavailable, and shows the rest', async () => {
    await patient.doctor('POST', `${patient.path}/allergies`, penicillin());
    practice.neighbours.unreachable.add('patient').add('practitioner');
    const { status, body } = await patient.doctor('GET', patient.path);
    expect(status).toBe(200);
    expect(body.patient).toEqual({ state: 'unavailable' });
    expect(body.practitioners).toEqual({ state: 'unavailable' });
    expect(body.allergies.items).toHaveLength(1);
  });

  it('calls a patient that the patient service does not know unavailable, not empty', async () => {
    practice.neighbours.patients.delete(patient.patientId);
    expect((await patient.doctor('GET', patient.path)).body.patient).toEqual({ state: 'unavailable' });
  });
});
