import { randomUUID } from 'node:crypto';
import type { Role, Section } from '@cabinet/kit/access/principal';
import { auditEvents, PostgresAuditTrail } from '@cabinet/postgres/audit';
import { openDatabase } from '@cabinet/postgres/orm';
import { keptFromGuardians } from '@cabinet/service/audit/chain';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { PatientSchema } from '../src/data/patient.schema.js';
import { buildIns, buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;
let admin: Caller;
const secretaryId = randomUUID();

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'], sub: secretaryId });
  admin = await service.as({ roles: ['admin'] });
});
afterAll(() => service?.stop());

async function actionsOn(patientId: string): Promise<string[]> {
  const { rows } = await service.sql.query(
    'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
    [patientId],
  );
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
}

async function register(headers = {}) {
  const request = buildPatient();
  const { body } = await secretary('POST', '/api/patients', request, headers);
  return { id: body.id as string, request, path: `/api/patients/${body.id}` };
}

const day = 86_400_000;
type Line = { action: string; outcome: number };

const v = (version: number) => ({ 'if-match': `"v${version}"` });

describe('the audit trail', () => {
  it('has every way to see or change a patient, refusals included', async () => {
    const { id, path, request } = await register();
    const survivor = await register();
    const other = await service.as({ roles: ['patient'], patientId: survivor.id });
    await secretary('GET', path);
    await other('GET', path);
    await secretary('GET', `/api/patients?q=${request.familyName}`);
    await secretary('POST', '/api/patients/search', { q: request.familyName });
    await secretary('PATCH', path, { gender: 'other' }, v(1));
    await secretary('PATCH', path, { gender: 'other' }, v(1));
    await secretary('PUT', path, request, v(2));
    await secretary('DELETE', path, undefined, v(3));
    await secretary('GET', `${path}/duplicates`);
    await secretary('POST', `${path}/merge`, { intoPatientId: survivor.id });
    await admin('POST', `/api/patients/${survivor.id}/erase`);
    expect(await actionsOn(id)).toEqual([
      'POST /api/patients 201',
      'GET /api/patients/:id 200',
      'GET /api/patients/:id 403',
      'GET /api/patients 200',
      'POST /api/patients/search 200',
      'PATCH /api/patients/:id 200',
      'PATCH /api/patients/:id 412',
      'PUT /api/patients/:id 200',
      'DELETE /api/patients/:id 200',
      'GET /api/patients/:id/duplicates 200',
      'POST /api/patients/:id/merge 200',
    ]);
    expect((await actionsOn(survivor.id)).slice(-2)).toEqual([
      'POST /api/patients/:id/merge 200',
      'POST /api/patients/:id/erase 204',
    ]);
    const { rows } = await service.sql.query('select row_to_json(e)::text as event from audit_event e');
    expect(rows.map(({ event }) => event).join('\n')).not.toContain(request.familyName);
  });

  it('has those whom a refusal names', async () => {
    const anIns = buildIns();
    const { id, request } = await register();
    const withIns = await secretary('POST', '/api/patients', buildPatient({ identifiers: [anIns] }));
    const other = await register();
    expect((await secretary('POST', '/api/patients', request)).body.possibleDuplicates).toEqual([id]);
    expect(await actionsOn(id)).toEqual(['POST /api/patients 201', 'POST /api/patients 409']);
    const taken = [
      await secretary('POST', '/api/patients', buildPatient({ identifiers: [anIns] })),
      await secretary('PATCH', other.path, { identifiers: [anIns] }, v(1)),
    ];
    expect(taken.map(({ body }) => body.patientId)).toEqual([withIns.body.id, withIns.body.id]);
    expect(await actionsOn(withIns.body.id)).toEqual([
      'POST /api/patients 201',
      'POST /api/patients 409',
      'PATCH /api/patients/:id 409',
    ]);
  });

  it('has the one whom a merged patient turned out to be, for whatever is asked by the old id', async () => {
    const left = await register();
    const kept = await register();
    await secretary('POST', `${left.path}/merge`, { intoPatientId: kept.id });
    const before = (await actionsOn(kept.id)).length;
    await secretary('GET', left.path);
    await secretary('GET', `${left.path}/duplicates`);
    await secretary('PATCH', left.path, { gender: 'other' }, v(2));
    const another = await register();
    await secretary('POST', `${another.path}/merge`, { intoPatientId: left.id });
    expect((await actionsOn(kept.id)).slice(before)).toEqual([
      'GET /api/patients/:id 200',
      'GET /api/patients/:id/duplicates 200',
      'PATCH /api/patients/:id 409',
      'POST /api/patients/:id/merge 409',
    ]);
  });

  it('has an answer that is given again', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const { id, request } = await register(key);
    const again = await secretary('POST', '/api/patients', request, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await actionsOn(id)).toEqual(['POST /api/patients 201', 'POST /api/patients 201']);
  });

  it('has who was imported, and is whole', async () => {
    const { familyName } = buildPatient();
    const text = `familyName,givenNames,birthDate\n${familyName},Anne,1980-01-31\n`;
    await admin('POST', '/api/patients/import', text, { 'content-type': 'text/csv' });
    const { rows } = await service.sql.query('select id from patient where family_name = $1', [familyName]);
    expect(await actionsOn(rows[0].id)).toEqual(['POST /api/patients/import 200']);
    // Of whom a report tells something, it was read, whether or not it stores anything.
    const upload = (line: string, query = '') =>
      admin('POST', `/api/patients/import${query}`, `familyName,givenNames,birthDate,gender\n${line}\n`, {
        'content-type': 'text/csv',
      });
    const same = await upload(`${familyName},Anne,1980-01-31,other`, '?dryRun=true');
    expect(same.body.warnings).toMatchObject([{ field: 'gender', code: 'DIFFERS' }]);
    const alike = await upload(`${familyName},Anna,1980-01-31,`, '?dryRun=true');
    expect(alike.body.warnings).toMatchObject([{ code: 'POSSIBLE_DUPLICATE' }]);
    await upload(`${familyName},Bruno,1980-01-30,`, '?dryRun=true');
    expect(await actionsOn(rows[0].id)).toEqual(Array(3).fill('POST /api/patients/import 200'));
    const { rows: lines } = await service.sql.query(
      `select subjects from audit_event where action = 'POST /api/patients/import' order by sequence`,
    );
    expect(lines.map(({ subjects }) => subjects)).toEqual(Array(3).fill([rows[0].id]));
    const verdict = await verifyChain(
      auditEvents(async (sql) => (await service.sql.query(sql)).rows),
      auditKeysOf('patient'),
    );
    expect(verdict.isWhole).toBe(true);
  });

  it('says why and from where, and is searched by admins, whose search for somebody is on record', async () => {
    const { id, path } = await register();
    await secretary('GET', path, undefined, { 'x-forwarded-for': '192.0.2.7, 10.0.0.1' });
    const search = (query: string) => admin('GET', `/system/audit?subject=${id.toUpperCase()}${query}`);
    const { status, body } = await search('&limit=1');
    expect([status, body.items]).toEqual([
      200,
      [
        expect.objectContaining({
          actor: secretaryId,
          roles: ['secretary'],
          purpose: 'PATADMIN',
          action: 'GET /api/patients/:id',
          subjects: [id],
          outcome: 200,
          address: '192.0.2.7',
        }),
      ],
    ]);
    const next = await search(`&limit=1&cursor=${body.nextCursor}`);
    // Between the two pages the search itself came on record, as the latest.
    expect(next.body.items).toMatchObject([{ action: 'POST /api/patients', outcome: 201 }]);
    expect(next.body.nextCursor).toBeUndefined();
    expect((await actionsOn(id)).slice(-1)).toEqual(['GET /system/audit 200']);
    expect((await search('&action=GET%20/system/audit')).body.items).toHaveLength(2);
    const other = await register();
    const both = await admin('GET', `/system/audit?subject=${other.id},${id}&action=post%20patients`);
    expect(both.body.items.map(({ subjects }: { subjects: string[] }) => subjects)).toEqual([[other.id], [id]]);
    expect((await actionsOn(other.id)).slice(-1)).toEqual(['GET /system/audit 200']);
    expect((await search(`&from=${encodeURIComponent('2030-01-01T00:00:00Z')}`)).body.items).toEqual([]);
    expect((await secretary('GET', `/system/audit?subject=${id}`)).status).toBe(403);
    for (const query of [',', ',x', `,${id}`.repeat(10), '&nosuch=1', '&from=yesterday', '&limit=500', '&cursor=x']) {
      expect([query, (await search(query)).status]).toEqual([query, 422]);
    }
  });

  it('has the search of an admin who names nobody, too', async () => {
    const adminId = randomUUID();
    const searcher = await service.as({ roles: ['admin'], sub: adminId });
    for (const query of ['', '?action=GET%20/api/patients/:id', `?actor=${randomUUID()}`]) {
      expect((await searcher('GET', `/system/audit${query}`)).status).toBe(200);
    }
    expect(await actionsOn(adminId)).toEqual(Array(3).fill('GET /system/audit 200'));
  });

  it('is read by the patient, and by nobody else, but for what is of others and for the patient’s own looks at it', async () => {
    const { id, path } = await register();
    const accesses = `/system/accesses/${id}`;
    await secretary('GET', path, undefined, { 'x-forwarded-for': '192.0.2.7' });
    const self = await service.as({ roles: ['patient'], patientId: id, sub: randomUUID() });
    const other = await service.as({ roles: ['patient'], patientId: randomUUID(), sub: randomUUID() });
    expect((await other('GET', accesses)).status).toBe(403);
    expect((await secretary('GET', accesses)).status).toBe(403);
    await self('GET', accesses);
    const { status, body } = await self('GET', accesses);
    expect([status, body.items.map(({ action, outcome }: Line) => `${action} ${outcome}`)]).toEqual([
      200,
      ['GET /system/accesses/:patientId 403', 'GET /api/patients/:id 200', 'POST /api/patients 201'],
    ]);
    expect(Object.keys(body.items[1]).sort()).toEqual(['action', 'actor', 'at', 'outcome', 'purpose', 'roles']);
    expect((await actionsOn(id)).slice(-2)).toEqual(Array(2).fill('GET /system/accesses/:patientId 200'));
    const [latest] = (await self('GET', `${accesses}?limit=1`)).body.items;
    const older = await self('GET', `${accesses}?limit=5&to=${latest.at}`);
    expect(older.status).toBe(200);
  });

  it('is read by who acts for the patient, by guardians without what is kept from them', async () => {
    const { id, path } = await register();
    await secretary('GET', path);
    await secretary('GET', path);
    // As a service leaves it that shows something kept: here nothing is.
    const orm = openDatabase({ url: service.databaseUrl, entities: [PatientSchema], migrations: [] });
    const kept = {
      at: service.clock.now(),
      actor: secretaryId,
      roles: ['practitioner'],
      outcome: 200,
      requestId: 'kept',
    };
    await new PostgresAuditTrail(orm, auditKeysOf('patient')).append({
      ...kept,
      action: 'GET /api/records/:patientId',
      subjects: [id, keptFromGuardians],
    });
    await orm.close(true);
    const seenBy = async (as: 'guardian' | 'carer', sections: Section[], patient = id) => {
      const acting = { patient, as, sections };
      const who = { roles: ['patient'] as Role[], patientId: randomUUID(), sub: randomUUID(), acts_for: [acting] };
      const { status, body } = await (await service.as(who))('GET', `/system/accesses/${id}`);
      return status === 200 ? body.items.map(({ action }: Line) => action) : status;
    };
    const self = await service.as({ roles: ['patient'], patientId: id, sub: randomUUID() });
    const all = (await self('GET', `/system/accesses/${id}`)).body.items.map(({ action }: Line) => action);
    expect(all).toContain('GET /api/records/:patientId');
    const rest = all.filter((action: string) => !action.includes('records'));
    expect(await seenBy('guardian', ['accesses'])).toEqual(['GET /system/accesses/:patientId', ...rest]);
    expect(await seenBy('carer', ['accesses'])).toContain('GET /api/records/:patientId');
    expect(await seenBy('guardian', ['details', 'record'])).toBe(403);
    expect(await seenBy('guardian', ['accesses'], randomUUID())).toBe(403);
  });

  it('says to the patient which practitioner looked for them, and not to their guardians', async () => {
    const birthDate = '2011-09-01';
    const { body } = await secretary('POST', '/api/patients', buildPatient({ birthDate }));
    const [id, path] = [body.id, `/api/patients/${body.id}`];
    const doctor = await service.as({ roles: ['practitioner'], sub: randomUUID(), practitionerId: randomUUID() });
    await doctor('GET', `/api/patients?q=${body.familyName}`);
    await doctor('POST', '/api/patients/search', { q: body.familyName });
    await doctor('GET', path);
    await doctor('GET', `${path}/duplicates`);
    await doctor('GET', `${path}/related-persons`);
    await doctor('PATCH', path, { gender: 'other' }, v(1));
    await doctor('PATCH', path, { gender: 'male' }, v(1));
    await doctor('PATCH', path, { gender: 'no such' }, v(2));
    await doctor('PATCH', path, '{"gender":', { ...v(2), 'content-type': 'application/json' });
    await doctor('DELETE', path, undefined, v(2));
    await doctor('GET', '/api/patients/coming-of-age');
    const { body: registered } = await doctor('POST', '/api/patients', buildPatient({ birthDate }));
    const self = await service.as({ roles: ['patient'], patientId: id, sub: randomUUID() });
    const seenBy = async (by: Caller, patient = id) =>
      (await by('GET', `/system/accesses/${patient}`)).body.items
        .filter(({ roles }: { roles: Role[] }) => !roles.includes('patient'))
        .map(({ action, outcome }: Line) => `${action} ${outcome}`)
        .reverse();
    const ofDoctor = [
      'GET /api/patients 200',
      'POST /api/patients/search 200',
      'GET /api/patients/:id 200',
      'GET /api/patients/:id/duplicates 200',
      'GET /api/patients/:id/related-persons 200',
      'PATCH /api/patients/:id 200',
      'PATCH /api/patients/:id 412',
      'PATCH /api/patients/:id 422',
      'PATCH /api/patients/:id 400',
      'DELETE /api/patients/:id 403',
    ];
    expect(await seenBy(self)).toEqual(['POST /api/patients 201', ...ofDoctor]);
    const parent = (patient: string) =>
      service.as({
        roles: ['patient'],
        patientId: randomUUID(),
        sub: randomUUID(),
        acts_for: [{ patient, as: 'guardian', sections: ['accesses'] }],
      });
    expect(await seenBy(await parent(id))).toEqual(['POST /api/patients 201']);
    expect(await seenBy(await parent(registered.id), registered.id)).toEqual([]);
  });

  it('is searched by an admin who is a guardian without what is kept from them', async () => {
    const { id, path } = await register();
    const { id: stranger, path: strangers } = await register();
    const old = await register();
    const doctor = await service.as({ roles: ['practitioner'], sub: randomUUID(), practitionerId: randomUUID() });
    for (const each of [path, strangers, old.path]) await doctor('GET', each);
    await secretary('GET', path);
    await secretary('POST', `${old.path}/merge`, { intoPatientId: id });
    const mother = await service.as({
      roles: ['admin', 'patient'],
      patientId: randomUUID(),
      sub: randomUUID(),
      acts_for: [{ patient: id, as: 'guardian', sections: ['details'] }],
    });
    const read = 'GET /api/patients/:id';
    const found = async (by: Caller, query: string) =>
      (await by('GET', `/system/audit?action=${encodeURIComponent(read)}&limit=200&${query}`)).body.items
        .filter(({ subjects }: { subjects: string[] }) =>
          subjects.some((each) => [id, old.id, stranger].includes(each)),
        )
        .map(({ roles }: { roles: Role[] }) => roles.join())
        .sort();
    expect(await found(mother, `subject=${id}`)).toEqual(['secretary']);
    expect(await found(mother, `subject=${old.id}`)).toEqual([]);
    expect(await found(mother, `subject=${stranger}`)).toEqual(['practitioner']);
    expect(await found(mother, '')).toEqual(['practitioner', 'secretary']);
    expect(await found(admin, '')).toEqual(['practitioner', 'practitioner', 'practitioner', 'secretary']);
  });

  it('is read by the patient for three years', async () => {
    const { id, path } = await register();
    await secretary('GET', path);
    const self = await service.as({ roles: ['patient'], patientId: id, expiresIn: 3_600 });
    const seen = async () => (await self('GET', `/system/accesses/${id}`)).body.items.length;
    expect(await seen()).toBe(2);
    service.clock.advanceBy((3 * 365 - 1) * day);
    expect(await seen()).toBe(2);
    service.clock.advanceBy(4 * day);
    expect(await seen()).toBe(0);
    service.clock.advanceBy(-(3 * 365 + 3) * day);
  });

  it('says how many more refusals somebody met who is refused again and again', async () => {
    const { id, path } = await register();
    const other = await service.as({ roles: ['patient'], patientId: randomUUID(), sub: randomUUID() });
    await Promise.all(Array.from({ length: 70 }, () => other('GET', path)));
    expect((await actionsOn(id)).filter((action) => action.endsWith('403'))).toHaveLength(60);
    service.clock.advanceBy(61_000);
    await other('GET', path);
    await expect
      .poll(async () => (await service.sql.query('select times from audit_event where times is not null')).rows)
      .toEqual([{ times: 10 }]);
  });
});
