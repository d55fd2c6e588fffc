import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { until } from '../../../tests/support/http.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

const now = '2026-11-20T11:00:00Z';
let service: PatientService;
let secretary: Caller;

beforeAll(async () => {
  service = await startService({ now, agesEveryMs: 20, familyAges: '12,15,18' });
  secretary = await service.as({ roles: ['secretary'] });
});
afterAll(() => service?.stop());

const born = async (birthDate: string): Promise<string> =>
  (await secretary('POST', '/api/patients', buildPatient({ birthDate }))).body.id;

/** A guardian of somebody born on a day. */
async function guardianOf(birthDate: string, more: object = {}) {
  const [kid, mother] = [await born(birthDate), await born('1980-01-01')];
  const body = { relatedPatientId: mother, relationship: 'guardian', proof: 'birth-certificate', ...more };
  const { body: relation } = await secretary('POST', `/api/patients/${kid}/related-persons`, body);
  const read = async () => (await secretary('GET', `/api/patients/${kid}/related-persons`)).body.items[0];
  return { kid, id: relation.id as string, read };
}

const toldOf = (id: string) =>
  service.published.filter(({ data }) => (data as { relatedPersonId?: string }).relatedPersonId === id);

/** The same practice with other ages, and with two processes. */
async function startAnew(familyAges: string) {
  const { databaseUrl, sql } = service;
  // What was said before would be told by the one that starts.
  await until(async () => (await sql.query('select from outbox')).rowCount === 0);
  await service.stop();
  service = await startService({ now, agesEveryMs: 20, familyAges, databaseUrl });
  secretary = await service.as({ roles: ['secretary'] });
  await service.replica();
}

describe('ages that the practice sets anew', () => {
  it('hold for every guardian of before, told once by two processes, but for what a court has said', async () => {
    const [young, teen, court] = [
      await guardianOf('2014-11-20'),
      await guardianOf('2010-05-04'),
      await guardianOf('2010-05-04', { until: '2027-01-01T00:00:00Z' }),
    ];
    const before = await teen.read();
    expect([before.sections.length, before.ends]).toEqual([4, []]);

    await startAnew('12,15:record+accesses,18');
    const left = ['details', 'appointments'];
    await until(async () => (await teen.read()).sections.length === 2);
    await until(async () => (await young.read()).ends.length === 2);
    expect(await teen.read()).toMatchObject({ sections: left, version: 2, until: before.until });
    expect(await young.read()).toMatchObject({
      version: 2,
      ends: [{ section: 'record', at: '2029-11-19T23:00:00.000Z' }, { section: 'accesses' }],
    });
    await until(async () => (await court.read()).version === 2);
    expect(await court.read()).toMatchObject({ sections: left, until: '2027-01-01T00:00:00.000Z' });
    await until(() => toldOf(teen.id).length > 0);
    expect(toldOf(teen.id)).toMatchObject([
      {
        type: 'related-person.changed',
        data: { version: 2, ends: [{ section: 'record', at: '2025-05-03T22:00:00.000Z' }, {}] },
      },
    ]);
    await service.sql.query(`update related_person set ages_setting = 'Europe/Paris 12,15,18' where id = $1`, [
      young.id,
    ]);
    await until(async () => (await young.read()).version === 3);
    await until(() => toldOf(young.id).length >= 2);
    const versions = toldOf(young.id).map(({ data }) => (data as { version: number }).version);
    expect([versions, toldOf(teen.id).length]).toEqual([[2, 3], 1]);
  });

  it('end guardianship of who is of age by them, and prolong it for who is a minor by them', async () => {
    const [older, younger] = [await guardianOf('2009-11-20'), await guardianOf('2016-11-20')];
    await startAnew('12,16');
    await until(async () => (await older.read()) === undefined);
    await until(() => toldOf(older.id).length > 0);
    expect(toldOf(older.id).map(({ type }) => type)).toEqual(['related-person.ended']);
    await until(async () => (await younger.read()).until === '2032-11-19T23:00:00.000Z');
    await startAnew('21');
    await until(async () => (await younger.read()).until === '2037-11-19T23:00:00.000Z');
    expect(await older.read()).toBeUndefined();
  });

  it('are worked out for guardians of before there were such, when a new version starts', async () => {
    await startAnew('12,15:record+accesses,18');
    const { id, read } = await guardianOf('2010-05-04');
    const { sections, version } = await read();
    expect([sections.length, version]).toEqual([2, 1]);
    await service.sql.query(`update related_person set ages_setting = null, ends = '[]' where id = $1`, [id]);
    await until(async () => (await read()).version === 2);
    expect(await read()).toMatchObject({ sections: ['details', 'appointments'] });
  });
});
