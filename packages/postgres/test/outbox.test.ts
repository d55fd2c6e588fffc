import { createLogger } from '@cabinet/kit/observe/log';
import { EventSource } from '@cabinet/postgres/event-source';
import { readFigures } from '@cabinet/postgres/figures';
import { handleOnce, sweepInbox } from '@cabinet/postgres/inbox';
import { migrate, type Orm, openDatabase } from '@cabinet/postgres/orm';
import { OutboxRelay } from '@cabinet/postgres/outbox';
import { serviceTables } from '@cabinet/postgres/tables';
import { waitingEventTables } from '@cabinet/postgres/waiting-events';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import type { EventPublisher, KeyedEvent } from '@cabinet/service/sidecar/publish';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { until } from '../../../tests/support/http.ts';

const Effect = defineEntity({ name: 'Effect', tableName: 'effect', properties: { eventId: p.text().primary() } });

class Tables extends Migration {
  override up(): void {
    this.addSql(serviceTables);
    this.addSql(waitingEventTables);
    this.addSql('create table effect (event_id text not null)');
  }
}

const log = createLogger('test', 'silent');
const started: { stop(): Promise<void> }[] = [];

async function openStore(): Promise<Orm> {
  const url = await createDatabase('kit');
  const orm = openDatabase({ url, entities: [Effect], migrations: [{ name: '001', class: Tables }] });
  started.push({ stop: () => orm.close(true) });
  await migrate(orm);
  return orm;
}

/** A broker that can be told to fail, and remembers in which order it took events. */
class Broker implements EventPublisher {
  readonly batches: KeyedEvent[][] = [];
  readonly taken: { topic: string; key: string; event: CloudEvent }[] = [];
  refuses: (event: CloudEvent) => boolean = () => false;

  async publish(topic: string, events: KeyedEvent[]): Promise<string[]> {
    await new Promise((resolve) => setImmediate(resolve));
    const refused = events.filter(({ event }) => this.refuses(event)).map(({ event }) => event.id);
    for (const { event, partitionKey } of events) {
      if (!refused.includes(event.id)) this.taken.push({ topic, key: partitionKey, event });
    }
    this.batches.push(events);
    return refused;
  }

  async stop(): Promise<void> {}
}

function relayOf(orm: Orm, publisher: Broker, batchSize = 50): OutboxRelay {
  const relay = new OutboxRelay({ orm, publisher, log, pollMs: 20, batchSize });
  started.push(relay);
  return relay;
}

const events = new EventSource(
  'appointment',
  (partitionKey: string, data: object) => ({ topic: 'appointment', type: 'appointment.booked', partitionKey, data }),
  () => {},
);

const tellNumbers = (orm: Orm, count: number, keys: number) =>
  orm.em.fork().transactional(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      await events.enqueue(tx, `key-${n % keys}`, { n });
    }
  });

const pending = async (orm: Orm) => (await readFigures(orm)).outbox_pending ?? -1;

const numbersOf = (broker: Broker, key: string) =>
  broker.taken.filter((each) => each.key === key).map(({ event }) => (event.data as { n: number }).n);

afterEach(async () => {
  for (const each of started.reverse()) await each.stop();
  started.length = 0;
});

