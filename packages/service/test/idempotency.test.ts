import { connect } from 'node:net';
import { RequestAccess } from '@cabinet/access/ask';
import { noteKeptFromGuardians } from '@cabinet/access/family';
import { policy } from '@cabinet/access/table';
import { identifyCaller } from '@cabinet/kit/access/authenticate';
import { SettableClock } from '@cabinet/kit/clock';
import { readBodies } from '@cabinet/kit/http/body';
import { problemExit } from '@cabinet/kit/http/problem';
import { type Effect, effectOfRequest, type HeldClaim, runInContext } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { listen } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { MongoIdempotencyStore } from '@cabinet/mongo/idempotency';
import { documentsOf, type MongoOrm, openMongo, prepareMongo } from '@cabinet/mongo/orm';
import {
  forgetAnswersOf,
  heldClaims,
  noteStored,
  PostgresIdempotencyStore,
  storedEffects,
} from '@cabinet/postgres/idempotency';
import { type EntityManager, migrate, type Orm, openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { holdAnswers } from '@cabinet/service/http/before-answer';
import { idempotency } from '@cabinet/service/http/idempotency';
import type { IdempotencyStore, KeptAnswer } from '@cabinet/service/http/kept-answers';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import express, { type RequestHandler } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, createMongoDatabase } from '../../../tests/support/database.ts';
import { caller, until } from '../../../tests/support/http.ts';

class Tables extends Migration {
  override up(): void {
    this.addSql(serviceTables);
    this.addSql(heldClaims);
    this.addSql(storedEffects);
  }
}

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });
const Row = defineEntity({ name: 'Row', tableName: 'row', properties: { id: p.text().primary() } });

const log = createLogger('test', 'silent');
const clock = new SettableClock(new Date('2027-03-01T10:00:00Z'));
const second = 1_000;
const dayMs = 24 * 60 * 60 * second;
let postgres: Orm;
let mongo: MongoOrm;
let stopMongo: () => Promise<void>;

beforeAll(async () => {
  postgres = openDatabase({
    url: await createDatabase('kit'),
    entities: [Row],
    migrations: [{ name: '001', class: Tables }],
  });
  await migrate(postgres);
  mongo = openMongo({ url: createMongoDatabase('kit'), entities: [Thing] });
  const database = prepareMongo(mongo, log);
  await database.prepared;
  stopMongo = database.stop;
});
afterAll(async () => {
  await postgres?.close(true);
  await stopMongo?.();
});

interface StoreUnderTest {
  open: () => IdempotencyStore;
  forget: (patientId: string) => Promise<unknown>;
  /** When the claims to keys of this caller were made or last extended. */
  claimedAt: (caller: string) => Promise<Date[]>;
}

const stores: [string, StoreUnderTest][] = [
  [
    'PostgreSQL',
    {
      open: () => new PostgresIdempotencyStore(postgres, clock),
      forget: (patientId) => forgetAnswersOf(postgres.em.fork(), patientId),
      claimedAt: async (caller) => {
        const rows = await postgres.em
          .fork()
          .execute<{ at: string }[]>('select claimed_at::text as at from idempotency_key where caller = ?', [caller]);
        return rows.map(({ at }) => new Date(at));
      },
    },
  ],
  [
    'MongoDB',
    {
      open: () => new MongoIdempotencyStore(mongo, clock),
      forget: (patientId) => new MongoIdempotencyStore(mongo, clock).forgetAnswersOf(patientId),
      claimedAt: async (caller) => {
        const entries = documentsOf<{ _id: string; claimedAt: Date }>(mongo, 'idempotency_key');
        const found = await entries.find({ _id: { $regex: `^\\["${caller}"` } }).toArray();
        return found.map(({ claimedAt }) => claimedAt);
      },
    },
  ],
];

