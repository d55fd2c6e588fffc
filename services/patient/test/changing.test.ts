import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, until } from '../../../tests/support/http.ts';
import { buildIns, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

async function registered(overrides: object = {}) {
  const request = buildPatient(overrides);
  const { status, body } = await secretary('POST', '/api/patients', request);
  if (status !== 201) throw new Error(`not registered: ${JSON.stringify(body)}`);
  return { id: body.id as string, request, path: `/api/patients/${body.id}` };
}

const v = (version: number) => ({ 'if-match': `"v${version}"` });
const changesTold = (id: string) =>
  service.published
    .map(({ data }) => data as { patientId: string; changed?: string[] })
    .filter((data) => data.patientId === id && data.changed)
    .map(({ changed }) => changed);

describe('PATCH /api/patients/{id}', () => {
  it('leaves what is left out, clears what is null, and tells which fields changed', async () => {
    const address = { line: ['4 rue Neuve'], postalCode: '69003', city: 'Lyon' };
    const { id, path, request } = await registered({ address, birthName: 'Durand', identifiers: [buildIns()] });
    const answer = await secretary('PATCH', path, { birthName: null, gender: 'other' }, v(1));
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({ version: 2, gender: 'other', familyName: request.familyName, address });
    expect(answer.body).not.toHaveProperty('birthName');
    expect(answer.body.identifiers).toHaveLength(1);
    expect(await service.told(id, 2)).toEqual(['patient.registered', 'patient.updated']);
    expect(changesTold(id)).toEqual([['birthName', 'gender']]);
    const cleared = await secretary('PATCH', path, { address: null, identifiers: null, telecom: null }, v(2));
    expect(cleared.body).toMatchObject({ version: 3, identifiers: [], telecom: [] });
    expect(cleared.body).not.toHaveProperty('address');
    expect((await secretary('GET', path)).body.identifiers).toEqual([]);
  });

  it('finds the patient by the new name and no longer by the old', async () => {
    const { id, path, request } = await registered();
    await secretary('PATCH', path, { familyName: 'Tsrqpon' }, v(1));
    const found = await secretary('GET', '/api/patients?q=tsrqpon');
    expect(found.body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    expect((await secretary('GET', `/api/patients?q=${request.familyName}`)).body.items).toEqual([]);
  });

  it('changes nothing and tells nothing when all is as it was', async () => {
    const telecom = [{ value: '0639981234', system: 'phone' }];
    const { id, path, request } = await registered({ telecom });
    const answer = await secretary('PATCH', path, { telecom, familyName: request.familyName }, v(1));
    expect([answer.status, answer.body.version]).toEqual([200, 1]);
    await secretary('PATCH', path, { gender: 'unknown' }, v(1));
    expect(await service.told(id, 2)).toEqual(['patient.registered', 'patient.updated']);
  });

  it('wants the version, refuses a stale one, and lets one of two writers win', async () => {
    const { path } = await registered();
    const missing = await secretary('PATCH', path, { gender: 'other' });
    expect([missing.status, missing.body.code]).toEqual([428, 'REQUEST.IF_MATCH_REQUIRED']);
    const answers = await Promise.all([
      secretary('PATCH', path, { familyName: 'Premier' }, v(1)),
      secretary('PATCH', path, { familyName: 'Second' }, v(1)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const stale = await secretary('PATCH', path, { gender: 'other' }, v(1));
    expect([stale.status, stale.body.code]).toEqual([412, 'REQUEST.STALE_VERSION']);
    for (const odd of ['v2', 'W/"v2"', '"v1", "v3"', '"*"']) {
      expect((await secretary('PATCH', path, { gender: 'other' }, { 'if-match': odd })).status).toBe(412);
    }
    expect((await secretary('GET', path)).body.version).toBe(2);
  });

  it.each([
    [{ birthDate: '2020-02-31' }, 'birthDate NO_SUCH_DATE'],
    [{ familyName: null }, 'familyName INVALID'],
    [{ address: { line: [], postalCode: '69003', city: 'x'.repeat(101) } }, 'address.city TOO_LONG'],
    [{ birthName: 'x'.repeat(101) }, 'birthName TOO_LONG'],
    [{ id: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11' }, 'id UNKNOWN_FIELD'],
    [{ version: 7 }, 'version UNKNOWN_FIELD'],
  ])('refuses %j and changes nothing', async (patch, field) => {
    const { path } = await registered();
    const answer = await secretary('PATCH', path, patch, v(1));
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map(({ path: at, code }: { path: string; code: string }) => `${at} ${code}`)).toEqual([
      field,
    ]);
    expect((await secretary('GET', path)).body.version).toBe(1);
  });

  it('refuses the identifier of another patient', async () => {
    const identifiers = [buildIns()];
    const holder = await registered({ identifiers });
    const { path } = await registered({ birthDate: '1990-09-09' });
    const answer = await secretary('PATCH', path, { identifiers }, v(1));
    expect([answer.status, answer.body.code, answer.body.patientId]).toEqual([
      409,
      'PATIENT.IDENTIFIER_TAKEN',
      holder.id,
    ]);
    expect((await secretary('GET', path)).body).toMatchObject({ version: 1, identifiers: [] });
  });

  it('lets patients change how they can be reached, and nothing else', async () => {
    const { id, path } = await registered();
    const patient = await service.as({ roles: ['patient'], patientId: id });
    const reached = await patient('PATCH', path, { telecom: [{ system: 'phone', value: '0639981234' }] }, v(1));
    expect([reached.status, reached.body.telecom[0].value]).toEqual([200, '+33639981234']);
    const refused = await patient('PATCH', path, { birthDate: '1970-01-01', telecom: null }, v(2));
    expect([refused.status, refused.body.code]).toEqual([403, 'ACCESS.NOT_YOUR_FIELD']);
    expect(refused.body.fields).toMatchObject([{ path: 'birthDate' }]);
    const other = await registered();
    expect((await patient('PATCH', other.path, { telecom: null }, v(1))).body.code).toBe('ACCESS.NOT_YOUR_DATA');
    expect((await secretary('GET', path)).body.version).toBe(2);
  });
});

describe('PUT /api/patients/{id}', () => {
  it('replaces everything; what is left out is cleared', async () => {
    const { path } = await registered({ identifiers: [buildIns()], birthName: 'Durand' });
    const replacement = buildPatient({ givenNames: ['Paul'] });
    const answer = await secretary('PUT', path, replacement, v(1));
    expect(answer.body).toMatchObject({ ...replacement, version: 2, active: true, identifiers: [] });
    expect(answer.body).not.toHaveProperty('birthName');
    expect((await secretary('PUT', path, replacement, v(1))).status).toBe(412);
    expect((await secretary('PUT', path, replacement)).status).toBe(428);
  });
});

describe('DELETE /api/patients/{id}', () => {
  it('takes the patient out of use with a reason, keeps everything, and can be taken back', async () => {
    const { id, path, request } = await registered();
    expect((await secretary('DELETE', path)).status).toBe(428);
    const answer = await secretary('DELETE', `${path}?reason=left-practice`, undefined, v(1));
    expect(answer.body).toMatchObject({ active: false, inactiveReason: 'left-practice', version: 2 });
    const read = await secretary('GET', path);
    expect(read.body).toMatchObject({ active: false, familyName: request.familyName });
    const back = await secretary('PATCH', path, { active: true }, v(2));
    expect(back.body).toMatchObject({ active: true, version: 3 });
    expect(back.body).not.toHaveProperty('inactiveReason');
    await service.told(id, 3);
    expect(changesTold(id)).toEqual([
      ['active', 'inactiveReason'],
      ['active', 'inactiveReason'],
    ]);
  });

  it('records that a patient has died, also of one who had left before, and tells which fields changed only', async () => {
    const { id, path } = await registered();
    await secretary('DELETE', path, undefined, v(1));
    const died = await secretary('DELETE', `${path}?reason=deceased`, undefined, v(2));
    expect(died.body).toMatchObject({ active: false, inactiveReason: 'deceased', version: 3 });
    await service.told(id, 3);
    expect(changesTold(id)).toEqual([['active', 'inactiveReason'], ['inactiveReason']]);
    const again = await secretary('DELETE', path, undefined, v(3));
    expect(again.body).toMatchObject({ inactiveReason: 'deceased', version: 3 });
  });

  it('refuses a reason that is none', async () => {
    const { path } = await registered();
    expect((await secretary('DELETE', `${path}?reason=because`, undefined, v(1))).status).toBe(422);
  });
});

describe('a change', () => {
  it('may be made to any version, or to one of several', async () => {
    const { path } = await registered();
    const change = (city: string, header: string) =>
      secretary('PATCH', path, { address: { line: [], postalCode: '69003', city } }, { 'if-match': header });
    expect((await change('Lyon', '*')).headers.get('etag')).toBe('"v2"');
    expect((await change('Bron', '"v1", "v2"')).headers.get('etag')).toBe('"v3"');
    expect((await change('Oullins', '"v1", "v2"')).status).toBe(412);
  });

  it.each([
    ['contacts', 85_000, 'REQUEST.TOO_MANY_VALUES'],
    ['contacts', 2_000, 'REQUEST.INVALID'],
    ['telecom', 2_000, 'REQUEST.INVALID'],
  ])('with too many %s (%i) is refused without looking at each', async (field, count, code) => {
    const { path } = await registered();
    const answer = await secretary('PATCH', path, { [field]: Array(count).fill({}) }, v(1));
    expect([answer.status, answer.body.code, answer.body.fields.length]).toEqual([422, code, 1]);
  });

  it('is not taken as a merge patch, since an address is replaced and not merged', async () => {
    const { path } = await registered();
    const answer = await secretary('PATCH', path, {}, { ...v(1), 'content-type': 'application/merge-patch+json' });
    expect([answer.status, answer.headers.get('accept-patch')]).toEqual([415, 'application/json']);
  });
});

describe('a list that a caller no longer waits for', () => {
  it('is not looked for any longer', async () => {
    const waiting = async () => {
      const { rows } = await service.sql.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length;
    };
    await whileHolding(service.sql, ['lock table patient in access exclusive mode'], async () => {
      const caller = new AbortController();
      const asked = secretary('GET', '/api/patients?q=martin', undefined, {}, caller.signal).catch(() => {});
      await until(async () => (await waiting()) === 1);
      caller.abort();
      await asked;
      await until(async () => (await waiting()) === 0);
    });
  });
});
