import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SettableClock } from '@cabinet/kit/clock';
import { createLogger } from '@cabinet/kit/observe/log';
import { auditCollection, MongoAuditTrail } from '@cabinet/mongo/audit';
import { documentsOf, openMongo } from '@cabinet/mongo/orm';
import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { migrate, openDatabase } from '@cabinet/postgres/orm';
import { AuditKeys, type Head } from '@cabinet/service/audit/chain';
import { exchangeHeads } from '@cabinet/service/audit/exchange-heads';
import type { AuditTrail } from '@cabinet/service/audit/trail';
import { Witness } from '@cabinet/service/audit/witness';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TrailPlace, verifyTrails } from '../../../operations/src/audit-trails.ts';
import { createDatabase, createMongoDatabase } from '../../../tests/support/database.ts';

class AuditTrails extends Migration {
  override up(): void {
    this.addSql(auditTable);
    this.addSql(auditTableInParts);
  }
}
const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });
const Row = defineEntity({ name: 'Row', properties: { id: p.integer().primary() } });
const keys = 'a key that is long enough for a trail';
const clock = new SettableClock(new Date('2026-11-22T10:00:00Z'));

let places: TrailPlace[];
let open: AsyncDisposableStack;
let record: AuditTrail;
let auth: AuditTrail;
let documents: ReturnType<typeof documentsOf<never>>;
/** As somebody may who owns the database of auth. */
let tamper: (statement: string) => Promise<unknown>;

beforeEach(async () => {
  open = new AsyncDisposableStack();
  places = [
    { service: 'auth', url: await createDatabase('auth'), keys },
    { service: 'record', url: createMongoDatabase('record'), keys },
  ];
  const [ofAuth, ofRecord] = places as [TrailPlace, TrailPlace];
  const orm = openDatabase({ url: ofAuth.url, entities: [Row], migrations: [{ name: '1', class: AuditTrails }] });
  open.defer(() => orm.close(true));
  await migrate(orm);
  auth = new PostgresAuditTrail(orm, new AuditKeys('auth', [keys]));
  const mongo = openMongo({ url: ofRecord.url, entities: [Thing] });
  open.defer(() => mongo.close(true));
  record = new MongoAuditTrail(mongo, new AuditKeys('record', [keys]), createLogger('test', 'silent'));
  documents = documentsOf<never>(mongo, auditCollection);
  tamper = (statement) => orm.em.fork().execute(statement);
});
afterEach(() => open.disposeAsync());

const read = (trail: AuditTrail, actor: string) =>
  trail.append({
    at: clock.now(),
    actor,
    roles: ['practitioner'],
    purpose: 'TREAT',
    action: 'GET /api/records/:patientId',
    subjects: ['patient-1'],
    outcome: 200,
    requestId: 'r',
  });

/** What passes between the two each minute. */
async function exchange(): Promise<void> {
  const head = await record.head();
  const [atAuth, atRecord] = [new Witness(auth, clock), new Witness(record, clock)];
  if (head) await atAuth.note('record', head);
  const answer = await atAuth.head();
  if (answer) await atRecord.note('auth', answer);
}

it('two trails hold each other’s heads, each once, and are whole', async () => {
  await read(record, 'user-1');
  await exchange();
  await read(auth, 'user-2');
  await exchange();
  await exchange();
  expect(await verifyTrails(places)).toMatchObject({
    auth: { isWhole: true, events: 2, compared: 1 },
    record: { isWhole: true, events: 2, compared: 1 },
  });
});

it('the end of a trail that is cut off is known by the other', async () => {
  await read(record, 'user-1');
  await read(record, 'user-2');
  await exchange();
  await documents.deleteMany({ actor: 'user-2' } as never);
  expect(await verifyTrails(places)).toMatchObject({
    auth: { isWhole: true },
    record: { isWhole: false, faults: [{ kind: 'cut-off', sequence: 2, until: 2, by: 'auth' }] },
  });
});

it('a trail that was rewritten as a whole, with its own key, is known by the other', async () => {
  await read(auth, 'user-1');
  await read(record, 'user-1');
  await exchange();
  await tamper('alter table audit_event_1 disable trigger all');
  await tamper('alter table audit_event disable trigger all');
  await tamper('grant all on audit_event to current_user');
  await tamper('truncate audit_event');
  const [ofAuth] = places as [TrailPlace];
  const orm = openDatabase({ url: ofAuth.url, entities: [Row], migrations: [] });
  open.defer(() => orm.close(true));
  const forged = new PostgresAuditTrail(orm, new AuditKeys('auth', [keys]));
  for (let n = 0; n < 5; n += 1) await read(forged, 'nobody');
  expect(await verifyTrails([ofAuth])).toMatchObject({ auth: { isWhole: true } });
  expect((await verifyTrails(places)).auth).toMatchObject({
    isWhole: false,
    faults: [{ kind: 'rewritten', sequence: 1, until: 1, by: 'record' }],
  });
});

it('older copies of all databases are known by what an earlier verification noted', async () => {
  await read(record, 'user-1');
  await read(record, 'user-2');
  const { sequence, hash } = (await verifyTrails(places)).record?.head ?? { sequence: 0, hash: '' };
  await documents.deleteMany({ actor: 'user-2' } as never);
  const noted = { record: [{ sequence, hash, at: clock.now(), by: 'a file' }] };
  expect((await verifyTrails(places, noted)).record?.faults).toMatchObject([
    { kind: 'cut-off', sequence: 2, until: 2, by: 'a file' },
  ]);
});

it('a service goes on while auth is away, and the two note their heads when it is back', async () => {
  let asked = 0;
  let isAway = true;
  // Stands where the sidecar stands, with auth behind it.
  const sidecar = createServer(async (req, res) => {
    asked += 1;
    if (isAway) {
      res.writeHead(503).end();
      return;
    }
    const { head } = (await json(req)) as { head?: Head };
    expect([req.method, req.url, req.headers['dapr-app-id']]).toEqual(['POST', '/api/auth/audit-heads', 'auth']);
    const own = await new Witness(auth, clock).exchange(head, { id: 'record', roles: ['service'] });
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ head: own }));
  });
  await new Promise<void>((resolve) => sidecar.listen(0, '127.0.0.1', resolve));
  open.defer(() => void sidecar.close());
  await read(record, 'user-1');
  await read(auth, 'user-2');
  const { port: httpPort } = sidecar.address() as AddressInfo;
  const log = createLogger('record', 'silent');
  const exchanging = exchangeHeads({ sidecar: { httpPort }, clock, log }, record).start(0);
  open.defer(() => exchanging.stop());
  await expect.poll(() => asked).toBe(1);
  isAway = false;
  await expect
    .poll(async () => {
      exchanging.wake();
      return verifyTrails(places);
    })
    .toMatchObject({ auth: { isWhole: true, compared: 1 }, record: { isWhole: true, compared: 1 } });
});
