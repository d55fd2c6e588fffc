import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import {
  addPractitioner,
  buildPatient,
  erased,
  hear,
  merged,
  type Patient,
  type Practice,
  startPractice,
  stored,
} from './support.ts';

const dayMs = 86_400_000;

let practice: Practice;
let patient: Patient;
let path: string;
let practitionerId: string;
/** A practitioner who does not treat the patient. */
let doctor: Caller;
let secretary: Caller;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice?.stop());
beforeEach(async () => {
  practice.neighbours.unreachable.clear();
  patient = await buildPatient(practice);
  path = patient.path;
  practitionerId = addPractitioner(practice);
  doctor = await practice.as({ roles: ['practitioner'], practitionerId, sub: randomUUID() });
  secretary = await practice.as({ roles: ['secretary'], sub: randomUUID() });
});

const inDays = (days: number, more = 0) => new Date(practice.clock.now().getTime() + days * dayMs + more).toISOString();
const give = (by: Caller, overrides: object = {}, at = path) =>
  by('POST', `${at}/grants`, { practitionerId, until: inDays(30), ...overrides });

describe('a grant', () => {
  it('lets a practitioner read and write until its end, as one who treats', async () => {
    expect((await doctor('GET', path)).status).toBe(403);
    const { status, body } = await give(patient.self);
    expect([status, body]).toMatchObject([201, { practitionerId, givenBy: { role: 'patient' } }]);
    const answer = await doctor('GET', path);
    expect([answer.status, 'emergencyAccess' in answer.body]).toEqual([200, false]);
    expect((await doctor('POST', `${path}/notes`, { text: 'Second opinion' })).status).toBe(201);
    practice.clock.advanceBy(30 * dayMs - 1);
    expect((await doctor('GET', path)).status).toBe(200);
    practice.clock.advanceBy(1);
    expect((await doctor('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
  });

  it('is taken back at once, and stays on the list of the patient', async () => {
    const { id } = (await give(patient.self)).body;
    expect((await doctor('GET', path)).status).toBe(200);
    const [first, again] = [
      await patient.self('POST', `${path}/grants/${id}/withdraw`),
      await patient.self('POST', `${path}/grants/${id}/withdraw`),
    ];
    expect([first.status, again.body]).toEqual([200, first.body]);
    expect((await doctor('GET', path)).body.code).toBe('RECORD.NO_CARE_RELATION');
    const { items } = (await patient.self('GET', `${path}/grants`)).body;
    expect(items).toMatchObject([{ id, practitionerId, withdrawnAt: practice.clock.now().toISOString() }]);
    const unknown = await patient.self('POST', `${path}/grants/${randomUUID()}/withdraw`);
    expect(unknown.body.code).toBe('RECORD.NO_SUCH_GRANT');
  });

  it('is recorded as given by a secretary, who sees nothing of the record', async () => {
    expect((await give(secretary)).body).toMatchObject({ givenBy: { role: 'secretary' } });
    expect((await doctor('GET', path)).status).toBe(200);
    expect((await secretary('GET', `${path}/grants`)).body.items).toHaveLength(1);
    expect((await secretary('GET', path)).status).toBe(403);
  });

  it('is never given by the practitioner whom it lets in, nor by others', async () => {
    const { patientId } = patient;
    for (const more of [{}, { patientId }]) {
      const sub = randomUUID();
      const both = await practice.as({ roles: ['secretary', 'practitioner'], practitionerId, ...more, sub });
      expect((await give(both)).body.code).toBe('RECORD.GRANT_TO_YOURSELF');
    }
    const other = await buildPatient(practice);
    expect((await give(other.self)).body.code).toBe('RECORD.NOT_YOUR_RECORD');
    for (const by of [doctor, patient.doctor]) expect((await give(by)).body.code).toBe('ACCESS.ROLE_NOT_ALLOWED');
    expect((await stored(practice, patient.patientId))?.grants).toEqual([]);
  });

  it.each([
    ['a day is not over', () => ({ until: inDays(1, -1) }), 'until'],
    ['a year is over', () => ({ until: inDays(366, 1) }), 'until'],
    ['it has no offset', () => ({ until: '2027-01-01T00:00:00' }), 'until'],
    ['nobody knows the practitioner', () => ({ practitionerId: randomUUID() }), 'practitionerId'],
  ])('is refused when %s', async (_what, overrides, field) => {
    const { status, body } = await give(patient.self, overrides());
    expect([status, body.fields?.[0].path]).toEqual([422, field]);
  });

  it('lasts from a day to a year', async () => {
    for (const until of [inDays(1), inDays(366)]) expect((await give(patient.self, { until })).status).toBe(201);
  });

  it('takes the place of the one before, and twenty others can be in force', async () => {
    await give(patient.self);
    await give(patient.self, { until: inDays(2) });
    const { items } = (await patient.self('GET', `${path}/grants`)).body;
    expect(items.map(({ withdrawnAt }: { withdrawnAt?: string }) => withdrawnAt !== undefined)).toEqual([false, true]);
    const more = Array.from({ length: 20 }, () => addPractitioner(practice));
    const answers = [];
    for (const practitionerId of more) answers.push(await give(patient.self, { practitionerId }));
    expect(answers.map(({ status }) => status)).toEqual([...Array(19).fill(201), 409]);
    expect(answers.at(-1)?.body.code).toBe('RECORD.TOO_MANY_GRANTS');
    expect((await give(patient.self, { until: inDays(3) })).status).toBe(201);
  });

  it('is not given while nobody can say who the practitioner is, and lets in while appointments cannot be asked for', async () => {
    practice.neighbours.unreachable.add('practitioner');
    expect((await give(patient.self)).status).toBe(503);
    practice.neighbours.unreachable.clear();
    await give(patient.self);
    practice.neighbours.unreachable.add('appointment');
    expect((await doctor('GET', path)).status).toBe(200);
  });

  it('goes with the record when the patient is merged, and is gone when they are erased', async () => {
    const kept = await buildPatient(practice);
    const { id } = (await give(patient.self)).body;
    await hear(practice, 'patient', merged(patient.patientId, kept.patientId));
    expect((await doctor('GET', kept.path)).status).toBe(200);
    expect((await kept.self('GET', `${kept.path}/grants`)).body.items).toMatchObject([{ id }]);
    expect((await patient.self('POST', `${path}/grants/${id}/withdraw`)).status).toBe(200);
    expect((await doctor('GET', kept.path)).status).toBe(403);
    await give(kept.self, {}, kept.path);
    await hear(practice, 'patient', erased(kept.patientId));
    expect((await stored(practice, kept.patientId))?.grants).toEqual([]);
    expect((await doctor('GET', kept.path)).status).toBe(403);
    expect((await give(kept.self, {}, kept.path)).body.code).toBe('RECORD.ERASED');
  });

  it('does not let practitioners write in their own record', async () => {
    const both = await practice.as({
      roles: ['patient', 'practitioner'],
      patientId: patient.patientId,
      practitionerId,
      sub: randomUUID(),
    });
    expect((await give(both)).status).toBe(201);
    expect((await both('POST', `${path}/notes`, { text: 'To myself' })).body.code).toBe('RECORD.NO_CARE_RELATION');
  });
});