describe.each(stores)('the keys kept in %s', (_, { open, forget, claimedAt }) => {
  const key = (overrides = {}) => ({ caller: newId(), operation: `POST /things/${newId()}`, key: 'k', ...overrides });
  const answer: KeptAnswer = { status: 201, headers: { etag: '"v1"' }, body: '{"id":1}', subjects: [] };

  async function first(store: IdempotencyStore, of: ReturnType<typeof key>): Promise<HeldClaim> {
    const claim = await store.claim(of, 'hash');
    if (claim.kind !== 'first') throw new Error(`the claim is ${claim.kind}`);
    return claim.claim;
  }

  it('let one of many claims be the first, and give its answer to all later ones', async () => {
    const store = open();
    const one = key();
    const claims = await Promise.all(Array.from({ length: 10 }, () => store.claim(one, 'hash')));
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['first', ...Array(9).fill('in-flight')]);
    for (const claim of claims) if (claim.kind === 'first') await store.complete(claim.claim, answer);
    expect(await store.claim(one, 'hash')).toEqual({ kind: 'done', answer });
    expect(await store.claim(one, 'other hash')).toEqual({ kind: 'other-body' });
    expect(await store.claim({ ...one, caller: newId() }, 'hash')).toMatchObject({ kind: 'first' });
  });

  it('let a released claim be made again', async () => {
    const store = open();
    const released = key();
    await store.release(await first(store, released));
    expect(await store.claim(released, 'hash')).toMatchObject({ kind: 'first' });
  });

  it('let a claim lapse a minute after it was made or last extended, and an answer be forgotten after a day', async () => {
    const store = open();
    const [lapsing, answered] = [key(), key()];
    const claim = await first(store, lapsing);
    await store.complete(await first(store, answered), answer);
    clock.advanceBy(59 * second);
    expect(await store.claim(lapsing, 'hash')).toEqual({ kind: 'in-flight' });
    await store.extend(claim);
    clock.advanceBy(59 * second);
    expect(await store.claim(lapsing, 'hash')).toEqual({ kind: 'in-flight' });
    clock.advanceBy(2 * second);
    expect(await store.claim(lapsing, 'hash')).toMatchObject({ kind: 'first' });
    expect(await store.claim(answered, 'hash')).toEqual({ kind: 'done', answer });
    clock.advanceBy(dayMs);
    expect(await store.claim(answered, 'other hash')).toMatchObject({ kind: 'first' });
  });

  it('give what a lapsed claim may have created already the same id again, unless another body is sent', async () => {
    const store = open();
    const one = key();
    const { effect } = await first(store, one);
    expect(effect.wasBegun).toBe(false);
    for (let times = 0; times < 2; times += 1) {
      clock.advanceBy(61 * second);
      expect((await first(store, one)).effect).toEqual({ id: effect.id, wasBegun: true, wasStored: false });
    }
    clock.advanceBy(61 * second);
    const other = await store.claim(one, 'other hash');
    expect(other.kind === 'first' && [other.claim.effect.wasBegun, other.claim.effect.id === effect.id]).toEqual([
      false,
      false,
    ]);
  });

  it('give the id of a claim that ended in a fault to its repeat at once, and to one of several', async () => {
    const store = open();
    const one = key();
    const failed = await first(store, one);
    await store.lapse(failed);
    const repeats = await Promise.all(Array.from({ length: 5 }, () => store.claim(one, 'hash')));
    expect(repeats.map(({ kind }) => kind).sort()).toEqual(['first', ...Array(4).fill('in-flight')]);
    const again = repeats.find((claim) => claim.kind === 'first');
    expect(again?.claim.effect).toEqual({ id: failed.effect.id, wasBegun: true, wasStored: false });
  });

  it('take nothing from a claim that has lapsed and been made by another', async () => {
    const store = open();
    const one = key();
    const late = await first(store, one);
    clock.advanceBy(61 * second);
    const next = await first(store, one);
    await store.complete(late, { ...answer, status: 409 });
    await store.release(late);
    await store.lapse(late);
    expect(await store.claim(one, 'hash')).toEqual({ kind: 'in-flight' });
    await store.complete(next, answer);
    expect(await store.claim(one, 'hash')).toEqual({ kind: 'done', answer });
  });

  it('are swept once they are a day old', async () => {
    const store = open();
    const old = key();
    await store.complete(await first(store, old), answer);
    clock.advanceBy(dayMs + second);
    const young = key();
    await first(store, young);
    await store.sweep();
    expect([(await claimedAt(old.caller)).length, (await claimedAt(young.caller)).length]).toEqual([0, 1]);
  });

  it('are forgotten with the patient whom the answer is about, wherever the id stood in the request', async () => {
    const store = open();
    const [about, other] = [key(), key()];
    const [erased, stays] = [newId(), newId()];
    await store.complete(await first(store, about), { ...answer, subjects: [stays, erased] });
    await store.complete(await first(store, other), { ...answer, subjects: [stays] });
    await forget(erased);
    expect(await store.claim(about, 'hash')).toMatchObject({ kind: 'first' });
    expect(await store.claim(other, 'hash')).toMatchObject({ kind: 'done' });
  });

  it('forget what was answered to imports with any patient: it hands back lines that are of nobody', async () => {
    const store = open();
    const operation = 'POST /api/things/import';
    const [answered, running] = [key({ operation: `${operation}?dryRun=false` }), key({ operation })];
    await store.complete(await first(store, answered), answer);
    await first(store, running);
    await forget(newId());
    expect(await store.claim(answered, 'hash')).toMatchObject({ kind: 'first' });
    expect(await store.claim(running, 'hash')).toEqual({ kind: 'in-flight' });
  });
});

