import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, untilAnswered } from '../../../tests/support/http.ts';
import { buildIns, buildPatient, type PatientService, startService, testSystem } from './support.ts';

let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

const count = async (familyName: string) =>
  Number((await service.sql.query('select count(*) from patient where family_name = $1', [familyName])).rows[0].count);

describe('POST /api/patients', () => {
  it('registers a patient, normalised, stores it and tells it once without a word about the person', async () => {
    const ins = buildIns();
    const request = {
      ...buildPatient({ givenNames: [' Anne-Marie ', 'E\u0301lise'] }),
      birthName: "d'Œuvre",
      identifiers: [{ ...ins, value: ins.value.replace(/(.)(..)(..)/, '$1 $2 $3 ') }],
      telecom: [
        { system: 'phone', value: '06 39 98 12 34', use: 'mobile' },
        { system: 'email', value: 'anne@Example.org' },
      ],
      address: { line: ['4 rue Neuve'], postalCode: '01000', city: 'Bourg-en-Bresse' },
      contacts: [
        { relationship: 'guardian', familyName: 'Martin', telecom: [{ system: 'phone', value: '0199001234' }] },
      ],
    };
    const answer = await secretary('POST', '/api/patients', request);

    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/patients/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"v1"');
    const wanted = {
      version: 1,
      active: true,
      familyName: request.familyName,
      givenNames: ['Anne-Marie', 'Élise'],
      birthName: "d'Œuvre",
      birthDate: '1980-01-31',
      gender: 'female',
      identifiers: [ins],
      telecom: [
        { system: 'phone', value: '+33639981234', use: 'mobile' },
        { system: 'email', value: 'anne@example.org' },
      ],
      address: { line: ['4 rue Neuve'], postalCode: '01000', city: 'Bourg-en-Bresse', country: 'FR' },
      contacts: [
        {
          relationship: 'guardian',
          familyName: 'Martin',
          givenNames: [],
          telecom: [{ system: 'phone', value: '+33199001234' }],
        },
      ],
      warnings: [],
    };
    expect(answer.body).toMatchObject(wanted);
    const read = await secretary('GET', `/api/patients/${answer.body.id}`);
    expect(read.body).toMatchObject(wanted);
    expect(await service.told(answer.body.id, 1)).toEqual(['patient.registered']);
    expect(JSON.stringify(service.published)).not.toContain(request.familyName);
  });

  it.each([
    ['no family name', { familyName: undefined }, 'familyName REQUIRED'],
    ['a blank family name', { familyName: '   ' }, 'familyName REQUIRED'],
    ['a name of 10,000 characters', { familyName: 'x'.repeat(10_000) }, 'familyName TOO_LONG'],
    ['a name with NUL', { familyName: 'Mar\u0000tin' }, 'familyName CONTROL_CHARACTER'],
    ['a name that turns the text around', { givenNames: ['Ma\u202ertin'] }, 'givenNames[0] CONTROL_CHARACTER'],
    ['no given name', { givenNames: [] }, 'givenNames INVALID'],
    ['a given name without a letter', { givenNames: ['Anne', '12'] }, 'givenNames[1] NO_NAME'],
    ['a day that does not exist', { birthDate: '1981-02-29' }, 'birthDate NO_SUCH_DATE'],
    ['a date in another form', { birthDate: '31/01/1980' }, 'birthDate INVALID'],
    ['a birth in the future', { birthDate: '2026-11-22' }, 'birthDate IN_THE_FUTURE'],
    ['a birth too long ago', { birthDate: '1890-01-01' }, 'birthDate TOO_LONG_AGO'],
    ['a gender that FHIR does not have', { gender: 'femme' }, 'gender INVALID'],
    ['a gender in a list', { gender: ['male'] }, 'gender INVALID'],
    ['a gender that is null in words', { gender: 'null' }, 'gender INVALID'],
    ['an object that shadows what every object has', { gender: { toString: 1 } }, 'gender.toString UNKNOWN_FIELD'],
    ['an unknown field', { shoeSize: 42 }, 'shoeSize UNKNOWN_FIELD'],
    [
      'an unknown field deep down',
      { address: { line: [], postalCode: '69003', city: 'Lyon', floor: 3 } },
      'address.floor UNKNOWN_FIELD',
    ],
    [
      'a NIR with a wrong key',
      { identifiers: [{ system: testSystem, value: '255081416802539' }] },
      'identifiers[0].value INS_KEY',
    ],
    [
      'a NIR that is too short',
      { identifiers: [{ system: testSystem, value: '2550814168025' }] },
      'identifiers[0].value INS_FORM',
    ],
    [
      'a real identity in a demonstration',
      { identifiers: [{ system: 'urn:oid:1.2.250.1.213.1.4.8', value: '255081416802538' }] },
      'identifiers[0].system SYSTEM_NOT_ALLOWED',
    ],
    [
      'a system that is no URI',
      { identifiers: [{ system: 'our number', value: '12' }] },
      'identifiers[0].system NO_SYSTEM',
    ],
    ['what is no phone number', { telecom: [{ system: 'phone', value: '12' }] }, 'telecom[0].value NO_PHONE_NUMBER'],
    ['what is no e-mail address', { telecom: [{ system: 'email', value: 'anne' }] }, 'telecom[0].value NO_EMAIL'],
    [
      'a postal code without its 0',
      { address: { line: [], postalCode: '1000', city: 'Bourg' } },
      'address.postalCode NO_POSTAL_CODE',
    ],
    ['a number for a name', { familyName: 12 }, 'familyName INVALID'],
  ])('refuses %s, names the field and stores nothing', async (_what, wrong, field) => {
    const before = Number((await service.sql.query('select count(*) from patient')).rows[0].count);
    const answer = await secretary('POST', '/api/patients', buildPatient(wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.code).toMatch(/^REQUEST\./);
    expect(answer.body.fields.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toContain(
      field,
    );
    expect(Number((await service.sql.query('select count(*) from patient')).rows[0].count)).toBe(before);
  });

  it.each([
    ['malformed JSON', '{"familyName":', 'application/json', 400, 'REQUEST.MALFORMED_JSON'],
    ['no object', '[]', 'application/json', 422, 'REQUEST.INVALID'],
    ['another media type', 'familyName=Martin', 'application/x-www-form-urlencoded', 415, 'REQUEST.NOT_JSON'],
    ['too much', JSON.stringify({ familyName: 'x'.repeat(300_000) }), 'application/json', 413, 'REQUEST.TOO_LARGE'],
  ])('refuses a body that is %s', async (_what, body, contentType, status, code) => {
    const answer = await secretary('POST', '/api/patients', body, { 'content-type': contentType });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('lets nobody have the identifier of another, and says whose it is', async () => {
    const identifiers = [buildIns()];
    const first = await secretary('POST', '/api/patients', buildPatient({ identifiers }));
    const second = buildPatient({ identifiers, birthDate: '1971-05-05' });
    const answer = await secretary('POST', '/api/patients', second);
    expect([answer.status, answer.body.code]).toEqual([409, 'PATIENT.IDENTIFIER_TAKEN']);
    expect(answer.body.patientId).toBe(first.body.id);
    expect(answer.body.fields).toMatchObject([{ path: 'identifiers[0]', code: 'TAKEN' }]);
    expect(await count(second.familyName)).toBe(0);
  });

  it('gives an identifier to exactly one of many who send it at once', async () => {
    const identifiers = [buildIns()];
    const requests = Array.from({ length: 12 }, (_, i) =>
      buildPatient({ identifiers, birthDate: `19${60 + i}-05-05` }),
    );
    const answers = await Promise.all(requests.map((request) => secretary('POST', '/api/patients', request)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array(11).fill(409)]);
  });

  it('asks before it registers somebody twice, and registers when told that it is another person', async () => {
    const first = buildPatient({ familyName: `Lefèvre${randomUUID().slice(0, 8)}`, givenNames: ['Claire'] });
    const { body } = await secretary('POST', '/api/patients', first);
    const second = { ...first, familyName: first.familyName.replace('Lefèvre', 'LEFEVR'), givenNames: ['Clare'] };
    const asked = await secretary('POST', '/api/patients', second);
    expect([asked.status, asked.body.code]).toEqual([409, 'PATIENT.POSSIBLE_DUPLICATE']);
    expect(asked.body.possibleDuplicates).toEqual([body.id]);
    expect(await count(second.familyName)).toBe(0);

    const accepted = await secretary('POST', '/api/patients?acceptDuplicate=true', second);
    expect(accepted.status).toBe(201);
    const duplicates = await secretary('GET', `/api/patients/${body.id}/duplicates`);
    expect(duplicates.body.items.map(({ id }: { id: string }) => id)).toEqual([accepted.body.id]);
  });

  it('registers once what is sent twice at the same moment', async () => {
    const request = buildPatient();
    const answers = await Promise.all(Array.from({ length: 6 }, () => secretary('POST', '/api/patients', request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await count(request.familyName)).toBe(1);
  });

  it('gives the first answer again under the same Idempotency-Key, and refuses another body', async () => {
    const request = buildPatient();
    const key = { 'idempotency-key': randomUUID() };
    const first = await secretary('POST', '/api/patients', request, key);
    const again = await secretary('POST', '/api/patients', request, key);
    expect([again.status, again.body.id, again.headers.get('etag')]).toEqual([201, first.body.id, '"v1"']);
    expect(await count(request.familyName)).toBe(1);
    const other = await secretary('POST', '/api/patients', buildPatient(), key);
    expect([other.status, other.body.code]).toEqual([422, 'REQUEST.IDEMPOTENCY_KEY_REUSED']);
  });

  it('registers one, however soon the caller hangs up and repeats with the same Idempotency-Key', async () => {
    for (let ms = 1; ms <= 14; ms += 1) {
      const request = buildPatient();
      const key = { 'idempotency-key': randomUUID() };
      await secretary('POST', '/api/patients', request, key, AbortSignal.timeout(ms)).catch(() => {});
      const answer = await untilAnswered(() => secretary('POST', '/api/patients', request, key));
      expect([ms, answer.status, await count(request.familyName)]).toEqual([ms, 201, 1]);
    }
  });

  it('takes an identifier for the same, and a name for what is seen of it, whatever invisible stands in them', async () => {
    const ins = buildIns();
    const seen = buildPatient({ identifiers: [ins] });
    expect((await secretary('POST', '/api/patients', seen)).status).toBe(201);
    const hidden = { ...ins, value: `\ufeff${ins.value.slice(0, 5)}\u200b${ins.value.slice(5)}` };
    const again = await secretary('POST', '/api/patients', buildPatient({ identifiers: [hidden] }));
    expect([again.status, again.body.code]).toEqual([409, 'PATIENT.IDENTIFIER_TAKEN']);
    const familyName = `Le\u00ad${seen.familyName.toLowerCase()}\u200b`;
    const named = await secretary('POST', '/api/patients', buildPatient({ familyName }));
    expect(named.body.familyName).toBe(`Le${seen.familyName.toLowerCase()}`);
  });

  it('registers one when the process dies between storing and answering, and another repeats', async () => {
    const request = buildPatient();
    const key = { 'idempotency-key': randomUUID() };
    const { body } = await secretary('POST', '/api/patients?acceptDuplicate=true', request, key);
    await service.sql.query('update idempotency_key set answer = null where key = $1', [key['idempotency-key']]);
    service.clock.advanceBy(61_000);
    const again = await secretary('POST', '/api/patients?acceptDuplicate=true', request, key);
    expect([again.status, again.body.id, await count(request.familyName)]).toEqual([201, body.id, 1]);
  });

  it("warns when an INS speaks of another person's birth or sex, and registers all the same", async () => {
    const answer = await secretary(
      'POST',
      '/api/patients',
      buildPatient({ identifiers: [buildIns()], birthDate: '2019-06-01', gender: 'male' }),
    );
    expect(answer.status).toBe(201);
    expect(answer.body.warnings.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
      'identifiers[0].value INS_SEX',
      'identifiers[0].value INS_BIRTH',
    ]);
  });
});

describe('in production', () => {
  it('made-up identities are refused and real ones taken', async () => {
    const production = await startService({ mode: 'production' });
    try {
      const clerk = await production.as({ roles: ['secretary'] });
      const { value } = buildIns();
      const test = await clerk('POST', '/api/patients', buildPatient({ identifiers: [{ system: testSystem, value }] }));
      expect(test.status).toBe(422);
      expect(test.body.fields).toMatchObject([{ path: 'identifiers[0].system', code: 'SYSTEM_NOT_ALLOWED' }]);
      const real = { system: 'urn:oid:1.2.250.1.213.1.4.8', value };
      expect((await clerk('POST', '/api/patients', buildPatient({ identifiers: [real] }))).status).toBe(201);
    } finally {
      await production.stop();
    }
  });
});
