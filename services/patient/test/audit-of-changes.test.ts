import { randomUUID } from 'node:crypto';
import { auditEvents } from '@cabinet/postgres/audit';
import { verifyChain } from '@cabinet/service/audit/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { type Caller, caller, until } from '../../../tests/support/http.ts';
import { startProcess } from '../../../tests/support/process.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';
import { buildPatient, type PatientService, startService } from './support.ts';

let service: PatientService;
let secretary: Caller;
const secretaryId = randomUUID();

beforeAll(async () => {
  service = await startService({ logLevel: 'silent' });
  secretary = await service.as({ roles: ['secretary'], sub: secretaryId });
});
afterAll(() => service?.stop());

async function linesOn(patientId: string): Promise<string[]> {
  const { rows } = await service.sql.query(
    'select action, outcome, actor from audit_event where subjects @> array[$1] order by sequence',
    [patientId],
  );
  return rows.map(
    ({ action, outcome, actor }) => `${action} ${outcome} ${actor === secretaryId ? 'by the secretary' : actor}`,
  );
}

const genderOf = async (id: string) =>
  (await service.sql.query('select gender from patient where id = $1', [id])).rows[0]?.gender;

const v1 = { 'if-match': '"v1"' };

/** Makes a change while nothing can be written in the trail, and calls back once it is stored and its line is not. */
async function betweenChangeAndLine(call: Caller, id: string, then: () => Promise<unknown>) {
  return whileHolding(service.sql, ['lock table audit_event in exclusive mode'], async () => {
    const answer = call('PATCH', `/api/patients/${id}`, { gender: 'other' }, v1).catch(() => undefined);
    await until(async () => (await genderOf(id)) === 'other' && (await waiting()).length > 0, 20_000);
    await then();
    for (const { pid } of await waiting()) await service.sql.query('select pg_terminate_backend($1)', [pid]);
    await until(async () => (await waiting()).length === 0);
    return answer;
  });
}

/** Not asked by who holds the lock: within a transaction all this looks as it did at first. */
const waiting = async (): Promise<{ pid: number }[]> =>
  (
    await service.sql.query(`select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ~ 'insert into audit_event'`)
  ).rows;

async function isWhole(): Promise<boolean> {
  const events = auditEvents(async (sql) => (await service.sql.query(sql)).rows);
  return (await verifyChain(events, auditKeysOf('patient'))).isWhole;
}

const patched = 'PATCH /api/patients/:id 0 by the secretary';

async function register(): Promise<string> {
  return (await secretary('POST', '/api/patients', buildPatient())).body.id;
}

describe('a change of a patient', () => {
  it('leaves nothing behind but its line', async () => {
    const id = await register();
    await secretary('PATCH', `/api/patients/${id}`, { gender: 'other' }, v1);
    expect((await service.sql.query('select from audit_note')).rows).toEqual([]);
    expect(await linesOn(id)).toEqual([
      'POST /api/patients 201 by the secretary',
      'PATCH /api/patients/:id 200 by the secretary',
    ]);
  });

  it('is in the trail when that could not be written after the change was stored', async () => {
    const id = await register();
    const answer = await betweenChangeAndLine(secretary, id, async () => {});
    expect([answer?.status, answer?.body.code]).toEqual([503, 'AUDIT.UNAVAILABLE']);
    expect(await linesOn(id)).toHaveLength(1);

    service.clock.advanceBy(180_000);
    await service.restart();
    await until(async () => (await linesOn(id)).length > 1);
    expect((await linesOn(id)).slice(1)).toEqual([patched]);
    expect((await service.sql.query('select from audit_note')).rows).toEqual([]);
    expect(await isWhole()).toBe(true);
  });

  it('is in the trail when its process is killed before its line is written', async () => {
    const id = await register();
    const other = await startProcess('patient', service.databaseUrl);
    const authorization = await other.bearer({ roles: ['secretary'], sub: secretaryId });
    await betweenChangeAndLine(caller(other.base, authorization), id, () => other.kill());
    expect(await linesOn(id)).toHaveLength(1);

    // The killed process had the clock of the machine.
    service.clock.advanceBy(Date.now() + 180_000 - service.clock.now().getTime());
    await service.restart();
    await until(async () => (await linesOn(id)).length > 1);
    expect((await linesOn(id)).slice(1)).toEqual([patched]);
    expect(await isWhole()).toBe(true);
  }, 90_000);
});

describe('a request about a patient that cannot be read', () => {
  it('leaves a line as well', async () => {
    const id = await register();
    const path = `/api/patients/${id}`;
    const json = { 'content-type': 'application/json' };
    const refused = [
      await secretary('PATCH', path, '{"gender":', { ...v1, ...json }),
      await secretary('PATCH', path, 'gender=other', { ...v1, 'content-type': 'text/plain' }),
      await secretary('PATCH', `/api/patients/${id.toUpperCase()}`, { gender: 1 }, v1),
      await secretary('GET', `${path}?x=%00`),
    ];
    const statuses = refused.map(({ status }) => status);
    expect(statuses).toEqual([400, 415, 422, 422]);
    expect((await linesOn(id)).slice(1)).toEqual([
      'PATCH /api/patients/:id 400 by the secretary',
      'PATCH /api/patients/:id 415 by the secretary',
      'PATCH /api/patients/:id 422 by the secretary',
      'GET /api/patients/:id 422 by the secretary',
    ]);
  });
});