describe.each(stores)('Idempotency-Key with %s', (_, { open, claimedAt }) => {
  let closers: AsyncDisposableStack;
  beforeEach(() => {
    closers = new AsyncDisposableStack();
  });
  afterEach(() => closers.disposeAsync());

  /** An app whose `POST /things/…` is answered by `handle`; counts how often it was called. */
  async function appThat(handle: RequestHandler, options = {}) {
    const app = express();
    let calls = 0;
    const accesses: RequestAccess[] = [];
    const user = newId();
    const verify = (token: string) => ({ id: token.startsWith('a') ? user : newId(), roles: [] });
    app.use((_req, _res, next) => {
      const access = new RequestAccess(policy.question('note', 'write', 'rest'));
      accesses.push(access);
      runInContext({ requestId: newId(), access }, () => next());
    });
    app.use(
      identifyCaller({ verify }),
      readBodies(),
      holdAnswers(() => {}),
      idempotency(open(), { log, closers }, options),
    );
    app.post('/things{/*rest}', (req, res, next) => {
      calls += 1;
      return handle(req, res, next);
    });
    app.use(problemExit(log));
    const running = await listen(app, { host: '127.0.0.1', port: 0 });
    closers.defer(() => running.stop());
    const call = caller(`http://127.0.0.1:${running.port}`);
    const post = (body: unknown, key?: string, path = '/things', token = 'a.b.c') =>
      call('POST', path, body, { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) });
    const anonymous = (body: unknown, key: string) => call('POST', '/things', body, { 'idempotency-key': key });
    return { post, anonymous, calls: () => calls, accesses, user, port: running.port };
  }

  const created: () => RequestHandler = () => {
    let call = 0;
    return (_req, res) => {
      call += 1;
      res.status(201).set('ETag', '"v1"').json({ call });
    };
  };

  /** Answers with these statuses, one after another. */
  const answering = (...statuses: number[]): RequestHandler => {
    let call = 0;
    return (_req, res) => {
      res.status(statuses[call] as number).json({ call });
      call += 1;
    };
  };

  it('gives the first answer again to the same request, with its headers', async () => {
    const { post, calls } = await appThat(created());
    await post({ a: 1 }, 'key-1');
    const again = await post({ a: 1 }, '"key-1"');
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([201, { call: 1 }, '"v1"']);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(calls()).toBe(1);
  });

  it('says of an answer that it gives again, too, that a minor keeps it from their guardians', async () => {
    const { post, accesses } = await appThat((req, res) => {
      if (req.body.isSecret) noteKeptFromGuardians();
      res.status(201).json({});
    });
    for (const isSecret of [true, true, false, false]) await post({ isSecret }, `key-${isSecret}`);
    expect(accesses.map(({ isKeptFromGuardians }) => isKeptFromGuardians)).toEqual([true, true, false, false]);
  });

  it('gives an answer without a body again', async () => {
    const { post, calls } = await appThat((_req, res) => void res.status(204).end());
    await post({ a: 1 }, 'key-1');
    const again = await post({ a: 1 }, 'key-1');
    expect([again.status, again.body, calls()]).toEqual([204, '', 1]);
  });

  it('refuses another body under the same key, and does nothing', async () => {
    const { post, calls } = await appThat(created());
    await post({ a: 1 }, 'key-1');
    const other = await post({ a: 2 }, 'key-1');
    expect(other).toMatchObject({ status: 422, body: { code: 'REQUEST.IDEMPOTENCY_KEY_REUSED' } });
    expect(calls()).toBe(1);
  });

  it('takes the same body with its names in another order for the same request', async () => {
    const { post, calls } = await appThat(created());
    await post({ a: 1, of: [{ b: 2, c: 3 }] }, 'key-1');
    expect((await post({ of: [{ c: 3, b: 2 }], a: 1 }, 'key-1')).body).toEqual({ call: 1 });
    expect((await post({ of: [{ c: 2, b: 3 }], a: 1 }, 'key-1')).status).toBe(422);
    expect(calls()).toBe(1);
  });

  it('takes a request with another query for another request', async () => {
    const { post } = await appThat(answering(409, 201));
    expect((await post({ a: 1 }, 'key-1')).status).toBe(409);
    expect((await post({ a: 1 }, 'key-1')).status).toBe(409);
    expect((await post({ a: 1 }, 'key-1', '/things?acceptDuplicate=true')).status).toBe(201);
  });

  it.each([500, 503])('tries again after %i, with the id of what may be stored already', async (status) => {
    const effects: Effect[] = [];
    const answer = answering(status, 201);
    const { post } = await appThat((req, res, next) => {
      effects.push(effectOfRequest());
      return answer(req, res, next);
    });
    expect((await post({ a: 1 }, 'key-1')).status).toBe(status);
    expect((await post({ a: 1 }, 'key-1')).status).toBe(201);
    expect(effects.map(({ wasBegun }) => wasBegun)).toEqual([false, true]);
    expect(effects[1]?.id).toBe(effects[0]?.id);
  });

  it.each([401, 403, 404])('tries again after %i', async (status) => {
    const { post, user } = await appThat(answering(status, 201));
    expect((await post({ a: 1 }, 'key-1')).status).toBe(status);
    expect(await claimedAt(user)).toEqual([]);
    expect((await post({ a: 1 }, 'key-1')).status).toBe(201);
  });

  it('keeps nothing for somebody who is not known', async () => {
    const { anonymous, calls } = await appThat(created());
    await anonymous({ a: 1 }, 'key-1');
    expect((await anonymous({ a: 1 }, 'key-1')).body).toEqual({ call: 2 });
    expect([calls(), await claimedAt('anonymous')]).toEqual([2, []]);
  });

  it('refuses a key that is none', async () => {
    const { post, calls } = await appThat(created());
    for (const key of ['x'.repeat(256), '"key-1', 'key-1"', '"', '""']) {
      expect([key, (await post({}, key)).status]).toEqual([key, 422]);
    }
    expect(calls()).toBe(0);
  });

  it('belongs to a request that still runs when its caller has gone, and keeps what comes of it', async () => {
    let finish = () => {};
    const { port, post, calls, user } = await appThat((_req, res) => {
      finish = () => void res.status(201).json({ call: 1 });
    });
    const body = '{"a":1}';
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a.b.c\r\nidempotency-key: key-1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => calls() === 1);
    socket.destroy();
    const repeat = await post({ a: 1 }, 'key-1');
    expect([repeat.status, repeat.body.code, repeat.headers.get('retry-after')]).toEqual([
      409,
      'REQUEST.IN_FLIGHT',
      '1',
    ]);
    finish();
    await until(async () => (await post({ a: 1 }, 'key-1')).status === 201);
    expect([calls(), (await claimedAt(user)).length]).toEqual([1, 1]);
  });

  it('stays with a request that takes longer than a claim lasts', async () => {
    let finish = () => {};
    const handler: RequestHandler = (_req, res) => {
      finish = () => void res.status(201).json({ call: 1 });
    };
    const { post, calls, user } = await appThat(handler, { extendsEveryMs: 5 });
    const running = post({ a: 1 }, 'key-1');
    await until(() => calls() === 1);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      clock.advanceBy(50 * second);
      await until(async () => (await claimedAt(user))[0]?.getTime() === clock.now().getTime());
    }
    expect((await post({ a: 1 }, 'key-1')).body.code).toBe('REQUEST.IN_FLIGHT');
    finish();
    expect((await running).status).toBe(201);
    expect(calls()).toBe(1);
  });

  it('notes the patients in the answer, and sweeps by itself what a day has passed over', async () => {
    const patientId = newId();
    const noting: RequestHandler = (_req, res) => {
      noteSubjects(patientId);
      res.status(201).json({});
    };
    const { post, user } = await appThat(noting, { sweepsEveryMs: 5 });
    await post({ a: 1 }, 'key-1');
    expect(await claimedAt(user)).toHaveLength(1);
    clock.advanceBy(dayMs + second);
    await until(async () => (await claimedAt(user)).length === 0);
  });
});

