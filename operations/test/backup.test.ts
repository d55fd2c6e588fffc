import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { startPlatform } from '../../dev/src/background.ts';
import { Home } from '../../dev/src/home.ts';
import { tryLock } from '../../dev/src/lock.ts';
import type { Platform } from '../../dev/src/platform.ts';
import { processesWith } from '../../dev/src/processes.ts';
import { Progress } from '../../dev/src/progress.ts';
import { backUp } from '../src/backup.ts';
import { hashOf, type Manifest, manifestFile, readManifest } from '../src/manifest.ts';
import { loadMongodb } from '../src/mongodb-copy.ts';
import { restore } from '../src/restore.ts';

// No disk is filled for a test: how much room there is is told, all else is real.
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>();
  return { ...real, statfsSync: vi.fn(real.statfsSync) };
});
vi.setConfig({ testTimeout: 120_000 });

// Of the servers alone: databases are copied whether their services run or not.
const home = new Home(join(workTree, '.cabinet/tests', `operations-${process.pid}`));
const backups = mkdtempSync(join(tmpdir(), 'cabinet-backups-'));
const progress = new Progress(() => undefined);
const mebibyte = 1024 ** 2;
let platform: Platform;

beforeAll(async () => {
  const options = { serversOnly: true, only: ['patient'], build: false, seed: false };
  platform = await startPlatform({ ...options, ports: 'free', home: home.folder });
}, 180_000);

afterAll(async () => {
  await platform?.down();
  for (const folder of [home.folder, backups]) rmSync(folder, { recursive: true, force: true });
});

async function query(sql: string, database = 'patient'): Promise<unknown[]> {
  const url = new URL(platform.adminDatabaseUrl(database));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client.query(sql).then(
    ({ rows }) => client.end().then(() => rows),
    (error) => client.end().then(() => Promise.reject(error)),
  );
}

async function withRecords<T>(work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(platform.databaseUrl('record'));
  return work(client).finally(() => client.close());
}

describe('a backup', () => {
  it('holds the database of every service, also of those that were not started', async () => {
    const { copies } = readManifest(await backUp(platform, progress, join(backups, 'all')));
    const copied = (kind: string) => copies.filter((copy) => copy.kind === kind).map(({ service }) => service);
    expect([copied('postgres'), copied('mongodb')]).toEqual([processesWith('postgres'), processesWith('mongodb')]);
  });

  it('is not made while a database cannot be copied, which it names', async () => {
    await platform.stopProcess('mongodb');
    const made = backUp(platform, progress, join(backups, 'without records'));
    await expect(made).rejects.toThrow(/^no backup is made, since record cannot be copied: /);
    expect(() => readManifest(join(backups, 'without records'))).toThrow('no backup');
    await platform.startProcess('mongodb');
  });

  it('that is given up, or fails, leaves nothing of it', async () => {
    const folder = join(backups, 'given up');
    const giveUp = new AbortController();
    const atTheLast = new Progress((event) => {
      if (event.type === 'begin' && event.step === 'copy record') giveUp.abort();
    });
    const given = backUp(platform, atTheLast, folder, giveUp.signal);
    await expect(given).rejects.toThrow('stopped; there is no backup of this time.');
    expect(existsSync(folder)).toBe(false);
    const failing = new Progress((event) => {
      if (event.type === 'begin' && event.step === 'copy record') mkdirSync(join(folder, 'record.jsonl.gz'));
    });
    await expect(backUp(platform, failing, folder)).rejects.toThrow('EISDIR');
    expect(existsSync(folder)).toBe(false);
  });

  it('is not begun where the disk has no room for it', async () => {
    await query('create table large as select repeat(md5(n::text), 100) as text from generate_series(1, 5000) n');
    const { bsize } = statfsSync(backups);
    vi.mocked(statfsSync).mockReturnValue({ bsize, bavail: (512 * mebibyte) / bsize } as ReturnType<typeof statfsSync>);
    const folder = join(backups, 'no room');
    const made = backUp(platform, progress, folder).finally(() => vi.mocked(statfsSync).mockReset());
    await expect(made).rejects.toThrow(/ has 512 MiB left and \d+ MiB are needed: make room and try again\.$/);
    expect(existsSync(folder)).toBe(false);
    await query('drop table large');
  });
});

