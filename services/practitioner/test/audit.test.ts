import { randomUUID } from 'node:crypto';
import { auditEvents } from '@cabinet/postgres/audit';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { buildPractitioner, buildRpps, type PractitionerService, startService } from './support.ts';

let service: PractitionerService;
let secretary: Caller;
const secretaryId = randomUUID();

beforeAll(async () => {
  service = await startService();
  secretary = await service.as({ roles: ['secretary'], sub: secretaryId });
});
afterAll(() => service?.stop());

async function actionsOn(practitionerId: string): Promise<string[]> {
  const { rows } = await service.sql.query(
    'select action, outcome from audit_event where subjects @> array[$1] order by sequence',
    [practitionerId],
  );
  return rows.map(({ action, outcome }) => `${action} ${outcome}`);
}

async function register(headers = {}) {
  const rpps = buildRpps();
  const request = { ...buildPractitioner(), rpps };
  const { body } = await secretary('POST', '/api/practitioners', request, headers);
  return { id: body.id as string, request, path: `/api/practitioners/${body.id}` };
}

const v = (version: number) => ({ 'if-match': `"v${version}"` });

describe('the audit trail', () => {
  it('has every change of a practitioner, refusals included, and by whom', async () => {
    const { id, path, request } = await register();
    const other = await service.as({ roles: ['practitioner'], practitionerId: randomUUID() });
    const patient = await service.as({ roles: ['patient'], patientId: randomUUID() });
    await secretary('PATCH', path, { specialities: [{ code: 'SM54' }] }, v(1));
    await secretary('PATCH', path, { specialities: [] }, v(1));
    await other('PATCH', path, { telecom: [] }, v(2));
    await patient('PATCH', path, { telecom: [] }, v(2));
    await secretary('PUT', path, request, v(2));
    await secretary('DELETE', path, undefined, v(3));
    expect(await actionsOn(id)).toEqual([
      'POST /api/practitioners 201',
      'PATCH /api/practitioners/:id 200',
      'PATCH /api/practitioners/:id 412',
      'PATCH /api/practitioners/:id 403',
      'PATCH /api/practitioners/:id 403',
      'PUT /api/practitioners/:id 200',
      'DELETE /api/practitioners/:id 200',
    ]);
    const { rows } = await service.sql.query(
      'select row_to_json(e)::text as event, actor from audit_event e where subjects @> array[$1] order by sequence',
      [id],
    );
    expect([rows[0]?.actor, rows.at(-1)?.actor]).toEqual([secretaryId, secretaryId]);
    const trail = rows.map(({ event }) => event).join('\n');
    for (const personal of [request.familyName, request.rpps]) expect(trail).not.toContain(personal);
  });

  it('has nothing of the directory being read, which is open to everybody who is signed in', async () => {
    const { id, path, request } = await register();
    await secretary('GET', path);
    await secretary('GET', `/api/practitioners?q=${request.familyName}`);
    expect(await actionsOn(id)).toEqual(['POST /api/practitioners 201']);
  });

  it('has those whom a refusal names', async () => {
    const { id, request } = await register();
    const other = await register();
    expect((await secretary('POST', '/api/practitioners', request)).body.practitionerId).toBe(id);
    const { rpps, ...unnumbered } = request;
    expect((await secretary('POST', '/api/practitioners', unnumbered)).body.possibleDuplicates).toEqual([id]);
    expect((await secretary('PATCH', other.path, { rpps }, v(1))).body.practitionerId).toBe(id);
    expect(await actionsOn(id)).toEqual([
      'POST /api/practitioners 201',
      'POST /api/practitioners 409',
      'POST /api/practitioners 409',
      'PATCH /api/practitioners/:id 409',
    ]);
  });

  it('has an answer that is given again', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const { id, request } = await register(key);
    const again = await secretary('POST', '/api/practitioners', request, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await actionsOn(id)).toEqual(['POST /api/practitioners 201', 'POST /api/practitioners 201']);
  });

  it('has who was imported or told of in the report, of a dry run as well, and is whole', async () => {
    const admin = await service.as({ roles: ['admin'] });
    const { familyName } = buildPractitioner();
    const upload = (query: string) =>
      admin('POST', `/api/practitioners/import${query}`, `familyName,givenNames\n${familyName},Anne\n`, {
        'content-type': 'text/csv',
      });
    await upload('?dryRun=true');
    await upload('');
    await upload('');
    await upload('?dryRun=true');
    const { rows } = await service.sql.query('select id from practitioner where family_name = $1', [familyName]);
    expect(await actionsOn(rows[0].id)).toEqual(Array(3).fill('POST /api/practitioners/import 200'));
    const { rows: lines } = await service.sql.query(
      `select subjects from audit_event where action = 'POST /api/practitioners/import'`,
    );
    expect(lines).toEqual(Array(3).fill({ subjects: [rows[0].id] }));
    const verdict = await verifyChain(
      auditEvents(async (sql) => (await service.sql.query(sql)).rows),
      auditKeysOf('practitioner'),
    );
    expect(verdict).toMatchObject({ isWhole: true });
    expect(verdict.events).toBeGreaterThan(10);
  });
});
