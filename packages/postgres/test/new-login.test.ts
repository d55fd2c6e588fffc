import { openDatabase } from '@cabinet/postgres/orm';
import { EntitySchema } from '@mikro-orm/core';
import pg from 'pg';
import { expect, inject, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';

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

it('a login of a database changes under load without a failed query, the old one taken away', async () => {
  const first = await createDatabase('rotated');
  const role = new URL(first).username;
  let now = first;
  const refusals: string[] = [];
  const login = { url: () => now, refused: () => void refusals.push(new URL(now).username) };
  const orm = openDatabase({ url: first, login, entities: [Thing], migrations: [], connectionSecondsMax: 1 });
  onTestFinished(() => orm.close(true));

  const asked = { answered: 0, failures: [] as unknown[] };
  let goesOn = true;
  onTestFinished(() => {
    goesOn = false;
  });
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
  const many = async () => {
    const { answered } = asked;
    await until(async () => asked.answered > answered + 50 || asked.failures.length > 0);
  };
  const sessions = async () => {
    const rows = await admin(`select usename, count(*) from pg_stat_activity where usename like '${role}%' group by 1`);
    return rows.map(({ usename }) => usename);
  };
  await many();
  expect(await sessions()).toEqual([role]);
  await admin(`create role ${role}_b login password 'another' in role ${role}; alter role ${role}_b set role ${role}`);
  now = Object.assign(new URL(first), { username: `${role}_b`, password: 'another' }).href;
  await admin(`alter role ${role} nologin`);
  await until(async () => (await sessions()).join() === `${role}_b`);
  await many();
  goesOn = false;
  await Promise.all(load);
  expect([refusals, asked.failures]).toEqual([[], []]);
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