describe('a restore', () => {
  const whole = join(backups, 'whole');

  /** What patient and record hold, and the names under which they hold it. */
  async function held() {
    const records = await withRecords(async (client) => {
      const names = (await client.db().listCollections().toArray()).map(({ name }) => name).sort();
      const notes = client.db().collection('note');
      const indexes = (await notes.indexes()).map(({ name }) => name).sort();
      return { names, indexes, notes: (await notes.find().toArray()).map(({ text }) => text) };
    });
    const databases = await query("select datname from pg_database where datname ~ 'patient' order by 1");
    return { patients: await query('select name from kept'), databases, ...records };
  }

  async function hold(what: string): Promise<void> {
    await query(
      `drop table if exists kept; create table kept as select '${what}' as name; alter table kept owner to patient`,
    );
    await withRecords(async (client) => {
      for (const { name } of await client.db().listCollections().toArray()) await client.db().dropCollection(name);
      await client.db().collection('note').insertOne({ text: what });
      await client.db().collection('note').createIndex({ text: 1 }, { name: 'by_text' });
      if (what === 'new') await client.db().collection('later').insertOne({ text: what });
    });
  }

  /** The same backup with another content of one copy, of which its manifest knows. */
  async function changed(service: string, change: (content: Buffer) => Buffer, called = service): Promise<string> {
    const folder = mkdtempSync(join(backups, 'changed-'));
    cpSync(whole, folder, { recursive: true });
    const manifest = JSON.parse(readFileSync(manifestFile(folder), 'utf8')) as Manifest;
    const copy = manifest.copies.find((each) => each.service === service) as Manifest['copies'][number];
    const file = join(folder, copy.file);
    writeFileSync(file, change(readFileSync(file)));
    Object.assign(copy, { service: called, sha256: await hashOf(file) });
    writeFileSync(manifestFile(folder), JSON.stringify(manifest));
    return folder;
  }

  let old: Awaited<ReturnType<typeof held>>;
  let before: typeof old;
  beforeAll(async () => {
    await hold('old');
    old = await held();
    await backUp(platform, progress, whole);
  });
  beforeEach(async () => {
    await hold('new');
    before = await held();
    expect(before).not.toEqual(old);
  });

  it('brings back what all databases held, also where somebody is connected, and leaves nothing else', async () => {
    const connected = new pg.Client({ connectionString: platform.databaseUrl('patient') });
    connected.on('error', () => undefined);
    await connected.connect();
    await restore(platform, progress, whole, []);
    expect(await held()).toEqual(old);
    const mine = new pg.Client({ connectionString: platform.databaseUrl('patient') });
    await mine.connect();
    await mine.query('insert into kept values ($1)', ['mine']);
    await mine.end();
  });

  it('brings back a database that was lost', async () => {
    await query('drop database patient with (force)', 'postgres');
    await restore(platform, progress, whole, ['patient']);
    expect((await held()).patients).toEqual(old.patients);
  });

  it.each(['patient', 'record'])('of a copy of %s that cannot be loaded leaves all as it was', async (service) => {
    const folder = await changed(service, (content) => content.subarray(0, content.length / 2));
    await expect(restore(platform, progress, folder, [])).rejects.toThrow(
      /\nNothing was restored; all is as it was\.$/,
    );
    expect(await held()).toEqual(before);
  });

  it('that is given up leaves all as it was', async () => {
    const giveUp = new AbortController();
    const atTheLast = new Progress((event) => {
      if (event.type === 'begin' && event.step === 'load record') giveUp.abort();
    });
    const given = restore(platform, atTheLast, whole, [], giveUp.signal);
    await expect(given).rejects.toThrow('stopped.\nNothing was restored; all is as it was.');
    expect(await held()).toEqual(before);
  });

  it('that was killed in the middle is taken back by the next, and no backup is made of what it left', async () => {
    await withRecords(async (client) => {
      const db = client.db();
      await db.collection('note').rename('note__replaced');
      await db.collection('note__restored').insertOne({ text: 'old' });
      // The service has been started since.
      await db.createCollection('note');
    });
    // One that ends before it comes to the records leaves that as it is, and knows it still.
    const half = (content: Buffer) => content.subarray(0, content.length / 2);
    const elsewhere = restore(platform, progress, await changed('patient', half), []);
    await expect(elsewhere).rejects.toThrow('Nothing was restored');
    const made = backUp(platform, progress, join(backups, 'of half a restore'));
    await expect(made).rejects.toThrow(/^a restore of record was killed before it had all in its place/);
    const broken = await changed('record', half);
    await expect(restore(platform, progress, broken, ['record'])).rejects.toThrow('Nothing was restored');
    expect(await held()).toEqual(before);
  });

  it('that was killed at its end, and a backup that was killed, leave nothing that the next backup does not remove', async () => {
    await withRecords(async (client) => {
      await client.db().collection('note__replaced').insertOne({ text: 'older' });
      // Of a collection that the copy lacked, too, all was in its place.
      await client.db().collection('place__replaced').insertOne({ text: 'older' });
    });
    await query('create database patient_replaced', 'postgres');
    const folders = ['2026-01-02T03-04-05-678Z', 'mine'].map((name) => join(home.folder, 'backups', name));
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'patient.pgdump'), 'half of it');
    }
    const kept = readManifest(await backUp(platform, progress));
    expect(kept.copies.length).toBeGreaterThan(1);
    expect(await held()).toEqual(before);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
  });

  it('of a copy of nothing has something stand beside what it replaces until all is in its place', async () => {
    const nothing = await changed('record', () => gzipSync(''));
    const { file } = readManifest(nothing).copies.find(({ service }) => service === 'record') ?? {};
    await loadMongodb(platform.databaseUrl('record'), join(nothing, String(file)), new AbortController().signal);
    expect((await held()).names.filter((name) => name.endsWith('__restored'))).toHaveLength(before.names.length);
    await restore(platform, progress, nothing, ['record']);
    expect(await held()).toMatchObject({ names: before.names, notes: [] });
  });

  it('of a service that there is no more touches nothing', async () => {
    const folder = await changed('record', (content) => content, 'pharmacy');
    await expect(restore(platform, progress, folder, [])).rejects.toThrow(
      'the backup has a mongodb database of pharmacy, and there is no such service: name those to restore.',
    );
    expect(await held()).toEqual(before);
    await restore(platform, progress, folder, ['patient']);
    expect((await held()).patients).toEqual(old.patients);
  });

  it('and a backup wait for one another', async () => {
    const lock = tryLock(home.run('databases.lock'));
    const both = [backUp(platform, progress, join(backups, 'second')), restore(platform, progress, whole, [])];
    for (const each of both) await expect(each).rejects.toThrow(/^a backup or a restore is being made already/);
    if ('release' in lock) lock.release();
    expect(await held()).toEqual(before);
  });
});
