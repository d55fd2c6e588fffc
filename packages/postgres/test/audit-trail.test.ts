import { readFileSync } from 'node:fs';
import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { auditTable, auditTableInParts, partSize } from '@cabinet/postgres/audit-tables';
import { migrate, type Orm, openDatabase } from '@cabinet/postgres/orm';
import { type AuditEvent, AuditKeys, keptFromGuardians, type SealedEvent, seal } from '@cabinet/service/audit/chain';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { verifyTrails } from '../../../operations/src/audit-trails.ts';
import { createDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { id: p.integer().primary() } });
const secret = 'a key that is long enough for a trail';
const keys = new AuditKeys('patient', [secret]);

class AuditTrail extends Migration {
  override up(): void {
    this.addSql(auditTable);
  }
}
class KeyedAuditTrail extends Migration {
  override up(): void {
    this.addSql(auditTableInParts);
  }
}
const before = { name: '1', class: AuditTrail };
const after = { name: '2', class: KeyedAuditTrail };

let url: string;
let sql: pg.Client;
const opened: Orm[] = [];

function open(migrations = [before, after]): Orm {
  const orm = openDatabase({ url, entities: [Thing], migrations });
  opened.push(orm);
  return orm;
}

async function openTrail(by = keys): Promise<PostgresAuditTrail> {
  const orm = open();
  await migrate(orm);
  return new PostgresAuditTrail(orm, by);
}

beforeEach(async () => {
  url = await createDatabase('audit');
  sql = new pg.Client({ connectionString: url });
  await sql.connect();
});
afterEach(async () => {
  await sql.end();
  for (const orm of opened.splice(0)) await orm.close(true);
});

const event = (n: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  at: new Date(Date.UTC(2026, 10, 22, 10, 0, n)),
  actor: `user-${n % 3}`,
  roles: ['practitioner'],
  practitionerId: 'practitioner-1',
  purpose: 'TREAT',
  action: n % 2 ? 'GET /api/patients/:id' : 'PATCH /api/patients/:id',
  subjects: [`patient-${n % 4}`, 'patient-of-all'],
  outcome: 200,
  requestId: `request-${n}`,
  ...more,
});

const verdict = async () => (await verifyTrails([{ service: 'patient', url, keys: secret }])).patient;

/** What the role can do that owns the table, once it has given itself the right. */
async function asOwner(...statements: string[]): Promise<void> {
  const { rows } = await sql.query(
    `select relname from pg_class where relname ~ '^audit_event(_\\d+)?$' and relkind in ('r', 'p')`,
  );
  for (const { relname } of rows) {
    await sql.query(`grant all on ${relname} to current_user; alter table ${relname} disable trigger all`);
  }
  for (const statement of statements) await sql.query(statement);
}

