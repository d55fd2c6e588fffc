import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import type { Caller } from '../../../tests/support/http.ts';
import {
  buildPractitioner,
  buildRpps,
  consultation,
  office,
  type PractitionerService,
  startService,
} from './support.ts';

let service: PractitionerService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

async function registered(overrides: object = {}) {
  const request = buildPractitioner(overrides);
  const { status, body } = await secretary('POST', '/api/practitioners', request);
  if (status !== 201) throw new Error(`not registered: ${JSON.stringify(body)}`);
  return { id: body.id as string, path: `/api/practitioners/${body.id}`, request, body };
}

const v = (version: number) => ({ 'if-match': `"v${version}"` });
const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);
const all = async () => Number((await service.sql.query('select count(*) from practitioner')).rows[0].count);

describe('POST /api/practitioners', () => {
  it('registers, normalised, stores it and tells it once', async () => {
    const rpps = buildRpps();
    const address = { line: ['3 place du Marché'], postalCode: '97400', city: 'Saint-Denis' };
    const answer = await secretary('POST', '/api/practitioners', {
      ...buildPractitioner(),
      rpps: rpps.replace(/(...)/, '$1 '),
      specialities: [{ code: 'sm54' }, { display: 'Ostéopathie' }],
      places: [{ name: 'Cabinet', zone: 'indian/reunion', address }],
      appointmentTypes: [consultation],
      telecom: [{ system: 'phone', value: '0262 12 34 56', use: 'work' }],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/practitioners/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"v1"');
    const wanted = {
      active: true,
      rpps,
      specialities: [{ code: 'SM54', display: 'Médecine générale' }, { display: 'Ostéopathie' }],
      places: [{ name: 'Cabinet', zone: 'Indian/Reunion', address: { ...address, country: 'FR' } }],
      appointmentTypes: [consultation],
      telecom: [{ system: 'phone', value: '+262262123456', use: 'work' }],
    };
    expect(answer.body).toMatchObject(wanted);
    expect((await service.sidecar('GET', `/api/practitioners/${answer.body.id}`)).body).toEqual(answer.body);
    expect(await service.told(answer.body.id, 1)).toEqual(['practitioner.joined']);
  });

  it('takes an RPPS number without the usual check digit, with a warning', async () => {
    const { body } = await secretary('POST', '/api/practitioners', buildPractitioner({ rpps: '10101201234' }));
    expect(body.warnings).toMatchObject([{ path: 'rpps', code: 'CHECK_DIGIT' }]);
    const fine = await secretary('POST', '/api/practitioners', buildPractitioner({ rpps: '10100473148' }));
    expect(fine.body.warnings).toEqual([]);
  });

  it.each([
    ['no family name', { familyName: undefined }, 'familyName REQUIRED'],
    ['a name of 10,000 characters', { familyName: 'x'.repeat(10_000) }, 'familyName TOO_LONG'],
    ['a name with NUL', { familyName: 'Ber\u0000nard' }, 'familyName CONTROL_CHARACTER'],
    ['an RPPS number of ten digits', { rpps: '1010047314' }, 'rpps NO_RPPS'],
    ['a zone that is none', { places: [{ ...office, zone: 'Mars/Olympus' }] }, 'places[0].zone NO_ZONE'],
    ['a place without a zone', { places: [{ name: 'Cabinet' }] }, 'places[0].zone REQUIRED'],
    ['a made-up place id', { places: [{ ...office, id: randomUUID() }] }, 'places[0].id UNKNOWN_ID'],
    [
      'a type of 4 minutes',
      { appointmentTypes: [{ name: 'Vaccin', minutes: 4 }] },
      'appointmentTypes[0].minutes INVALID',
    ],
    ['a type of no length', { appointmentTypes: [{ name: 'Vaccin' }] }, 'appointmentTypes[0].minutes REQUIRED'],
    [
      'two types of one name',
      { appointmentTypes: [consultation, consultation] },
      'appointmentTypes[1].name NAME_TWICE',
    ],
    ['an unknown speciality code', { specialities: [{ code: 'SM99' }] }, 'specialities[0].display REQUIRED'],
    ['an unknown field', { birthDate: '1970-01-01' }, 'birthDate UNKNOWN_FIELD'],
  ])('refuses %s, names the field and stores nothing', async (_what, wrong, field) => {
    const before = await all();
    const answer = await secretary('POST', '/api/practitioners', buildPractitioner(wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual([field]);
    expect(await all()).toBe(before);
  });

  it('gives an RPPS number to exactly one of many who send it at once, and says whose it is', async () => {
    const rpps = buildRpps();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => secretary('POST', '/api/practitioners', buildPractitioner({ rpps }))),
    );
    const holder = answers.find(({ status }) => status === 201)?.body.id;
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(7);
    expect(new Set(refused.map(({ body }) => `${body.code} ${body.practitionerId}`))).toEqual(
      new Set([`PRACTITIONER.RPPS_TAKEN ${holder}`]),
    );
  });

  it('asks before it registers one of the same name, unless RPPS numbers tell them apart', async () => {
    const first = await registered();
    const again = { ...first.request, familyName: first.request.familyName.toUpperCase() };
    const asked = await secretary('POST', '/api/practitioners', again);
    expect([asked.status, asked.body.code]).toEqual([409, 'PRACTITIONER.POSSIBLE_DUPLICATE']);
    expect(asked.body.possibleDuplicates).toEqual([first.id]);
    expect((await secretary('POST', '/api/practitioners?acceptDuplicate=true', again)).status).toBe(201);
    const numbered = await registered({ rpps: buildRpps() });
    const namesake = { ...numbered.request, rpps: buildRpps() };
    expect((await secretary('POST', '/api/practitioners', namesake)).status).toBe(201);
  });

  it('gives the first answer again under the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const request = buildPractitioner({ places: [office] });
    const first = await secretary('POST', '/api/practitioners', request, key);
    expect((await secretary('POST', '/api/practitioners', request, key)).body).toEqual(first.body);
  });
});

describe('GET /api/practitioners', () => {
  it('finds by name, speciality and RPPS number', async () => {
    const rpps = buildRpps();
    const specialities = [{ code: 'SM40' }, { display: 'Ostéopathie' }];
    const { id } = await registered({ familyName: 'Brûlé-Zoë', givenNames: ['Françoise'], rpps, specialities });
    const queries = ['q=brule', 'q=zoe+franc', `rpps=${rpps}`, 'q=brule&speciality=pediatr', 'q=brule&speciality=SM40'];
    for (const query of [...queries, 'q=brule&speciality=oste']) {
      expect([query, idsOf((await secretary('GET', `/api/practitioners?${query}`)).body.items)]).toEqual([query, [id]]);
    }
    for (const query of ['q=rule', 'q=brule&speciality=cardio', 'rpps=99999999999']) {
      expect([query, (await secretary('GET', `/api/practitioners?${query}`)).body.items]).toEqual([query, []]);
    }
  });

  it('finds names with particles and apostrophes, written together and apart', async () => {
    const names = { "O'Brienz": ['obrienz', 'o brienz'], 'Le Goffz': ['legoffz', 'goffz'], Legoffw: ['le goffw'] };
    for (const [familyName, questions] of Object.entries(names)) {
      const { id } = await registered({ familyName });
      for (const q of questions) {
        const { body } = await secretary('GET', `/api/practitioners?${new URLSearchParams({ q })}`);
        expect([q, idsOf(body.items)]).toEqual([q, [id]]);
      }
    }
  });

  it('pages in a stable order', async () => {
    const wanted: string[] = [];
    for (let i = 0; i < 5; i += 1)
      wanted.push((await registered({ familyName: 'Wxyz', rpps: buildRpps(), givenNames: [`A${'b'.repeat(i)}`] })).id);
    const seen: string[] = [];
    let path: string | undefined = '/api/practitioners?q=wxyz&limit=2';
    while (path) {
      const { body, headers } = await secretary('GET', path);
      seen.push(...idsOf(body.items));
      path = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(wanted);
  });

  it('takes no cursor but its own', async () => {
    for (let nth = 0; nth < 2; nth += 1) await registered({ familyName: 'Tuvw', rpps: buildRpps() });
    const list = (query: string) => secretary('GET', `/api/practitioners?q=tuvw&limit=1${query}`);
    const { nextCursor } = (await list('')).body;
    await assertCursorsAreChecked((cursor) => list(`&cursor=${encodeURIComponent(cursor)}`), nextCursor);
    expect((await secretary('GET', `/api/practitioners?q=bernard&cursor=${nextCursor}`)).status).toBe(422);
  });

  it.each([
    ['name=bernard', 'name UNKNOWN_FIELD'],
    ['rpps=123', 'rpps INVALID'],
    ['limit=0', 'limit INVALID'],
    ['cursor=abc', 'cursor INVALID_CURSOR'],
    ['q=---', 'q NO_NAME'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await secretary('GET', `/api/practitioners?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual([field]);
  });

  it('answers 404 for an unknown id and 422 for none', async () => {
    const unknown = await secretary('GET', `/api/practitioners/${randomUUID()}`);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'PRACTITIONER.NOT_FOUND']);
    expect((await secretary('GET', '/api/practitioners/me')).status).toBe(422);
  });
});

describe('changing a practitioner', () => {
  it('PATCH leaves what is left out, clears what is null, keeps ids, and tells which fields changed', async () => {
    const { id, path, body, request } = await registered({
      rpps: buildRpps(),
      places: [office],
      appointmentTypes: [consultation],
    });
    const appointmentTypes = [
      { ...body.appointmentTypes[0], minutes: 30 },
      { name: 'Suivi', minutes: 10 },
    ];
    const answer = await secretary('PATCH', path, { rpps: null, appointmentTypes }, v(1));
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({ familyName: request.familyName, places: body.places });
    expect(answer.body).not.toHaveProperty('rpps');
    expect(answer.body.appointmentTypes[0]).toEqual({ ...body.appointmentTypes[0], minutes: 30 });
    expect(await service.told(id, 2)).toEqual(['practitioner.joined', 'practitioner.updated']);
    expect(service.published.at(-1)?.data).toEqual({
      practitionerId: id,
      version: 2,
      changed: ['rpps', 'appointmentTypes'],
    });
  });

  it('PUT replaces everything, and sent as it was read changes nothing', async () => {
    const { path, body } = await registered({
      places: [office],
      appointmentTypes: [consultation],
      specialities: [{ code: 'SM54' }],
    });
    const { familyName, givenNames, specialities, places, appointmentTypes, telecom } = body;
    const same = { familyName, givenNames, specialities, places, appointmentTypes, telecom };
    expect((await secretary('PUT', path, same, v(1))).body.version).toBe(1);
    const bare = await secretary('PUT', path, { familyName, givenNames: ['Paul'] }, v(1));
    expect(bare.body).toMatchObject({
      version: 2,
      givenNames: ['Paul'],
      specialities: [],
      places: [],
      appointmentTypes: [],
    });
  });

  it('wants the version and lets one of two writers win', async () => {
    const { path } = await registered();
    expect((await secretary('PATCH', path, { familyName: 'Autre' })).status).toBe(428);
    expect((await secretary('PUT', path, buildPractitioner())).status).toBe(428);
    expect((await secretary('DELETE', path)).status).toBe(428);
    const answers = await Promise.all(
      ['Un', 'Deux'].map((familyName) => secretary('PATCH', path, { familyName }, v(1))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('refuses the RPPS number of another, also when both are changed at once', async () => {
    const rpps = buildRpps();
    const [a, b] = [await registered(), await registered()];
    const answers = await Promise.all([a, b].map(({ path }) => secretary('PATCH', path, { rpps }, v(1))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('DELETE takes one out of use with a reason and tells that they left; PATCH takes them back', async () => {
    const { id, path, request } = await registered();
    const gone = await secretary('DELETE', `${path}?reason=retired`, undefined, v(1));
    expect(gone.body).toMatchObject({ active: false, inactiveReason: 'retired', version: 2 });
    expect((await secretary('GET', `/api/practitioners?q=${request.familyName}`)).body.items).toEqual([]);
    expect(
      idsOf((await secretary('GET', `/api/practitioners?active=false&q=${request.familyName}`)).body.items),
    ).toEqual([id]);
    const died = await secretary('DELETE', `${path}?reason=deceased`, undefined, v(2));
    expect(died.body).toMatchObject({ active: false, inactiveReason: 'deceased', version: 3 });
    const back = await secretary('PATCH', path, { active: true }, v(3));
    expect(back.body).toMatchObject({ active: true });
    expect(await service.told(id, 4)).toEqual([
      'practitioner.joined',
      'practitioner.left',
      'practitioner.updated',
      'practitioner.updated',
    ]);
  });

  it('lets practitioners change their own places and types, and nothing else', async () => {
    const { id, path } = await registered();
    const doctor = await service.as({ roles: ['practitioner'], practitionerId: id });
    const changed = await doctor('PATCH', path, { places: [office], appointmentTypes: [consultation] }, v(1));
    expect([changed.status, changed.body.version]).toEqual([200, 2]);
    const refused = await doctor('PATCH', path, { rpps: '10100473148', places: null }, v(2));
    expect([refused.status, refused.body.code]).toEqual([403, 'PRACTITIONER.NOT_YOURS']);
    expect(refused.body.fields).toMatchObject([{ path: 'rpps' }]);
    const other = await registered();
    expect((await doctor('PATCH', other.path, { places: [office] }, v(1))).status).toBe(403);
    expect((await secretary('GET', path)).body.version).toBe(2);
  });
});

describe('access', () => {
  const everybody = ['secretary', 'admin', 'practitioner', 'patient', 'service'];
  const operations: [method: string, path: string, body: unknown, allowed: string[]][] = [
    ['GET', '/api/practitioners', undefined, everybody],
    ['GET', '/api/practitioners/{id}', undefined, everybody],
    ['POST', '/api/practitioners', {}, ['secretary', 'admin']],
    ['PUT', '/api/practitioners/{id}', {}, ['secretary', 'admin']],
    ['PATCH', '/api/practitioners/{id}', {}, ['secretary', 'admin']],
    ['DELETE', '/api/practitioners/{id}', undefined, ['secretary', 'admin']],
    ['POST', '/api/practitioners/import', undefined, ['admin']],
  ];

  it.each(operations)('%s %s is for the right roles only', async (method, path, body, allowed) => {
    const filled = path.replace('{id}', randomUUID());
    const callers: Record<string, Caller> = { service: service.sidecar };
    for (const role of ['secretary', 'admin', 'practitioner', 'patient'] as const) {
      callers[role] = await service.as({ roles: [role] });
    }
    for (const [role, call] of Object.entries(callers)) {
      const { status } = await call(method, filled, body);
      expect([role, status === 403]).toEqual([role, !allowed.includes(role)]);
    }
    expect((await fetch(service.base + filled, { method })).status).toBe(401);
  });
});
