import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildAppointment, buildIns, buildPatient, type PatientService, startService, testSystem } from './support.ts';

let service: PatientService;
let secretary: Caller;
let admin: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

async function register(overrides: object = {}, headers = {}): Promise<string> {
  const answer = await secretary('POST', '/api/patients?acceptDuplicate=true', buildPatient(overrides), headers);
  if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

const get = async (id: string) => (await secretary('GET', `/api/patients/${id}`)).body;
const merge = (id: string, intoPatientId: string, headers = {}) =>
  secretary('POST', `/api/patients/${id}/merge`, { intoPatientId }, headers);

describe('POST /api/patients/{id}/merge', () => {
  it('leaves one patient with the details and visits of both, and a pointer', async () => {
    const ins = buildIns();
    const telecom = [{ system: 'phone', value: '+33639981234' }];
    const wrong = await register({ identifiers: [ins], telecom, birthName: 'Durand' });
    const right = await register({ familyName: 'Srqponm', telecom: [{ system: 'email', value: 'a@example.org' }] });
    await service.deliver({ type: 'appointment.booked', data: buildAppointment({ patientId: wrong }) });

    const answer = await merge(wrong, right, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({ id: right, familyName: 'Srqponm', birthName: 'Durand', identifiers: [ins] });
    expect(answer.body.telecom).toHaveLength(2);
    expect(answer.body.nextVisit).toMatchObject({ start: '2026-11-23T08:30:00.000Z' });
    expect(await get(wrong)).toMatchObject({
      mergedInto: right,
      active: false,
      inactiveReason: 'merged',
      identifiers: [],
    });
    expect(await service.told(wrong, 2)).toEqual(['patient.registered', 'patient.merged']);
    expect(await service.told(right, 2)).toEqual(['patient.registered', 'patient.updated']);
    const found = await secretary('POST', '/api/patients/search', { identifier: ins });
    expect(found.body.items).toMatchObject([{ id: right }]);

    // Events that were on their way still name the merged one.
    const late = buildAppointment({ patientId: wrong, start: '2026-11-21T08:30:00Z' });
    await service.deliver({ type: 'appointment.booked', data: late });
    expect((await get(right)).nextVisit.start).toBe('2026-11-21T08:30:00.000Z');
  });

  it('has the one who stays see who saw either, by either id', async () => {
    const [wrong, right] = [await register(), await register()];
    await get(wrong);
    await merge(wrong, right);
    const self = await service.as({ roles: ['patient'], patientId: right, sub: randomUUID() });
    const seen = ['POST /:id/merge', 'GET /:id', 'POST ', 'POST '];
    for (const id of [wrong, right]) {
      const { status, body } = await self('GET', `/system/accesses/${id}`);
      expect([status, body.items.map(({ action }: { action: string }) => action.replace('/api/patients', ''))]).toEqual(
        [200, seen],
      );
    }
    const stranger = await service.as({ roles: ['patient'], patientId: await register() });
    expect((await stranger('GET', `/system/accesses/${wrong}`)).status).toBe(403);
  });

  it('leaves what can be sent back as it was read, however much the two had, and lets it grow no further', async () => {
    const numbers = (first: number) =>
      Array.from({ length: 6 }, (_, nth) => ({ system: 'phone', value: `+336399881${first + nth}` }));
    const contact = (nth: number) => ({
      relationship: 'other',
      familyName: `Proche ${nth}`,
      givenNames: [],
      telecom: [],
    });
    const contacts = (first: number) => Array.from({ length: 7 }, (_, nth) => contact(first + nth));
    const wrong = await register({ telecom: numbers(10), contacts: contacts(0) });
    const right = await register({ telecom: numbers(20), contacts: contacts(10) });
    const { body, headers } = await merge(wrong, right);
    expect([body.telecom.length, body.contacts.length]).toEqual([12, 14]);
    const { familyName, givenNames, birthDate, gender, identifiers, telecom } = body;
    const sent = { familyName, givenNames, birthDate, gender, identifiers, telecom, contacts: body.contacts };
    const version = { 'if-match': headers.get('etag') as string };
    const put = (more: object) => secretary('PUT', `/api/patients/${right}`, { ...sent, ...more }, version);
    expect((await put({ telecom: [...telecom, ...numbers(30)] })).body.fields).toMatchObject([
      { path: 'telecom', code: 'TOO_MANY' },
    ]);
    const same = await put({});
    expect([same.status, same.body.version]).toEqual([200, body.version]);
    expect((await put({ telecom: telecom.slice(0, 11) })).body.telecom).toHaveLength(11);
    expect((await secretary('POST', '/api/patients', buildPatient({ telecom: telecom.slice(0, 11) }))).status).toBe(
      422,
    );
  });

  it('refuses to bring together more than one patient can have, and says of what', async () => {
    const into = await register();
    const answers = [];
    for (let first = 0; first < 60; first += 10) {
      const telecom = Array.from({ length: 10 }, (_, nth) => ({
        system: 'phone',
        value: `+336399870${10 + first + nth}`,
      }));
      answers.push(await merge(await register({ telecom }), into));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 409]);
    expect(answers.at(-1)?.body).toMatchObject({ code: 'PATIENT.MERGE_TOO_MUCH', fields: [{ path: 'telecom' }] });
  });

  it('leads on from an old id, to the visits and the duplicates of the patient it is now', async () => {
    const names = { familyName: 'Ponmlkj', givenNames: ['Anna'], birthDate: '1981-02-03' };
    const [old, id, alike] = [await register(names), await register(names), await register(names)];
    await merge(old, id);
    await service.deliver({ type: 'appointment.booked', data: buildAppointment({ patientId: id }) });
    expect(await get(old)).toMatchObject({ mergedInto: id, nextVisit: { start: '2026-11-23T08:30:00.000Z' } });
    const { body } = await secretary('GET', `/api/patients/${old}/duplicates`);
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([alike]);
    const other = await register();
    expect((await merge(other, old)).body).toMatchObject({ code: 'PATIENT.MERGE_TARGET', mergedInto: id });
  });

  it('leaves somebody who has died as dead, whichever of the two was recorded so', async () => {
    const [dead, kept] = [await register(), await register()];
    await secretary('DELETE', `/api/patients/${dead}?reason=deceased`, undefined, { 'if-match': '"v1"' });
    const answer = await merge(dead, kept);
    expect(answer.body).toMatchObject({ id: kept, active: false, inactiveReason: 'deceased' });
    expect(await service.told(kept, 2)).toEqual(['patient.registered', 'patient.updated']);
    const [told] = service.published.filter(
      ({ type, data }) => type === 'patient.updated' && (data as { patientId: string }).patientId === kept,
    );
    expect(told?.data).toMatchObject({ changed: ['active', 'inactiveReason'] });
  });

  it('is for somebody else than the patient, whatever else they are in the practice', async () => {
    const [own, other] = [await register(), await register()];
    const self = await service.as({ roles: ['patient', 'admin', 'practitioner'], patientId: own });
    const refusals = [
      await self('POST', `/api/patients/${own}/merge`, { intoPatientId: other }),
      await self('POST', `/api/patients/${other}/merge`, { intoPatientId: own }),
      await self('POST', `/api/patients/${own}/erase`),
      await self('DELETE', `/api/patients/${own}`, undefined, { 'if-match': '"v1"' }),
      await self('PUT', `/api/patients/${own}`, buildPatient(), { 'if-match': '"v1"' }),
      await self('PATCH', `/api/patients/${own}`, { birthName: 'Autre' }, { 'if-match': '"v1"' }),
    ];
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual(
      refusals.map(() => [403, 'ACCESS.NOT_YOUR_FIELD']),
    );
    expect((await get(own)).version).toBe(1);
    const telecom = [{ system: 'phone', value: '0639981234' }];
    expect((await self('PATCH', `/api/patients/${own}`, { telecom }, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await self('PATCH', `/api/patients/${other}`, { birthName: 'Autre' }, { 'if-match': '"v1"' })).status).toBe(
      200,
    );
  });

  it('can be repeated without effect, and follows earlier merges', async () => {
    const [a, b, c] = [await register(), await register(), await register()];
    expect((await merge(a, b)).status).toBe(200);
    expect((await merge(a, b)).status).toBe(200);
    expect((await merge(b, c)).status).toBe(200);
    expect([(await get(a)).mergedInto, (await get(b)).mergedInto]).toEqual([c, c]);
    expect(await service.told(a, 3)).toEqual(['patient.registered', 'patient.merged', 'patient.merged']);
  });

  it('refuses two people whose identifiers differ, and changes neither', async () => {
    const [a, b] = [await register({ identifiers: [buildIns()] }), await register({ identifiers: [buildIns()] })];
    const answer = await merge(a, b);
    expect([answer.status, answer.body.code]).toEqual([409, 'PATIENT.MERGE_CONTRADICTION']);
    expect([(await get(a)).version, (await get(b)).version]).toEqual([1, 1]);
  });

  it('refuses a target that is the same, unknown, inactive or merged, and a stale version', async () => {
    const [a, b, c] = [await register(), await register(), await register()];
    expect((await merge(a, a)).body.fields).toMatchObject([{ path: 'intoPatientId', code: 'SAME_PATIENT' }]);
    expect((await merge(a, randomUUID())).body.fields).toMatchObject([{ code: 'NO_SUCH_PATIENT' }]);
    expect((await merge(randomUUID(), a)).status).toBe(404);
    expect((await merge(a, b, { 'if-match': '"v9"' })).status).toBe(412);
    await merge(b, c);
    expect((await merge(a, b)).body.code).toBe('PATIENT.MERGE_TARGET');
    expect((await merge(b, a)).body).toMatchObject({ code: 'PATIENT.MERGED', mergedInto: c });
    expect((await secretary('POST', `/api/patients/${a}/merge`, { intoPatientId: 'me' })).status).toBe(422);
    expect((await get(a)).version).toBe(1);
  });

  it('lets a merged patient be read but not changed', async () => {
    const [a, b] = [await register(), await register()];
    await merge(a, b);
    const answer = await secretary('PATCH', `/api/patients/${a}`, { gender: 'other' }, { 'if-match': '"v2"' });
    expect(answer.body).toMatchObject({ status: 409, code: 'PATIENT.MERGED', mergedInto: b });
  });

  it('merges two into each other at the same moment in one direction only', async () => {
    const [a, b] = [await register(), await register()];
    const answers = await Promise.all([merge(a, b), merge(b, a)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('POST /api/patients/{id}/erase', () => {
  it('leaves nothing of the person anywhere in the database but the bare id', async () => {
    const familyName = `Rqponml${randomUUID().slice(0, 8)}`;
    const ins = buildIns();
    const email = `${familyName.toLowerCase()}@example.org`;
    const contacts = [{ relationship: 'spouse', familyName: `Conjoint${familyName}` }];
    const key = { 'idempotency-key': randomUUID() };
    const telecom = [{ system: 'email', value: email }];
    const id = await register({ familyName, identifiers: [ins], telecom, contacts }, key);
    const earlier = await register({ familyName: `Bis${familyName}` });
    await merge(earlier, id);
    await service.deliver({ type: 'appointment.booked', data: buildAppointment({ patientId: id }) });

    expect((await secretary('POST', `/api/patients/${id}/erase`)).status).toBe(403);
    expect((await admin('POST', `/api/patients/${earlier}/erase`)).body.code).toBe('PATIENT.MERGED');
    expect((await admin('POST', `/api/patients/${id}/erase`)).status).toBe(204);

    for (const each of [id, earlier]) {
      const gone = await secretary('GET', `/api/patients/${each}`);
      expect([gone.status, gone.body.code]).toEqual([410, 'PATIENT.ERASED']);
    }
    expect(await service.told(id, 2)).toContain('patient.erased');
    expect((await service.told(earlier, 3)).at(-1)).toBe('patient.erased');
    await service.deliver({ type: 'appointment.cancelled', data: buildAppointment({ patientId: id, version: 2 }) });
    const tables = [
      'patient',
      'patient_identifier',
      'visit',
      'outbox',
      'idempotency_key',
      'waiting_event',
      'dead_letter',
      'audit_event',
    ];
    for (const table of tables) {
      const { rows } = await service.sql.query(`select row_to_json(t)::text as row from ${table} t`);
      const text = rows
        .map(({ row }) => row)
        .join('\n')
        .toLowerCase();
      expect([table, text.includes(familyName.toLowerCase()), text.includes(ins.value)]).toEqual([table, false, false]);
    }
    expect((await service.sql.query('select 1 from visit where patient_id = $1', [id])).rows).toEqual([]);
  });

  it('frees the identifier, answers 410 a second time and 404 for an unknown id', async () => {
    const ins = { system: testSystem, value: buildIns().value };
    const id = await register({ identifiers: [ins] });
    expect((await admin('POST', `/api/patients/${id}/erase`, undefined, { 'if-match': '"v7"' })).status).toBe(412);
    await admin('POST', `/api/patients/${id}/erase`);
    expect((await admin('POST', `/api/patients/${id}/erase`)).status).toBe(410);
    expect((await admin('POST', `/api/patients/${randomUUID()}/erase`)).status).toBe(404);
    await register({ identifiers: [ins] });
    const other = await register();
    expect((await merge(other, id)).body.code).toBe('PATIENT.MERGE_TARGET');
    expect((await secretary('PATCH', `/api/patients/${id}`, {}, { 'if-match': '"v2"' })).status).toBe(410);
  });
});