describe('the audit trail on PostgreSQL', () => {
  it('is one whole chain with all that was given, though two processes write at once', async () => {
    const trails = [await openTrail(), await openTrail()];
    await Promise.all(
      Array.from({ length: 400 }, (_, n) => trails[n % 2]?.append(event(n, { times: n || undefined }))),
    );
    expect(await verdict()).toMatchObject({ isWhole: true, events: 400 });
    const stored = (await trails[0]?.find({ limit: 1_000 })) as SealedEvent[];
    expect(stored.map(({ requestId }) => requestId).sort()).toEqual(
      Array.from({ length: 400 }, (_, n) => `request-${n}`).sort(),
    );
    const { sequence: _, hash: __, keyId, ...last } = stored[0] as SealedEvent;
    expect(last).toEqual(event(399, { times: 399 }));
    expect(keyId).toBe(keys.current);
  });

  it('lets the role of the service neither change nor remove anything, in no part', async () => {
    const trail = await openTrail();
    await trail.append(event(1));
    for (const table of ['audit_event', 'audit_event_1']) {
      for (const change of [`update ${table} set actor = ''`, `delete from ${table}`, `truncate ${table}`]) {
        await expect(sql.query(change)).rejects.toThrow('permission denied');
        await sql.query(`grant all on ${table} to current_user`);
        await expect(sql.query(change)).rejects.toThrow('neither changed nor removed');
        await sql.query(`revoke update, delete, truncate on ${table} from current_user`);
      }
    }
    expect(await verdict()).toMatchObject({ isWhole: true, events: 1 });
  });

  it('goes on in the next part of the table, also of two processes at once', async () => {
    const trails = [await openTrail(), await openTrail()];
    const previous = { sequence: partSize - 6, hash: '0'.repeat(64) };
    const { sequence, at, hash, keyId } = seal(event(0), previous, keys);
    await sql.query(
      `insert into audit_event (sequence, at, actor, roles, action, subjects, outcome, request_id, hash, key_id)
       values ($1, $2, 'u', '{}', 'a', '{}', 200, 'r', $3, $4)`,
      [sequence, at, hash, keyId],
    );
    for (let n = 1; n <= 20; n += 1) await Promise.all(trails.map((trail) => trail.append(event(n))));
    const { rows } = await sql.query(
      'select tableoid::regclass::text as part, count(*)::int from audit_event group by 1 order by 1',
    );
    expect(rows).toEqual([
      { part: 'audit_event_1', count: 6 },
      { part: `audit_event_${partSize + 1}`, count: 35 },
    ]);
    await expect(sql.query(`delete from audit_event_${partSize + 1}`)).rejects.toThrow('permission denied');
  });

  it('takes over what was chained before there were keys', async () => {
    const old = open([before]);
    await migrate(old);
    // As the version before wrote them.
    await sql.query(
      `insert into audit_event values
       (1, '2026-11-22T10:00:00.120Z', 'u1', '{secretary}', 'GET /api/patients/:id', '{p1}', 200, 'r1', null,
        'eb29d62d5c3bd457af42fb79a68c1c1c96ce8c9e02871784224e542d0fc02ccd')`,
    );
    const trail = await openTrail();
    await trail.append(event(1));
    expect(await verdict()).toMatchObject({ isWhole: true, events: 2 });
    expect(await trail.find({ subjects: ['p1'], limit: 5 })).toMatchObject([{ sequence: 1, actor: 'u1' }]);
    await asOwner(`update audit_event set actor = 'u2' where sequence = 1`);
    expect((await verdict())?.faults).toEqual([{ kind: 'changed', sequence: 1 }]);
  });

  it('can be taken from the role of the service as docs/operate.md says, which then cannot disable what keeps it', async () => {
    const trail = await openTrail();
    await trail.append(event(1));
    const role = new URL(url).username;
    const said = /create role audit_keeper[\s\S]*?(?=```)/.exec(readFileSync('docs/operate.md', 'utf8'))?.[0] ?? '';
    const admin = new URL(inject('postgresAdminUrl'));
    admin.pathname = new URL(url).pathname;
    const inside = new pg.Client({ connectionString: admin.href });
    await inside.connect();
    await inside.query(said.replaceAll('audit_keeper', `keeper_of_${role}`).replace(/\bpatient\b/g, role));
    await inside.end();
    // Without an effect, and a warning alone.
    await sql.query('grant all on audit_event, audit_event_1 to current_user');
    for (const attempt of [
      'alter table audit_event_1 disable trigger all',
      'drop table audit_event cascade',
      'drop function refuse_change_of_audit() cascade',
      'delete from audit_event_1',
    ]) {
      await expect(sql.query(attempt)).rejects.toThrow(/permission denied|must be owner/);
    }
    // It goes on, in parts that are not its own either.
    await sql.query('select make_audit_part($1)', [partSize + 1]);
    await expect(sql.query(`truncate audit_event_${partSize + 1}`)).rejects.toThrow('permission denied');
    expect((await sql.query(`select 1 from audit_event_${partSize + 1}`)).rows).toEqual([]);
    const again = await openTrail();
    await again.append(event(2));
    expect(await verdict()).toMatchObject({ isWhole: true, events: 2 });
  });

  it('is searched by subject, actor, action and time, latest first and page by page', async () => {
    const trail = await openTrail();
    for (let n = 0; n < 24; n += 1) await trail.append(event(n));
    const found = async (question: object) =>
      (await trail.find({ limit: 100, ...question })).map(({ requestId }) => Number(requestId.split('-')[1]));
    const every = (step: number, rest: number) =>
      Array.from({ length: 24 }, (_, n) => 23 - n).filter((n) => n % step === rest);
    expect(await found({})).toEqual(every(1, 0));
    expect(await found({ subjects: ['patient-3'] })).toEqual(every(4, 3));
    expect(await found({ subjects: ['patient-3', 'patient-1'] })).toEqual(every(2, 1));
    expect(await found({ actor: 'user-2' })).toEqual(every(3, 2));
    expect(await found({ action: 'PATCH /api/patients/:id', actor: 'user-0' })).toEqual(every(6, 0));
    expect(await found({ from: event(5).at, to: event(8).at })).toEqual([7, 6, 5]);
    await trail.append(event(24, { action: 'POST /api/patients/:id/merge', at: event(0).at }));
    await trail.append(event(25, { action: 'GET /api/patients/:id/100%_sure', at: event(0).at }));
    // Called so: that alone, though others begin with it.
    expect(await found({ action: 'GET /api/patients/:id' })).toEqual(every(2, 1));
    expect(await found({ action: 'GET /api/pat' })).toEqual([...every(2, 1), 25]);
    expect(await found({ action: 'patients Merge' })).toEqual([24]);
    expect(await found({ action: '% _' })).toEqual([25]);
    for (const none of ['merge appointments', '\\', "'; drop table audit_event; --"]) {
      expect([none, await found({ action: none })]).toEqual([none, []]);
    }
    const [, , third] = await trail.find({ limit: 3, subjects: ['patient-of-all'] });
    const { at, sequence } = third as SealedEvent;
    expect(await found({ limit: 2, before: { at: at.getTime(), sequence } })).toEqual([20, 19]);
    expect(await found({ subjects: ["}'; drop table audit_event; --"] })).toEqual([]);
    await trail.append({ ...event(26), subjects: ['patient-0', keptFromGuardians] });
    const exceptKeptOf = ['patient-3', 'patient-0'];
    expect(await found({ limit: 2 })).toEqual([26, 23]);
    expect(await found({ limit: 2, exceptKeptOf })).toEqual([23, 22]);
    expect(await found({ limit: 1, subjects: ['patient-0'], exceptKeptOf })).toEqual([20]);
    expect(await found({ limit: 2, exceptKeptOf: ['patient-1'] })).toEqual([26, 23]);
  });
});

describe('verify-audit finds', () => {
  beforeEach(async () => {
    const trail = await openTrail();
    for (let n = 1; n <= 10; n += 1) await trail.append(event(n));
  });

  it('an event that the owner of the table changed', async () => {
    await asOwner(`update audit_event set actor = 'nobody' where sequence = 4`);
    expect(await verdict()).toMatchObject({ isWhole: false, faults: [{ kind: 'changed', sequence: 4 }] });
  });

  it('a subject that was taken out of an event, and a role that was added', async () => {
    await asOwner(
      `update audit_event set subjects = '{patient-of-all}' where sequence = 2`,
      `update audit_event set roles = '{practitioner,admin}' where sequence = 9`,
    );
    expect((await verdict())?.faults).toEqual([
      { kind: 'changed', sequence: 2 },
      { kind: 'changed', sequence: 9 },
    ]);
  });

  it('events that were removed', async () => {
    await asOwner('delete from audit_event where sequence in (3, 4, 8)');
    expect((await verdict())?.faults).toEqual([
      { kind: 'missing', sequence: 3, until: 4 },
      { kind: 'missing', sequence: 8, until: 8 },
    ]);
  });

  it('events that were removed and the others numbered anew', async () => {
    await asOwner(
      'delete from audit_event where sequence = 3',
      'update audit_event set sequence = sequence + 1000 where sequence > 3',
      'update audit_event set sequence = sequence - 1001 where sequence > 1000',
    );
    expect((await verdict())?.faults[0]).toEqual({ kind: 'changed', sequence: 3 });
  });

  it('an event that was put in', async () => {
    await asOwner(
      'update audit_event set sequence = sequence + 1000 where sequence > 5',
      'update audit_event set sequence = sequence - 999 where sequence > 1000',
      `insert into audit_event select 6, at, 'somebody', roles, action, subjects, outcome, request_id, address, hash,
         practitioner_id, on_behalf_of, purpose, times, witnessed, key_id from audit_event where sequence = 5`,
    );
    expect((await verdict())?.faults[0]).toEqual({ kind: 'changed', sequence: 6 });
  });

  it('an event that was put after the last one', async () => {
    await sql.query(
      `insert into audit_event (sequence, at, actor, roles, action, subjects, outcome, request_id, hash)
       select 11, at, 'somebody', roles, action, subjects, outcome, request_id, hash from audit_event where sequence = 5`,
    );
    expect((await verdict())?.faults).toEqual([{ kind: 'unkeyed', sequence: 11 }]);
  });

  it('events whose places were exchanged', async () => {
    await asOwner(
      'update audit_event set sequence = 1000 where sequence = 6',
      'update audit_event set sequence = 6 where sequence = 7',
      'update audit_event set sequence = 7 where sequence = 1000',
    );
    expect((await verdict())?.faults[0]).toEqual({ kind: 'changed', sequence: 6 });
  });

  it('a whole that was rewritten with a key of one’s own', async () => {
    await asOwner('truncate audit_event');
    const forged = await openTrail(new AuditKeys('patient', ['what somebody guessed who has no key']));
    for (let n = 1; n <= 10; n += 1) await forged.append(event(n, { actor: 'nobody' }));
    expect(await verdict()).toMatchObject({
      isWhole: false,
      faulty: 10,
      faults: Array.from({ length: 10 }, (_, n) => ({ kind: 'key-unknown', sequence: n + 1 })),
    });
  });
});
