import { createHttpApp } from '@cabinet/kit/http/app';
import { listen } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { failureOf } from '@cabinet/service/sidecar/failures';
import { EntitySchema } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase, cutOff } from '../../../tests/support/database.ts';
import { caller } from '../../../tests/support/http.ts';

const Thing = new EntitySchema<{ id: string }>({ name: 'Thing', properties: { id: { type: 'uuid', primary: true } } });

class Tables extends Migration {
  override up(): void {
    this.addSql(serviceTables);
  }
}

function open(url: string) {
  const orm = openDatabase({ url, entities: [Thing], migrations: [{ name: '001', class: Tables }] });
  onTestFinished(() => orm.close(true));
  return orm;
}

/** An app with one route, which asks the database. */
async function start(ask: () => Promise<unknown>) {
  const app = createHttpApp({
    service: 'test',
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    verifier: { verify: () => ({ id: 'u', roles: ['secretary'] }) },
    isReady: async () => true,
    errorCodes: [],
    routes: (routes) => void routes.all('/things', async (_req, res) => void res.json(await ask())),
  });
  const running = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.stop());
  return caller(`http://127.0.0.1:${running.port}`);
}

async function databaseThatIsAway(): Promise<string> {
  const there = await listen((_req, res) => res.end(), { host: '127.0.0.1', port: 0 });
  await there.stop();
  return `postgresql://nobody@127.0.0.1:${there.port}/none`;
}

it('a database that is away is 503, said in the words of no database', async () => {
  const orm = open(await databaseThatIsAway());
  const call = await start(() => orm.em.fork().execute('select 1'));
  const { status, headers, body } = await call('GET', '/things');
  expect([status, headers.get('retry-after'), body.code]).toEqual([503, '5', 'STORAGE.UNAVAILABLE']);
  expect(JSON.stringify(body)).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
});

it('a database that closes the connection in the middle is away too', async () => {
  const url = await createDatabase('kit');
  const orm = open(url);
  const call = await start(() => orm.em.fork().execute('select pg_terminate_backend(pg_backend_pid())'));
  const told = (detail: string) => ({ status: 503, body: { code: 'STORAGE.UNAVAILABLE', detail } });
  expect(await call('GET', '/things')).toMatchObject(told('Nothing was changed. Try again shortly.'));
  const inDoubt = (what: string) => told(`It is not known whether the request took effect. ${what}`);
  expect(await call('POST', '/things')).toMatchObject(inDoubt('Look before you repeat it.'));
  const keyed = await call('POST', '/things', undefined, { 'idempotency-key': 'k' });
  expect(keyed).toMatchObject(inDoubt('Repeat it with the same Idempotency-Key.'));
});

it('what gave way to somebody else’s lock is 503 as well, and may be tried again at once', async () => {
  const orm = open(await createDatabase('kit'));
  const call = await start(() =>
    orm.em.fork().execute('select pg_cancel_backend(pg_backend_pid()) from generate_series(1, 1000)'),
  );
  const { status, headers, body } = await call('GET', '/things');
  expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'STORAGE.LOCKED']);
});

it('what an event fails for is away or locked, and no fault of its content', async () => {
  const away = open(await databaseThatIsAway());
  const there = open(await createDatabase('kit'));
  const failureBy = (work: Promise<unknown>) => work.then(() => undefined, failureOf);
  expect(await failureBy(away.em.fork().execute('select 1'))).toEqual({ cause: 'away', code: 'STORAGE.UNAVAILABLE' });
  const cancelled = there.em.fork().execute('select pg_cancel_backend(pg_backend_pid()) from generate_series(1, 1000)');
  expect(await failureBy(cancelled)).toEqual({ cause: 'away', code: 'STORAGE.LOCKED' });
  const wrong = there.em.fork().execute('select nothing from nowhere');
  expect(await failureBy(wrong)).toEqual({ cause: 'defect', code: 'EVENT.HANDLER_FAILED' });
});

it('gives back each connection that is lost in the middle of a transaction, and ends as if there had been none', async () => {
  const url = await createDatabase('kit');
  const orm = openDatabase({ url, entities: [Thing], migrations: [], poolSize: 2 });
  const loseIt = () =>
    orm.em.fork().transactional(async (tx) => {
      const [own] = await tx.execute<{ pid: number }[]>('select pg_backend_pid() as pid');
      await orm.em.fork().execute('select pg_terminate_backend(?)', [own?.pid]);
      await tx.execute('select 1');
    });
  for (let times = 0; times < 5; times += 1) await expect(loseIt()).rejects.toThrow();
  // Also one that was lost just before, and on which none can begin.
  const others = new pg.Client({ connectionString: url, application_name: 'others' });
  await others.connect();
  onTestFinished(() => others.end());
  for (let times = 0; times < 20; times += 1) {
    // It may be given one before the loss is heard of.
    await expect
      .poll(() =>
        orm.em
          .fork()
          .execute('select 1 as one')
          .catch(() => undefined),
      )
      .toEqual([{ one: 1 }]);
    const lost = cutOff(others);
    await Promise.allSettled([1, 2, 3].map(() => orm.em.fork().transactional((tx) => tx.execute('select 1'))));
    await lost;
  }
  // Who is given one before its loss is heard of fails once more.
  const ask = () => orm.em.fork().transactional((tx) => tx.execute('select 1 as one'));
  await expect.poll(() => ask().catch(() => undefined)).toEqual([{ one: 1 }]);
  await orm.close(true);
});
