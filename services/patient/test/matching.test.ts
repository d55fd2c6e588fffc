import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

const find = (body: object, by = secretary) => by('POST', '/api/patients/matches', body);

it('tells the desk who somebody may be, with what agrees, and notes of whom', async () => {
  const telecom = [{ system: 'email', value: 'claire.match@example.org' }];
  const details = buildPatient({
    familyName: 'Lefèvre-Match',
    givenNames: ['Claire'],
    birthDate: '1971-03-05',
    telecom,
  });
  const { id } = (await secretary('POST', '/api/patients', details)).body;
  const said = {
    familyName: 'Lefevre Match',
    givenNames: ['Claire'],
    birthDate: '1971-03-05',
    email: 'CLAIRE.match@example.org',
    phone: '0639981234',
  };
  const { status, body } = await find(said);
  expect([status, body.items]).toMatchObject([
    200,
    [
      {
        patientId: id,
        familyName: 'Lefèvre-Match',
        active: true,
        agreement: { familyName: 'same', givenNames: 'same', birthDate: 'same', email: 'same', phone: 'unknown' },
      },
    ],
  ]);
  // By the address alone, with another day.
  const other = await find({ ...said, birthDate: '1971-03-06' });
  expect(other.body.items).toMatchObject([{ patientId: id, agreement: { birthDate: 'different', email: 'same' } }]);
  expect((await find({ ...said, birthDate: '1971-03-06', email: undefined })).body.items).toEqual([]);
  const { rows } = await service.sql.query(
    "select from audit_event where action = 'POST /api/patients/matches' and $1 = any(subjects)",
    [id],
  );
  expect(rows).toHaveLength(2);
});

it('tells of the one it is, also where more than can be compared have the same day of birth', async () => {
  const said = { familyName: 'Zwolle', givenNames: ['Zoé'], birthDate: '1900-01-01' };
  const { id } = (await secretary('POST', '/api/patients', buildPatient(said))).body;
  await service.sql.query(
    `insert into patient select (jsonb_populate_record(p, jsonb_build_object(
       'id', gen_random_uuid(), 'family_name', 'Abel', 'sort_name', 'abel', 'search_text', ' abel anne'))).*
     from patient p, generate_series(1, 1001) where id = $1`,
    [id],
  );
  expect((await find(said)).body.items).toMatchObject([{ patientId: id }]);
});

it('is for the desk alone, and for what can be read', async () => {
  const said = { familyName: 'Match', givenNames: ['Claire'], birthDate: '1971-03-05' };
  for (const roles of [['patient'], ['practitioner']] as const) {
    expect((await find(said, await service.as({ roles: [...roles] }))).status).toBe(403);
  }
  for (const [wrong, path] of [
    [{ birthDate: '1971-02-30' }, 'birthDate'],
    [{ phone: 'none' }, 'phone'],
    [{ email: 'none' }, 'email'],
  ] as const) {
    const { status, body } = await find({ ...said, ...wrong });
    expect([status, body.fields[0].path]).toEqual([422, path]);
  }
});
