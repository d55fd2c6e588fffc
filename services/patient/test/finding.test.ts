import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import type { Caller } from '../../../tests/support/http.ts';
import { buildIns, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

async function register(overrides: object): Promise<string> {
  const answer = await secretary('POST', '/api/patients?acceptDuplicate=true', buildPatient(overrides));
  if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);

describe('GET /api/patients', () => {
  it('finds by beginnings of words of any name, in any order, whatever the case and accents', async () => {
    const id = await register({ familyName: 'Zoë-Brûlé', givenNames: ['Françoise', 'Œnone'], birthName: "D'Haÿ" });
    for (const q of ['zoe', 'BRULE', 'brûlé zoë', 'francoi', 'oenone brul', "d'hay", 'hay', 'Fr Zo']) {
      const answer = await secretary('GET', `/api/patients?${new URLSearchParams({ q })}`);
      expect([q, idsOf(answer.body.items)]).toEqual([q, [id]]);
    }
    for (const q of ['rule', 'zoe martin', 'brulee', '%', 'z_e']) {
      const answer = await secretary('GET', `/api/patients?${new URLSearchParams({ q })}`);
      expect([q, answer.body.items ?? answer.status]).toEqual([q, answer.status === 422 ? 422 : []]);
    }
  });

  it('finds names with particles and apostrophes, written together and apart', async () => {
    const names = {
      "O'Brienx": ['obrienx', 'o brienx'],
      "d'Alençonx": ['dalenconx', 'alenconx'],
      'Le Goffx': ['legoffx', 'le goffx'],
    };
    for (const [familyName, questions] of Object.entries({ ...names, Legoffy: ['le goffy'] })) {
      const id = await register({ familyName });
      for (const q of questions) {
        const answer = await secretary('GET', `/api/patients?${new URLSearchParams({ q })}`);
        expect([q, idsOf(answer.body.items)]).toEqual([q, [id]]);
      }
    }
  });

  it('pages through people whose names have any length in any script', async () => {
    const ids: string[] = [];
    for (const last of ['甲', '乙']) {
      const givenNames = Array.from({ length: 10 }, (_, nth) => String.fromCodePoint(0x4e00 + nth).repeat(99) + last);
      ids.push(await register({ familyName: `Xyzw ${'\ufdfa'.repeat(90)}`, givenNames }));
    }
    const first = await secretary('GET', '/api/patients?q=xyzw&limit=1');
    const second = await secretary('GET', `/api/patients?q=xyzw&limit=1&cursor=${first.body.nextCursor}`);
    expect([...idsOf(first.body.items), ...idsOf(second.body.items)].sort()).toEqual(ids.sort());
  });

  it('finds by birth date, and by both', async () => {
    const one = await register({ familyName: 'Yvain', birthDate: '1931-02-03' });
    const other = await register({ familyName: 'Yvard', birthDate: '1931-02-03' });
    await register({ familyName: 'Yvain', birthDate: '1931-02-04' });
    const both = await secretary('GET', '/api/patients?birthDate=1931-02-03');
    expect(idsOf(both.body.items)).toEqual([one, other]);
    const first = await secretary('GET', '/api/patients?birthDate=1931-02-03&q=yvain');
    expect(idsOf(first.body.items)).toEqual([one]);
  });

  it('pages in a stable order, without gap or repetition, while others are registered', async () => {
    const wanted: string[] = [];
    for (let i = 0; i < 7; i += 1) wanted.push(await register({ familyName: 'Wxyz', givenNames: ['Anna'] }));
    const seen: string[] = [];
    let path: string | undefined = '/api/patients?q=wxyz&limit=3';
    while (path) {
      const { body, headers } = await secretary('GET', path);
      seen.push(...idsOf(body.items));
      const next = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(next !== undefined).toBe(body.nextCursor !== undefined);
      path = next;
      if (seen.length === 3) await register({ familyName: 'Wxyz', givenNames: ['Aaron'] });
    }
    expect(seen).toEqual(wanted.sort());
  });

  it('names first whose family name begins so, then who is called so besides, on whichever page', async () => {
    const besides = await register({ familyName: 'Aqvbc', givenNames: ['Jeqvian'] });
    const married = await register({ familyName: 'Bqvbc', birthName: 'Jeqvian' });
    const longer = await register({ familyName: 'Jeqvianot' });
    const exactly = await register({ familyName: 'Jeqvian', givenNames: ['Zoé'] });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await secretary('GET', `/api/patients?q=jeqvian&limit=1${cursor}`);
      seen.push(...idsOf(body.items));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(seen).toEqual([exactly, longer, besides, married]);
  });

  it('lists those in use only, unless asked for the others', async () => {
    const id = await register({ familyName: 'Vuxnic' });
    await secretary('DELETE', `/api/patients/${id}`, undefined, { 'if-match': '"v1"' });
    expect((await secretary('GET', '/api/patients?q=vuxnic')).body.items).toEqual([]);
    expect(idsOf((await secretary('GET', '/api/patients?q=vuxnic&active=false')).body.items)).toEqual([id]);
  });

  it.each([
    ['identifier=255081416802538', 'identifier UNKNOWN_FIELD'],
    ['q=255081416802538', 'q IDENTIFIER_IN_ADDRESS'],
    ['q=martin+1+86+02+2A+215+325', 'q IDENTIFIER_IN_ADDRESS'],
    ['q=06+39+98+12+34', 'q CONTACT_IN_ADDRESS'],
    ['q=%2B33639981234', 'q CONTACT_IN_ADDRESS'],
    ['q=claire%40example.org', 'q CONTACT_IN_ADDRESS'],
    ['phone=0639981234', 'phone UNKNOWN_FIELD'],
    ['birthDate=2023-02-30', 'birthDate NO_SUCH_DATE'],
    ['q=---', 'q NO_NAME'],
    ['limit=0', 'limit INVALID'],
    ['limit=1000', 'limit INVALID'],
    ['limit=few', 'limit INVALID'],
    ['cursor=abc', 'cursor INVALID_CURSOR'],
    ['birthdate=1980-01-31', 'birthdate UNKNOWN_FIELD'],
    ['q=a%00b', 'q CONTROL_CHARACTER'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await secretary('GET', `/api/patients?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
      field,
    ]);
  });

  it('takes no cursor but its own', async () => {
    for (let nth = 0; nth < 2; nth += 1) await register({ familyName: 'Tuvw' });
    const list = (query: string) => secretary('GET', `/api/patients?q=tuvw&limit=1${query}`);
    const { nextCursor } = (await list('')).body;
    await assertCursorsAreChecked((cursor) => list(`&cursor=${encodeURIComponent(cursor)}`), nextCursor);
    expect((await secretary('GET', `/api/patients?q=martin&cursor=${nextCursor}`)).status).toBe(422);
    expect((await secretary('POST', '/api/patients/search', { q: 'tuvw', cursor: nextCursor })).status).toBe(200);
  });
});

describe('POST /api/patients/search', () => {
  it('finds by an exact identifier, however it is written, also one out of use', async () => {
    const ins = buildIns();
    const id = await register({ identifiers: [ins] });
    const spaced = ins.value.replace(/(\d)(\d\d)(\d\d)/, '$1 $2 $3 ');
    for (const identifier of [ins, { value: ins.value }, { ...ins, value: spaced }]) {
      expect(idsOf((await secretary('POST', '/api/patients/search', { identifier })).body.items)).toEqual([id]);
    }
    const elsewhere = { identifier: { system: 'urn:oid:1.2.250.1.213.1.4.11', value: ins.value } };
    expect((await secretary('POST', '/api/patients/search', elsewhere)).body.items).toEqual([]);
    await secretary('DELETE', `/api/patients/${id}`, undefined, { 'if-match': '"v1"' });
    const found = await secretary('POST', '/api/patients/search', { identifier: ins });
    expect(found.body.items).toMatchObject([{ id, active: false }]);
  });

  it('finds who is calling, by their own number or that of somebody to turn to, in any usual spelling', async () => {
    const phone = (value: string) => [{ system: 'phone', value }];
    const own = await register({ telecom: phone('06 39 98 77 01') });
    const child = await register({
      contacts: [{ relationship: 'parent', familyName: 'Mère', telecom: phone('06 39 98 77 01') }],
    });
    await register({ telecom: phone('06 39 98 77 02') });
    const island = await register({ telecom: phone('0508 41 77 01') });
    for (const spelling of [
      '06 39 98 77 01',
      '06.39.98.77.01',
      '+33 6 39 98 77 01',
      '0033639987701',
      '+33 (0)6 39987701',
    ]) {
      const { body } = await secretary('POST', '/api/patients/search', { phone: spelling });
      expect([spelling, idsOf(body.items).sort()]).toEqual([spelling, [own, child].sort()]);
    }
    for (const spelling of ['0508417701', '+508 41 77 01']) {
      expect(idsOf((await secretary('POST', '/api/patients/search', { phone: spelling })).body.items)).toEqual([
        island,
      ]);
    }
    await secretary('DELETE', `/api/patients/${own}`, undefined, { 'if-match': '"v1"' });
    const both = await secretary('POST', '/api/patients/search', { phone: '0639987701' });
    expect(idsOf(both.body.items).sort()).toEqual([own, child].sort());
  });

  it('finds by an e-mail address, whatever its case, and by it and a name', async () => {
    const telecom = [{ system: 'email', value: 'Claire.Srq@Example.org' }];
    const id = await register({ familyName: 'Srqa', telecom });
    const other = await register({ familyName: 'Srqb', telecom });
    const search = async (question: object) =>
      idsOf((await secretary('POST', '/api/patients/search', question)).body.items);
    expect(await search({ email: 'claire.srq@EXAMPLE.org' })).toEqual([id, other]);
    expect(await search({ email: 'claire.srq@example.org', q: 'srqb' })).toEqual([other]);
    expect(await search({ email: 'claire@example.org' })).toEqual([]);
    const [old, into] = [
      await register({ telecom: [{ system: 'email', value: 'old@srq.example' }] }),
      await register({}),
    ];
    await secretary('POST', `/api/patients/${old}/merge`, { intoPatientId: into });
    expect(await search({ email: 'old@srq.example' })).toEqual([into]);
  });

  it('looks a number up by its index', async () => {
    const { rows } = await service.sql.query(
      `select indexdef from pg_indexes where tablename = 'patient' and indexdef like '%contact_values(telecom, contacts)%'`,
    );
    expect(rows).toHaveLength(1);
    const client = await service.sql.connect();
    try {
      await client.query('set enable_seqscan = off');
      const plan = await client.query(
        `explain select id from patient where contact_values(telecom, contacts) @> '["+33639981234"]'::jsonb`,
      );
      expect(JSON.stringify(plan.rows)).toContain('patient_by_contact');
    } finally {
      client.release(true);
    }
  });

  it.each([
    [{ phone: '12' }, 'phone NO_PHONE_NUMBER'],
    [{ phone: 'claire' }, 'phone NO_PHONE_NUMBER'],
    [{ email: '0639981234' }, 'email NO_EMAIL'],
    [{ phone: '' }, 'phone NO_PHONE_NUMBER'],
  ])('refuses %j', async (question, field) => {
    const { status, body } = await secretary('POST', '/api/patients/search', question);
    expect([status, body.fields.map(({ path, code }: Record<string, string>) => `${path} ${code}`)]).toEqual([
      422,
      [field],
    ]);
  });

  it('answers services that ask for a patient by identifier', async () => {
    const ins = buildIns();
    const id = await register({ identifiers: [ins] });
    const found = await service.sidecar('POST', '/api/patients/search', { identifier: ins });
    expect([found.status, found.body.items[0].id]).toEqual([200, id]);
  });

  it('pages by its cursor', async () => {
    for (let i = 0; i < 3; i += 1) await register({ familyName: 'Uvwx' });
    const first = await secretary('POST', '/api/patients/search', { q: 'uvwx', limit: 2 });
    const rest = await secretary('POST', '/api/patients/search', {
      q: 'uvwx',
      limit: 2,
      cursor: first.body.nextCursor,
    });
    expect([first.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([2, 1, undefined]);
  });

  it('refuses an unknown field', async () => {
    const answer = await secretary('POST', '/api/patients/search', { name: 'Martin' });
    expect([answer.status, answer.body.fields[0].code]).toEqual([422, 'UNKNOWN_FIELD']);
  });
});

describe('GET /api/patients/{id}', () => {
  it('answers 404 for an id that is not known and 422 for what is no id', async () => {
    const unknown = await secretary('GET', `/api/patients/${randomUUID()}`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'PATIENT.NOT_FOUND']);
    expect((await secretary('GET', '/api/patients/42')).status).toBe(422);
  });

  it('takes an id in capitals', async () => {
    const id = await register({});
    expect((await secretary('GET', `/api/patients/${id.toUpperCase()}`)).body.id).toBe(id);
  });

  it('tells a service whether the patient is active', async () => {
    const id = await register({});
    const answer = await service.sidecar('GET', `/api/patients/${id}`);
    expect(answer.body).toMatchObject({ id, active: true });
  });
});

describe('access', () => {
  it('lets a patient read their own data and nobody else, known or not', async () => {
    const own = await register({});
    const other = await register({});
    const patient = await service.as({ roles: ['patient'], patientId: own });
    expect((await patient('GET', `/api/patients/${own}`)).status).toBe(200);
    const refusals = await Promise.all([other, randomUUID()].map((id) => patient('GET', `/api/patients/${id}`)));
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'ACCESS.NOT_YOUR_DATA'],
      [403, 'ACCESS.NOT_YOUR_DATA'],
    ]);
    expect(refusals[0]?.body.detail).toBe(refusals[1]?.body.detail);
    const nobody = await service.as({ roles: ['patient'] });
    expect((await nobody('GET', `/api/patients/${own}`)).status).toBe(403);
  });

  const operations: [method: string, path: string, body: unknown, allowed: string[]][] = [
    ['GET', '/api/patients', undefined, ['secretary', 'admin', 'practitioner', 'service']],
    ['POST', '/api/patients/search', {}, ['secretary', 'admin', 'practitioner', 'service']],
    ['POST', '/api/patients', {}, ['secretary', 'admin', 'practitioner']],
    ['GET', '/api/patients/{id}', undefined, ['secretary', 'admin', 'practitioner', 'service']],
    ['PUT', '/api/patients/{id}', {}, ['secretary', 'admin', 'practitioner']],
    ['PATCH', '/api/patients/{id}', {}, ['secretary', 'admin', 'practitioner']],
    ['DELETE', '/api/patients/{id}', undefined, ['secretary', 'admin']],
    ['GET', '/api/patients/{id}/duplicates', undefined, ['secretary', 'admin', 'practitioner']],
    ['POST', '/api/patients/{id}/merge', {}, ['secretary', 'admin']],
    ['POST', '/api/patients/{id}/erase', undefined, ['admin']],
    ['POST', '/api/patients/import', undefined, ['admin']],
  ];

  it.each(operations)('%s %s is for the right roles only', async (method, path, body, allowed) => {
    const filled = path.replace('{id}', randomUUID());
    const callers: Record<string, Caller> = { service: service.sidecar };
    for (const role of ['secretary', 'admin', 'practitioner', 'patient'] as const) {
      callers[role] = await service.as({ roles: [role], patientId: randomUUID() });
    }
    for (const [role, call] of Object.entries(callers)) {
      const { status } = await call(method, filled, body);
      expect([role, status === 403]).toEqual([role, !allowed.includes(role)]);
      expect(status).not.toBe(401);
    }
  });

  it('wants a valid token', async () => {
    const expired = await service.as({ roles: ['secretary'], expiresIn: -60 });
    expect((await expired('GET', '/api/patients')).body.code).toBe('ACCESS.TOKEN_EXPIRED');
    const none = await fetch(`${service.base}/api/patients`);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const header = { alg: 'none', typ: 'at+jwt' };
    const claims = { sub: 'x', roles: ['admin'], iss: 'cabinet', aud: 'cabinet', iat: 1, exp: 99_999_999_999 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = await fetch(`${service.base}/api/patients`, {
      headers: { authorization: `Bearer ${part(header)}.${part(claims)}.` },
    });
    expect(forged.status).toBe(401);
  });

  it('takes nobody for a service without the token of the sidecar', async () => {
    const answer = await fetch(`${service.base}/api/patients`, {
      headers: { 'dapr-caller-app-id': 'appointment', 'dapr-api-token': 'guessed' },
    });
    expect(answer.status).toBe(401);
  });
});

describe('POST /api/patients/resolve', () => {
  it('tells a service whose identifiers these are, and leaves out what nobody has', async () => {
    const [mine, nobodys] = [buildIns(), buildIns()];
    const id = await register({ identifiers: [mine] });
    const spaced = { ...mine, value: mine.value.replace(/^(.)/, '$1 ') };
    const answer = await service.sidecar('POST', '/api/patients/resolve', { identifiers: [spaced, nobodys] });
    expect([answer.status, answer.body.items]).toEqual([200, [{ ...spaced, patientId: id, active: true }]]);
  });

  it('is not for people', async () => {
    expect((await secretary('POST', '/api/patients/resolve', { identifiers: [] })).status).toBe(403);
  });
});

describe('POST /api/patients/status', () => {
  it('tells a service who exists and is active, in any number, and leaves out who does not exist', async () => {
    const [seen, gone, unknown] = [await register({}), await register({}), randomUUID()];
    await service.sql.query('update patient set active = false where id = $1', [gone]);
    const answer = await service.sidecar('POST', '/api/patients/status', {
      patientIds: [gone, unknown, seen.toUpperCase()],
    });
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(2);
    expect(answer.body.items).toEqual(
      expect.arrayContaining([
        { patientId: seen, active: true, deceased: false },
        { patientId: gone, active: false, deceased: false },
      ]),
    );
  });

  it('tells who has died, and by an old id into whom they were merged', async () => {
    const [old, id] = [await register({}), await register({})];
    await secretary('POST', `/api/patients/${old}/merge`, { intoPatientId: id });
    const statusOf = async (patientId: string) =>
      (await service.sidecar('POST', '/api/patients/status', { patientIds: [patientId] })).body.items[0];
    expect(await statusOf(old)).toEqual({ patientId: old, active: false, deceased: false, mergedInto: id });
    await secretary('DELETE', `/api/patients/${id}?reason=deceased`, undefined, { 'if-match': '"v1"' });
    expect(await statusOf(id)).toEqual({ patientId: id, active: false, deceased: true });
    expect(await statusOf(old)).toEqual({ patientId: old, active: false, deceased: true, mergedInto: id });
  });

  it('is not for people, and takes at most 500 at a time', async () => {
    expect((await secretary('POST', '/api/patients/status', { patientIds: [] })).status).toBe(403);
    const tooMany = { patientIds: Array.from({ length: 501 }, () => randomUUID()) };
    expect((await service.sidecar('POST', '/api/patients/status', tooMany)).status).toBe(422);
  });
});