describe('the outbox', () => {
  it('tells nothing of a transaction that was rolled back', async () => {
    const orm = await openStore();
    const failing = orm.em.fork().transactional(async (tx) => {
      await events.enqueue(tx, 'a', {});
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await pending(orm)).toBe(0);
  });

  it('publishes every event once, in order for each key, over several batches', async () => {
    const orm = await openStore();
    const broker = new Broker();
    await tellNumbers(orm, 230, 7);
    const relay = relayOf(orm, broker);
    relay.start();
    await until(async () => (await pending(orm)) === 0);
    expect(broker.taken).toHaveLength(230);
    for (let key = 0; key < 7; key += 1) {
      const numbers = numbersOf(broker, `key-${key}`);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
    expect(new Set(broker.taken.map(({ event }) => event.id)).size).toBe(230);
    for (const batch of broker.batches) {
      expect(new Set(batch.map(({ partitionKey }) => partitionKey)).size).toBe(batch.length);
    }
    expect(broker.taken[0]).toMatchObject({
      topic: 'appointment',
      event: { type: 'appointment.booked', source: 'appointment' },
    });
  });

  it('keeps what the broker refuses, holds later events of that key back, and publishes all when it is back', async () => {
    const orm = await openStore();
    const broker = new Broker();
    broker.refuses = (event) => (event.data as { n: number }).n === 3;
    await tellNumbers(orm, 12, 3);
    const relay = relayOf(orm, broker);
    relay.start();
    await until(async () => broker.taken.length > 0);
    relay.wake();
    await until(async () => (await pending(orm)) <= 8);
    expect(numbersOf(broker, 'key-0')).toEqual([0]);
    broker.refuses = () => false;
    relay.wake();
    await until(async () => (await pending(orm)) === 0);
    expect(numbersOf(broker, 'key-0')).toEqual([0, 3, 6, 9]);
  });

  it('keeps the order with two relays on one database', async () => {
    const orm = await openStore();
    const broker = new Broker();
    await tellNumbers(orm, 120, 4);
    const relays = [relayOf(orm, broker, 10), relayOf(orm, broker, 10)];
    for (const relay of relays) relay.start();
    await until(async () => (await pending(orm)) === 0);
    expect(broker.taken).toHaveLength(120);
    for (let key = 0; key < 4; key += 1) {
      const numbers = numbersOf(broker, `key-${key}`);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  it('tells of others before all is told of one who has very much to tell, and of that one in order', async () => {
    const orm = await openStore();
    const broker = new Broker();
    await tellNumbers(orm, 300, 1);
    await orm.em.fork().transactional(async (tx) => {
      for (const key of ['one', 'other', 'third']) await events.enqueue(tx, key, { n: 0 });
    });
    const relay = relayOf(orm, broker);
    relay.start();
    await until(async () => (await pending(orm)) === 0);
    expect(broker.batches[0]?.map(({ partitionKey }) => partitionKey)).toEqual(['key-0', 'one', 'other', 'third']);
    expect(numbersOf(broker, 'key-0')).toEqual(Array.from({ length: 300 }, (_, n) => n));
    expect(broker.taken).toHaveLength(303);
  });

  it('finds what others have to tell though very much of one stands before it', async () => {
    const orm = await openStore();
    const broker = new Broker();
    await orm.em.fork().transactional(async (tx) => {
      await events.enqueueAll(
        tx,
        Array.from({ length: 6_000 }, (_, n): [string, object] => ['key-0', { n }]),
      );
      await events.enqueue(tx, 'other', { n: 0 });
    });
    const relay = relayOf(orm, broker);
    relay.start();
    await until(() => broker.taken.length > 21);
    await relay.stop();
    expect(broker.batches[0]?.map(({ partitionKey }) => partitionKey)).toEqual(['key-0', 'other']);
    const told = numbersOf(broker, 'key-0');
    expect(told).toEqual(told.map((_, n) => n));
  });

  it('tells in one publication what is of different keys, though of each much was written in a row', async () => {
    const orm = await openStore();
    const broker = new Broker();
    for (let key = 0; key < 10; key += 1) {
      await orm.em.fork().transactional(async (tx) => {
        for (let n = 0; n < 5; n += 1) await events.enqueue(tx, `key-${key}`, { n });
      });
    }
    const relay = relayOf(orm, broker);
    relay.start();
    await until(async () => (await pending(orm)) === 0);
    expect(broker.batches.map(({ length }) => length)).toEqual([10, 10, 10, 10, 10]);
    for (let key = 0; key < 10; key += 1) expect(numbersOf(broker, `key-${key}`)).toEqual([0, 1, 2, 3, 4]);
  });

  it('holds no transaction open while the broker takes its time', async () => {
    const orm = await openStore();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<string[]>();
    const publish = async () => {
      asked.resolve();
      return answer.promise;
    };
    await tellNumbers(orm, 10, 1);
    const relay = new OutboxRelay({ orm, publisher: { publish, stop: async () => {} }, log });
    started.push(relay);
    relay.start();
    await asked.promise;
    const open = await orm.em
      .fork()
      .execute(
        'select state from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()',
      );
    expect(open).toEqual([]);
    answer.resolve([]);
    await until(async () => (await pending(orm)) === 0);
  });

  it('stops though the broker never answers, and keeps the event', async () => {
    const orm = await openStore();
    await tellNumbers(orm, 3, 1);
    let asked = 0;
    const silent: EventPublisher = {
      publish: () => {
        asked += 1;
        return new Promise(() => {});
      },
      stop: async () => {},
    };
    const relay = new OutboxRelay({ orm, publisher: silent, log, pollMs: 20, drainMsMax: 10 });
    relay.start();
    await until(() => asked === 1);
    await relay.stop();
    expect(await pending(orm)).toBe(3);
  });
});

describe('the inbox', () => {
  const event = { id: 'e1', type: 'appointment.booked', source: 'appointment', data: {} };
  const effects = async (orm: Orm) => (await orm.em.fork().execute('select event_id from effect')).length;

  it('gives an event its effect once, however often it arrives, even at the same time', async () => {
    const orm = await openStore();
    const handle = handleOnce(orm, 'test', async (tx, events) => {
      for (const { id } of events) await tx.execute('insert into effect values (?)', [id]);
    });
    await Promise.all([handle([event]), handle([event, event]), handle([event])]);
    await handle([event]);
    expect(await effects(orm)).toBe(1);
  });

  it('lets an event that failed be tried again', async () => {
    const orm = await openStore();
    let isBroken = true;
    const handle = handleOnce(orm, 'test', async (tx, events) => {
      for (const { id } of events) await tx.execute('insert into effect values (?)', [id]);
      if (isBroken) throw new Error('broken');
    });
    await expect(handle([event])).rejects.toThrow('broken');
    expect(await effects(orm)).toBe(0);
    isBroken = false;
    await handle([event]);
    expect(await effects(orm)).toBe(1);
  });

  it('forgets what the broker has long forgotten, and nothing else', async () => {
    const orm = await openStore();
    const em = orm.em.fork();
    await em.execute(`insert into inbox (consumer, event_id, handled_at) values
      ('a', 'old', now() - interval '31 days'), ('a', 'young', now() - interval '29 days')`);
    await sweepInbox(orm);
    expect(await em.execute('select event_id from inbox')).toEqual([{ event_id: 'young' }]);
  });

  it('keeps consumers apart', async () => {
    const orm = await openStore();
    const effect = async (
      tx: { execute(sql: string, values: unknown[]): Promise<unknown> },
      events: { id: string }[],
    ) => {
      for (const { id } of events) await tx.execute('insert into effect values (?)', [id]);
    };
    await handleOnce(orm, 'one', effect)([event]);
    await handleOnce(orm, 'other', effect)([event]);
    expect(await effects(orm)).toBe(2);
  });
});

describe('migrate', () => {
  it('may be called by several replicas at once', async () => {
    const url = await createDatabase('kit');
    const replicas = [1, 2, 3].map(() =>
      openDatabase({ url, entities: [Effect], migrations: [{ name: '001', class: Tables }] }),
    );
    for (const orm of replicas) started.push({ stop: () => orm.close(true) });
    await Promise.all(replicas.map(migrate));
    const [row] = await (replicas[0] as Orm).em
      .fork()
      .execute<{ n: string }[]>('select count(*) as n from mikro_orm_migrations');
    expect(Number(row?.n)).toBe(1);
  });
});
