import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { readFigures as readMongoFigures } from '@cabinet/mongo/figures';
import { documentsOf, openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { EventSource } from '@cabinet/postgres/event-source';
import { readFigures } from '@cabinet/postgres/figures';
import { migrate, openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventTables } from '@cabinet/postgres/waiting-events';
import { observeStore } from '@cabinet/service/observe/store-figures';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, createMongoDatabase } from '../../../tests/support/database.ts';

// Of no use but that an ORM wants one.
const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });

class Tables extends Migration {
  override up(): void {
    this.addSql(serviceTables);
    this.addSql(waitingEventTables);
  }
}

const log = createLogger('test', 'silent');
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function openPostgres(url: string) {
  const orm = openDatabase({ url, entities: [Thing], migrations: [{ name: '001', class: Tables }] });
  open.push(() => orm.close(true));
  return orm;
}

/** The metrics as Prometheus reads them: value by name, those with labels and of Node left out. */
async function scrape(metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> {
  const lines = (await metrics.registry.metrics()).split('\n');
  const own = lines.map((line) => /^((?:outbox|events|dead|database)_\w+)\{service="test"\} (\S+)$/.exec(line));
  return Object.fromEntries(own.flatMap((found) => (found ? [[found[1], Number(found[2])]] : [])));
}

describe('the figures of a PostgreSQL database', () => {
  it('tell what waits, since when, what could not be handled, and how the database fares', async () => {
    const orm = openPostgres(await createDatabase('kit'));
    await migrate(orm);
    const metrics = createMetrics('test');
    observeStore(metrics, () => readFigures(orm));
    expect(await scrape(metrics)).toMatchObject({ outbox_pending: 0, outbox_oldest_seconds: 0, dead_letters: 0 });

    const em = orm.em.fork();
    const fact = { topic: 'patient', type: 'patient.updated', partitionKey: 'a', data: {} };
    await em.transactional((tx) =>
      new EventSource(
        'patient',
        () => fact,
        () => {},
      ).enqueue(tx),
    );
    await em.execute("update outbox set created_at = now() - interval '90 seconds'");
    await em.execute(`insert into dead_letter (topic, event_id, type, partition_key, cause, code, tries, first_at, last_at)
      values ('patient', 'a', 'patient.updated', 'a', 'defect', 'EVENT.HANDLER_FAILED', 4, now(), now())`);
    await em.execute(`insert into waiting_event
        (topic, event_id, partition_key, event, cause, code, tries, faults, first_at, last_at, next_at)
      select 'patient', id, 'a', '{}', 'away', 'STORAGE.LOCKED', 1, 0, now() - interval '70 seconds', now(), now()
      from unnest(array['b', 'c']) as id`);

    const figures = await scrape(metrics);
    expect(figures).toMatchObject({ database_up: 1, outbox_pending: 1, dead_letters: 1, events_waiting: 2 });
    expect(figures.outbox_oldest_seconds).toBeGreaterThanOrEqual(90);
    expect(figures.events_waiting_oldest_seconds).toBeGreaterThanOrEqual(70);
    expect(figures.database_size_bytes).toBeGreaterThan(1_000_000);
    expect(figures.database_connections).toBeGreaterThan(0);
    expect(figures.database_answer_seconds).toBeGreaterThan(0);
    expect(figures).toHaveProperty('database_commits_total');
  });

  it('are absent while the database is away, and the rest of the metrics is not', async () => {
    const orm = openPostgres('postgres://nobody@127.0.0.1:1/nothing');
    const metrics = createMetrics('test');
    observeStore(metrics, () => readFigures(orm));
    expect(await scrape(metrics)).toEqual({ database_up: 0 });
    expect(await metrics.registry.metrics()).toContain('process_cpu_seconds_total');
  });

  it('are absent while the database takes a question and does not answer it, and it is asked no second one', async () => {
    let questions = 0;
    const metrics = createMetrics('test');
    observeStore(metrics, () => {
      questions += 1;
      return new Promise(() => {});
    });
    expect(await scrape(metrics)).toEqual({ database_up: 0 });
    expect(await scrape(metrics)).toEqual({ database_up: 0 });
    expect(questions).toBe(1);
  });
});

describe('the figures of a MongoDB database', () => {
  it('tell what waits, since when, what could not be handled, and its size', async () => {
    const url = createMongoDatabase('kit');
    const orm = openMongo({ url, entities: [Thing] });
    const database = prepareMongo(orm, log);
    await database.prepared;
    open.push(() => database.stop());
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    const [early, late] = [ago(90), ago(5)];
    await documentsOf<{ _id: string; at?: Date }>(orm, 'journal').insertMany([
      { _id: 'a', at: late },
      { _id: 'b', at: early },
    ]);
    await documentsOf<{ _id: string }>(orm, 'dead_letter').insertOne({ _id: 'a' });
    await documentsOf<{ _id: string; firstAt: Date }>(orm, 'waiting_event').insertMany([
      { _id: 'a', firstAt: early },
      { _id: 'b', firstAt: late },
    ]);

    const metrics = createMetrics('test');
    observeStore(metrics, () => readMongoFigures(orm));
    const figures = await scrape(metrics);
    expect(figures).toMatchObject({ database_up: 1, outbox_pending: 2, dead_letters: 1, events_waiting: 2 });
    expect(figures.events_waiting_oldest_seconds).toBeGreaterThanOrEqual(90);
    expect(figures.outbox_oldest_seconds).toBeGreaterThanOrEqual(90);
    expect(figures.database_size_bytes).toBeGreaterThan(0);
    expect(figures).not.toHaveProperty('database_commits_total');
  });
});
