import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, caller } from '../support/http.ts';
import { operations } from '../support/operations.ts';
import { platform } from '../support/platform.ts';
import { query, registerPatient, signedInAs } from '../support/practice.ts';

let secretary: Caller;
let admin: Caller;
let alice: Caller;

beforeAll(async () => {
  [secretary, admin, alice] = (await Promise.all(
    ['secretary', 'admin', 'alice'].map(signedInAs) as Promise<Caller>[],
  )) as [Caller, Caller, Caller];
});

const patient = { familyName: 'Contrôle', givenNames: ['Entrée'], birthDate: '1980-05-17', gender: 'female' };
const patientsCalled = (familyName: string) =>
  query('patient', 'select id from patient where family_name = $1', [familyName]);

describe('what is sent through the gateway', () => {
  it.each([
    ['malformed JSON', '{"familyName":', {}, 400, 'REQUEST.MALFORMED_JSON'],
    [
      'a wrong content type',
      'familyName=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'REQUEST.NOT_JSON',
    ],
    ['a huge body', JSON.stringify({ familyName: 'x'.repeat(2_000_000) }), {}, 413, undefined],
    ['an unknown field', { ...patient, shoeSize: 42 }, {}, 422, 'REQUEST.INVALID'],
    ['a date that does not exist', { ...patient, birthDate: '1980-02-30' }, {}, 422, undefined],
    ['a NUL in a name', { ...patient, familyName: 'Con\u0000trôle' }, {}, 422, 'REQUEST.CONTROL_CHARACTER'],
    [
      'a control character in a name',
      { ...patient, familyName: 'Con\u0007trôle' },
      {},
      422,
      'REQUEST.CONTROL_CHARACTER',
    ],
    ['a name with 10,000 characters', { ...patient, familyName: 'x'.repeat(10_000) }, {}, 422, 'REQUEST.INVALID'],
  ])('is refused when it has %s, and nothing is stored', async (_, body, headers, status, code) => {
    const before = (await query('patient', 'select id from patient')).length;
    const answer = await secretary('POST', '/api/patients', body, headers);
    expect(answer.status).toBe(status);
    if (code) expect(answer.body.code).toBe(code);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    if (status === 422) expect(answer.body.fields.length).toBeGreaterThan(0);
    expect((await query('patient', 'select id from patient')).length).toBe(before);
  });

  it.each([
    ['no token', undefined],
    [
      'alg none',
      'Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJ4Iiwicm9sZXMiOlsiYWRtaW4iXSwiZXhwIjo5OTk5OTk5OTk5fQ.',
    ],
    ['nonsense', 'Bearer a.b.c'],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
  ])('is refused with %s', async (_, authorization) => {
    const answer = await caller(platform().url('gateway'), authorization)('GET', '/api/patients');
    expect(answer.status).toBe(401);
    expect(answer.body.code).toMatch(/^ACCESS\./);
  });

  it('is refused by the service itself when somebody goes round the gateway', async () => {
    const secured = operations.filter(({ roles }) => roles);
    const answers = await Promise.all(
      secured.map(async ({ service, method, path }) => {
        const headers = { 'dapr-caller-app-id': 'appointment' };
        const { status } = await caller(platform().url(service))(method, path, undefined, headers);
        return `${method} ${path} ${status}`;
      }),
    );
    expect(answers).toEqual(secured.map(({ method, path }) => `${method} ${path} 401`));
  });

  it('never makes a caller a service, whatever headers claim it', async () => {
    const headers = { 'dapr-caller-app-id': 'record', 'dapr-api-token': platform().appApiToken('appointment') };
    const answer = await alice(
      'GET',
      '/api/appointments/care-relation?patientId=x&practitionerId=y',
      undefined,
      headers,
    );
    expect(answer.status).toBe(403);
    const event = { id: 'x', type: 'patient.erased', source: 'patient', data: {} };
    expect((await caller(platform().url('gateway'))('POST', '/events/patient', event, headers)).status).toBe(404);
  });

  it('needs the version that was read: 428 without, 412 with an old one', async () => {
    const { id } = await registerPatient(secretary);
    const path = `/api/patients/${id}`;
    const read = await secretary('GET', path);
    const etag = read.headers.get('etag') as string;
    const change = { gender: 'other' };
    expect((await secretary('PATCH', path, change)).status).toBe(428);
    expect((await secretary('PATCH', path, change, { 'if-match': etag })).status).toBe(200);
    expect((await secretary('PATCH', path, { gender: 'male' }, { 'if-match': etag })).status).toBe(412);
    expect((await secretary('GET', path)).body.gender).toBe('other');
  });

  it("does not show another patient's data", async () => {
    const { id } = await registerPatient(secretary);
    const answer = await alice('GET', `/api/patients/${id}`);
    expect([403, 404]).toContain(answer.status);
    expect(answer.body.familyName).toBeUndefined();
  });
});

describe('a CSV file', () => {
  const header = 'familyName;givenNames;birthDate;gender';
  const send = (csv: string | Buffer, type = 'text/csv') =>
    admin('POST', '/api/patients/import', csv as string, { 'content-type': type });

  it('is taken with a byte order mark, semicolons and CRLF; good lines are kept, bad ones named; twice creates nothing', async () => {
    const csv = `\ufeff${header}\r\nÎmport;Léa;1990-01-02;female\r\nÎmport;Hugo;1990-02-30;male\r\n`;
    const first = await send(csv);
    expect(first.body.lines).toEqual({ total: 2, created: 1, unchanged: 0, refused: 1 });
    expect(first.body.refused).toMatchObject([{ line: 3, field: 'birthDate' }]);
    expect((await send(csv)).body.lines).toMatchObject({ created: 0, unchanged: 1 });
    expect(await patientsCalled('Împort')).toHaveLength(1);
  });

  it.each([
    ['UTF-16', Buffer.from(`${header}\nUtfseize;Léa;1990-01-02;female\n`, 'utf16le')],
    ['Latin-1', Buffer.from(`${header}\nÉlatin;Léa;1990-01-02;female\n`, 'latin1')],
    ['a duplicate header', `${header};gender\nDouble;Léa;1990-01-02;female;male\n`],
    ['a missing column', 'familyName;givenNames;gender\nManque;Léa;female\n'],
    ['nothing', ''],
  ])('is refused as a whole with %s, and nothing is stored', async (_, csv) => {
    const before = (await query('patient', 'select id from patient')).length;
    const answer = await send(csv);
    expect([415, 422]).toContain(answer.status);
    expect(answer.body.code).toMatch(/^IMPORT\./);
    expect((await query('patient', 'select id from patient')).length).toBe(before);
  });
});

describe('the logs of every process', () => {
  it('hold no name, contact or identifier of a patient', async () => {
    const familyName = 'Zzyzxlogprobe';
    const phone = '+33639981234';
    await registerPatient(secretary, { familyName, telecom: [{ system: 'phone', value: phone }] });
    await secretary('GET', `/api/patients?q=${familyName}`);
    for (const { name } of platform().processes()) {
      const text = readFileSync(platform().home.log(name), 'utf8');
      expect([name, text.toLowerCase().includes(familyName.toLowerCase())]).toEqual([name, false]);
      expect([name, text.includes(phone)]).toEqual([name, false]);
    }
  });
});
