import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workTree } from '../cache.mjs';
import { startPlatform } from '../src/background.ts';
import { Home } from '../src/home.ts';
import type { Platform } from '../src/platform.ts';
import { kafkaClient } from '../src/servers/kafka.ts';

const home = new Home(join(workTree, '.cabinet/tests', `servers-test-${process.pid}`));
const mark = 'zz-what-a-person-wrote';
let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform({ home: home.folder, ports: 'free', serversOnly: true, build: false, seed: false });
}, 180_000);

afterAll(async () => {
  await platform?.down();
  rmSync(home.folder, { recursive: true, force: true });
});

async function withPostgres(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function withMongo<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

it('lets nobody into PostgreSQL without the password of a role', async () => {
  const url = new URL(platform.databaseUrl('patient'));
  url.password = 'guessed';
  await expect(withPostgres(url.href, (client) => client.query('select 1'))).rejects.toThrow(/password authentication/);
});

it('lets nobody into the document store without the password', async () => {
  const url = new URL(platform.databaseUrl('record'));
  const read = (client: MongoClient) => client.db('record').collection('entry').countDocuments();
  expect(await withMongo(url.href, read)).toBe(0);
  url.password = 'guessed';
  await expect(withMongo(url.href, read)).rejects.toThrow(/auth/i);
  const open = `mongodb://${url.host}/record`;
  await expect(withMongo(open, read)).rejects.toThrow(/auth/i);
  await expect(withMongo(open, (client) => client.db('admin').collection('system.users').findOne())).rejects.toThrow();
  await expect(
    withMongo(open, (client) => client.db('record').command({ createUser: 'me', pwd: 'mine', roles: [] })),
  ).rejects.toThrow(/auth/i);
});

it.each([
  ['without a login', { sasl: undefined }],
  ['with a guessed password', { sasl: { mechanism: 'plain', username: 'cabinet', password: 'guessed' } }],
] as const)('lets nobody into Kafka %s', async (_, given) => {
  const told = async (options: object) => {
    const producer = kafkaClient(platform.kafka, 'stranger', options).producer();
    try {
      await producer.connect();
      return await producer.send({ topic: 'patient', messages: [{ value: '{}' }] });
    } finally {
      await producer.disconnect();
    }
  };
  await expect(told({ ...given, requestTimeout: 3_000, retry: { retries: 0 } })).rejects.toThrow();
  await expect(told({})).resolves.toHaveLength(1);
});

it('keeps what people wrote out of the logs of its servers', async () => {
  await withPostgres(platform.databaseUrl('patient'), async (client) => {
    await client.query('create table kept (name text unique, born date)');
    await client.query('insert into kept values ($1)', [mark]);
    const failing: [string, string[]][] = [
      ['insert into kept values ($1)', [mark]],
      [`insert into kept values ('${mark}')`, []],
      [`insert into kept values ('x', '${mark}')`, []],
      ['select cast($1 as uuid)', [mark]],
    ];
    for (const [sql, values] of failing) await expect(client.query(sql, values)).rejects.toThrow();
  });
  await withMongo(platform.databaseUrl('record'), async (client) => {
    const kept = client.db('record').collection<{ _id: string }>('kept');
    await kept.insertOne({ _id: mark });
    await expect(kept.insertOne({ _id: mark })).rejects.toThrow(/duplicate/);
    await expect(client.db('record').command({ [mark]: 1 })).rejects.toThrow();
    await expect(kept.find({ $where: mark }).toArray()).rejects.toThrow();
  });
  const logs = dirname(home.log('postgres'));
  const files = readdirSync(logs);
  expect(files).toEqual(expect.arrayContaining(['kafka.log', 'mongodb.log', 'postgres.log']));
  const telling = files.filter((file) => readFileSync(join(logs, file), 'utf8').includes(mark));
  expect(telling).toEqual([]);
});

it('lets only its owner read its logs', () => {
  const logs = dirname(home.log('postgres'));
  const modes = [logs, ...readdirSync(logs).map((file) => join(logs, file))].map((path) => statSync(path).mode & 0o777);
  expect(new Set(modes)).toEqual(new Set([0o700, 0o600]));
});