describe('a change whose answer is lost', () => {
  const begun = async () => {
    const store = new PostgresIdempotencyStore(postgres, clock);
    const key = { caller: newId(), operation: 'POST /things/1/change', key: 'k' };
    const first = await store.claim(key, 'hash');
    if (first.kind !== 'first') throw new Error(`the claim is ${first.kind}`);
    const change = (work: (tx: EntityManager) => Promise<unknown>) =>
      runInContext({ requestId: newId(), claim: first.claim }, () => postgres.em.fork().transactional(work));
    const repeat = async (hash = 'hash') => {
      clock.advanceBy(61 * second);
      const again = await store.claim(key, hash);
      return again.kind === 'first' ? again.claim.effect : again.kind;
    };
    return { id: first.claim.effect.id, claim: first.claim, store, change, repeat };
  };

  it('is known as stored to its repeats, however often the answer is lost, and not to another body', async () => {
    const { id, change, repeat } = await begun();
    await change(noteStored);
    expect(await repeat()).toEqual({ id, wasBegun: true, wasStored: true });
    expect(await repeat()).toEqual({ id, wasBegun: true, wasStored: true });
    expect(await repeat('other hash')).toMatchObject({ wasBegun: false, wasStored: false });
    expect(await repeat('other hash')).toMatchObject({ wasBegun: true, wasStored: false });
  });

  it('is not known as stored when its transaction came to nothing', async () => {
    const { id, change, repeat } = await begun();
    const failing = change(async (tx) => {
      await noteStored(tx);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(await repeat()).toEqual({ id, wasBegun: true, wasStored: false });
  });

  it('is not stored any more once a repeat has taken the claim over', async () => {
    const { id, change, repeat } = await begun();
    await repeat();
    await expect(change(noteStored)).rejects.toMatchObject({ code: 'REQUEST.IN_FLIGHT' });
    expect(await repeat()).toEqual({ id, wasBegun: true, wasStored: false });
  });

  it('is waited for by its repeat until it is committed', async () => {
    const { id, change, repeat } = await begun();
    const [noted, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const changing = change(async (tx) => {
      await noteStored(tx);
      noted.resolve();
      await released.promise;
    });
    await noted.promise;
    const repeated = repeat();
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await postgres.em.fork().execute(waiting)).length > 0);
    released.resolve();
    await changing;
    expect(await repeated).toEqual({ id, wasBegun: true, wasStored: true });
  });

  it('leaves the answer that was kept as it is, and writes nothing for a request without a key', async () => {
    const { claim, store, change, repeat } = await begun();
    await store.complete(claim, { status: 200, headers: {}, body: '{}' });
    await expect(change(noteStored)).rejects.toMatchObject({ code: 'REQUEST.IN_FLIGHT' });
    expect(await repeat()).toBe('done');
    const rows = () => postgres.em.fork().execute('select xmin from idempotency_key order by caller');
    const before = await rows();
    await postgres.em.fork().transactional((tx) => noteStored(tx));
    expect(await rows()).toEqual(before);
  });
});

describe('an answer that cannot be stored at once', () => {
  it('is given, is stored as soon as it can be, and until then nobody else gets the key', async () => {
    const closers = new AsyncDisposableStack();
    const real = new PostgresIdempotencyStore(postgres, clock);
    let isAway = true;
    // The database goes away between the claim and the answer.
    const store: IdempotencyStore = {
      claim: (key, hash) => real.claim(key, hash),
      extend: (claim) => real.extend(claim),
      release: (claim) => real.release(claim),
      lapse: (claim) => real.lapse(claim),
      sweep: () => real.sweep(),
      complete: (claim, answer) => (isAway ? Promise.reject(new Error('away')) : real.complete(claim, answer)),
    };
    const app = express();
    app.use(identifyCaller({ verify: () => ({ id: 'u', roles: [] }) }), readBodies());
    app.use(
      holdAnswers(() => {}),
      idempotency(store, { log, closers }, { extendsEveryMs: 5 }),
    );
    app.post('/things', (_req, res) => void res.status(201).json({}));
    app.use(problemExit(log));
    const running = await listen(app, { host: '127.0.0.1', port: 0 });
    const call = caller(`http://127.0.0.1:${running.port}`);
    const post = () => call('POST', '/things', {}, { authorization: 'Bearer a.b.c', 'idempotency-key': newId() });
    const key = newId();
    const repeat = () => call('POST', '/things', {}, { authorization: 'Bearer a.b.c', 'idempotency-key': key });
    expect((await post()).status).toBe(201);
    expect((await repeat()).status).toBe(201);
    expect((await repeat()).body.code).toBe('REQUEST.IN_FLIGHT');
    isAway = false;
    await until(async () => (await repeat()).headers.get('idempotency-replayed') === 'true');
    await running.stop();
    await closers.disposeAsync();
  });
});
