import { serviceEnvironment } from '@cabinet/kit/config';
import { createLogger } from '@cabinet/kit/observe/log';
import { assertLetsIn } from '@cabinet/postgres/login';
import { type Orm, openDatabase } from '@cabinet/postgres/orm';
import { followSecrets } from '@cabinet/service/live-secrets';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { EntitySchema } from '@mikro-orm/core';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';
import { SidecarWithSecrets } from '../../../tests/support/secret-store.ts';
import { auditKeysOf } from '../../../tests/support/service.ts';

const Thing = new EntitySchema<{ id: string }>({ name: 'Thing', properties: { id: { type: 'uuid', primary: true } } });

/** Asks the server as its administrator. */
async function admin(sql: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: inject('postgresAdminUrl') });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Eight who ask the database all the time, until the test ends. */
function underLoad(orm: Orm) {
  const asked = { answered: 0, failures: [] as unknown[] };
  let goesOn = true;
  const load = Array.from({ length: 8 }, async () => {
    while (goesOn) {
      try {
        await orm.em.fork().execute('select pg_sleep(0.002)');
        asked.answered += 1;
      } catch (error) {
        asked.failures.push(error);
      }
    }
  });
  const end = async () => {
    goesOn = false;
    await Promise.all(load);
  };
  onTestFinished(end);
  const many = async () => {
    const { answered } = asked;
    await until(async () => asked.answered > answered + 50 || asked.failures.length > 0);
  };
  return { many, end, failures: asked.failures };
}

/** As whom those of a role, or of others whose names begin alike, are signed in. */
async function sessionsOf(role: string): Promise<string[]> {
  const rows = await admin(`select distinct usename from pg_stat_activity where usename like '${role}%'`);
  return rows.map(({ usename }) => usename as string);
}

const anotherRole = (role: string) =>
  admin(`create role ${role}_b login password 'another' in role ${role}; alter role ${role}_b set role ${role}`);

it('a login of a database changes under load without a failed query, the old one taken away', async () => {
  const first = await createDatabase('rotated');
  const role = new URL(first).username;
  let now = first;
  const refusals: string[] = [];
  const login = { url: () => now, refused: (url: string) => void refusals.push(new URL(url).username) };
  const orm = openDatabase({ url: first, login, entities: [Thing], migrations: [], connectionSecondsMax: 1 });
  onTestFinished(() => orm.close(true));

  const { many, end, failures } = underLoad(orm);
  await many();
  expect(await sessionsOf(role)).toEqual([role]);
  await anotherRole(role);
  now = Object.assign(new URL(first), { username: `${role}_b`, password: 'another' }).href;
  // Whoever was just signing in by the old one is in before its door is shut.
  await until(async () => (await sessionsOf(role)).includes(`${role}_b`));
  await admin(`alter role ${role} nologin`);
  await until(async () => (await sessionsOf(role)).join() === `${role}_b`);
  await many();
  await end();
  expect([refusals, failures]).toEqual([[], []]);
});

it('who is not let in says so, and is let in once the login is known', async () => {
  const right = await createDatabase('refused');
  let now = Object.assign(new URL(right), { password: 'of-yesterday' }).href;
  let refused = 0;
  const login = {
    url: () => now,
    refused: () => {
      refused += 1;
      now = right;
    },
  };
  const orm = openDatabase({ url: now, login, entities: [Thing], migrations: [] });
  onTestFinished(() => orm.close(true));
  await expect(orm.em.fork().execute('select 1')).rejects.toThrow(/password authentication failed/);
  expect(refused).toBe(1);
  expect(await orm.em.fork().execute('select 1 as one')).toEqual([{ one: 1 }]);
});

it('a login of the store is used only when it lets in, the one before when it does no longer, and no keys that have lost a teller', async () => {
  const first = await createDatabase('followed');
  const role = new URL(first).username;
  const signing = 'patient=what signs its events in this test';
  const keys = {
    AUDIT_KEYS: 'the key that seals audit trails here',
    EVENT_KEYS: `${signing},auth=what signs those of another in this test`,
  };
  await using sidecar = await SidecarWithSecrets.make();
  const give = async (secrets: object) => {
    sidecar.put({ patient: { ...keys, ...secrets } });
    await sidecar.stop();
    await sidecar.start();
  };
  await give({ DATABASE_URL: first });
  const settings = { APP_PORT: '0', JWKS_URL: 'http://127.0.0.1:1/not-asked', SECRETS_EVERY_SECONDS: '0.1' };
  const config = serviceEnvironment.parse({ ...settings, ...keys, ...sidecar.environment });
  const lines: { msg: string; why?: string; secrets?: string[] }[] = [];
  const log = createLogger('patient', 'info', { lines: { write: (line) => void lines.push(JSON.parse(line)) } });
  await using closers = new AsyncDisposableStack();
  const parts = {
    eventKeys: new EventKeys(new Map(Object.entries(config.EVENT_KEYS))),
    auditKeys: auditKeysOf('patient'),
  };
  const login = followSecrets({ name: 'patient', config, log, closers, ...parts })?.login(first, (url) =>
    assertLetsIn(first, url),
  );
  const orm = openDatabase({ url: first, login, entities: [Thing], migrations: [], connectionSecondsMax: 1 });
  onTestFinished(() => orm.close(true));
  const { many, end, failures } = underLoad(orm);
  await many();

  const by = (user: string, password: string) => Object.assign(new URL(first), { username: user, password }).href;
  const nobodyIn = 'DATABASE_URL: lets nobody in to the database';
  for (const [wrong, why] of [
    [{ DATABASE_URL: 'changeme:foo' }, 'DATABASE_URL: is no address of PostgreSQL'],
    [{ DATABASE_URL: 'postgres://host/db' }, 'DATABASE_URL: has no user, or no password'],
    [{ DATABASE_URL: by(role, 'misspelt') }, `${nobodyIn} (28P01)`],
    [{ DATABASE_URL: by(`${role}_b`, 'another') }, `${nobodyIn} (28P01)`],
    [{}, 'DATABASE_URL: is not in the store any more'],
    [{ DATABASE_URL: first, EVENT_KEYS: signing }, 'EVENT_KEYS: has no key of auth, as it had before'],
  ] as const) {
    lines.length = 0;
    await give(wrong);
    await until(() => lines.some((line) => line.why === why));
    const [{ now }] = (await admin('select now()::text')) as [{ now: string }];
    // All that are open then were opened since.
    const old = `select 1 from pg_stat_activity where usename = '${role}' and backend_start < '${now}'`;
    await until(async () => (await admin(old)).length === 0);
    await many();
    expect(await sessionsOf(role)).toEqual([role]);
    expect(JSON.stringify(lines)).not.toMatch(/misspelt|another|changeme/);
  }

  // Written before its role was made, it is taken once that lets in.
  await give({ DATABASE_URL: by(`${role}_b`, 'another') });
  await anotherRole(role);
  await until(() => lines.some(({ msg, secrets }) => msg.endsWith('are in use') && secrets?.join() === 'DATABASE_URL'));
  await until(async () => (await sessionsOf(role)).join() === `${role}_b`);
  await many();
  expect(failures).toEqual([]);

  // What lets in today may not tomorrow: the one before is not given up.
  await admin(`alter role ${role}_b password 'changed by somebody'`);
  await until(async () => (await sessionsOf(role)).join() === role);
  failures.length = 0;
  await many();
  await end();
  expect(failures).toEqual([]);
}, 120_000);
