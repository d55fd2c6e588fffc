import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createHttpApp } from '@cabinet/kit/http/app';
import { runInContext, stopIfAbandoned } from '@cabinet/kit/http/request-context';
import { listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { type Orm, openDatabase } from '@cabinet/postgres/orm';
import { Batches } from '@cabinet/service/batches';
import { defineEntity, p } from '@mikro-orm/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase, whileHolding } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';

const Row = defineEntity({ name: 'Row', tableName: 'row', properties: { id: p.text().primary() } });

let orm: Orm;
let url: string;
let sql: pg.Pool;
let running: RunningProcess;
/** How work of the route ended, by its path. */
const ended = new Map<string, unknown>();
const rounds = { count: 0 };

beforeAll(async () => {
  url = await createDatabase('kit');
  sql = new pg.Pool({ connectionString: url, max: 2 });
  await sql.query('create table row (id text primary key)');
  orm = openDatabase({ url, entities: [Row], migrations: [], poolSize: 2 });
  const shared = new Batches(async (items: string[]) => {
    await orm.em.fork().execute('select pg_advisory_xact_lock_shared(1)');
    return items;
  });
  const work: Record<string, () => Promise<unknown>> = {
    '/sleep': () => orm.em.fork().execute('select pg_sleep(600)'),
    '/transaction': () =>
      orm.em.fork().transactional(async (tx) => {
        await tx.execute("insert into row values ('begun')");
        await tx.execute('select pg_sleep(600)');
      }),
    '/write': async () => {
      await orm.em.fork().execute('select pg_advisory_xact_lock_shared(1)');
      await orm.em.fork().execute("insert into row values ('written')");
    },
    '/shared': () => shared.add('x'),
    '/loop': async () => {
      for (;;) {
        stopIfAbandoned();
        rounds.count += 1;
        await orm.em.fork().execute('select 1');
      }
    },
  };
  const app = createHttpApp({
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    verifier: { verify: () => ({ id: 'u', roles: [] }) },
    isReady: async () => true,
    errorCodes: [],
    routes(routes) {
      routes.all('/*path', async (req, res) => {
        try {
          await work[req.path]?.();
          ended.set(req.path, 'done');
        } catch (error) {
          ended.set(req.path, error);
          throw error;
        }
        res.json({});
      });
    },
  });
  running = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await running?.stop();
  await orm?.close(true);
  await sql?.end();
});

const ask = (path: string, method = 'GET', signal?: AbortSignal) =>
  fetch(`http://127.0.0.1:${running.port}${path}`, { method, signal });

/** Queries of the service that run at the moment. */
async function queriesWith(part: string): Promise<number> {
  const { rows } = await sql.query(
    `select 1 from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
       and position($1 in query) > 0`,
    [part],
  );
  return rows.length;
}

/** Asks, and hangs up once this runs. */
async function hangUpDuring(path: string, part: string, method = 'GET'): Promise<void> {
  const caller = new AbortController();
  const asked = ask(path, method, caller.signal).catch(() => {});
  await until(async () => (await queriesWith(part)) > 0);
  caller.abort();
  await asked;
}

describe('a query that nobody waits for any more', () => {
  it('is ended at the database, and the connection serves others', async () => {
    for (let times = 0; times < 3; times += 1) {
      await hangUpDuring('/sleep', 'pg_sleep');
      await until(async () => (await queriesWith('pg_sleep')) === 0);
    }
    await until(() => ended.has('/sleep'));
    expect(await orm.em.fork().execute('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('takes its transaction back, and leaves no connection within one', async () => {
    await hangUpDuring('/transaction', 'pg_sleep');
    await until(() => ended.has('/transaction'));
    expect((await sql.query('select * from row')).rows).toEqual([]);
    const idle = "select 1 from pg_stat_activity where datname = current_database() and state like 'idle in%'";
    expect((await sql.query(idle)).rows).toEqual([]);
  });

  it('goes on when it is a write', async () => {
    await whileHolding(sql, ['select pg_advisory_xact_lock(1)'], () =>
      hangUpDuring('/write', 'pg_advisory_xact_lock_shared', 'POST'),
    );
    await until(() => ended.has('/write'));
    expect([ended.get('/write'), (await sql.query('select id from row')).rows]).toEqual(['done', [{ id: 'written' }]]);
  });

  it('goes on when others wait for it, too', async () => {
    const other = await whileHolding(sql, ['select pg_advisory_xact_lock(1)'], async () => {
      await hangUpDuring('/shared', 'pg_advisory_xact_lock_shared');
      return { asked: ask('/shared') };
    });
    expect((await other.asked).status).toBe(200);
    await until(() => ended.has('/shared'));
    expect(ended.get('/shared')).toBe('done');
  });

  it('gives its connection back, though the server cannot be reached to cancel it', async () => {
    const sockets = new Set<Socket>();
    const at = new URL(url);
    // The way there lets one connection through, and says nothing to the next.
    const way = createServer((from) => {
      const isFirst = sockets.size === 0;
      sockets.add(from.on('error', () => {}));
      if (!isFirst) return;
      const to = connect(Number(at.port), at.hostname).on('error', () => {});
      sockets.add(to);
      from.pipe(to).pipe(from);
    });
    await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
    const along = new URL(url);
    Object.assign(along, { hostname: '127.0.0.1', port: String((way.address() as AddressInfo).port) });
    const far = openDatabase({ url: along.href, entities: [Row], migrations: [], poolSize: 1 });
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      way.close();
      await far.close(true);
    });
    const caller = new AbortController();
    const asked = runInContext({ requestId: 'r', signal: caller.signal }, () =>
      far.em.fork().execute('select pg_advisory_lock_shared(2) as one'),
    );
    await whileHolding(sql, ['select pg_advisory_xact_lock(2)'], async () => {
      await until(async () => (await queriesWith('pg_advisory_lock_shared(2)')) > 0);
      caller.abort();
      await until(() => sockets.size > 2);
    });
    await asked.catch(() => {});
    expect(await far.em.fork().execute('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a loop that nobody waits for any more', () => {
  it('ends', async () => {
    const caller = new AbortController();
    const asked = ask('/loop', 'GET', caller.signal).catch(() => {});
    await until(() => rounds.count > 3);
    caller.abort();
    await asked;
    await until(() => ended.has('/loop'));
    expect(ended.get('/loop')).toMatchObject({ name: 'Abandoned' });
  });
});
