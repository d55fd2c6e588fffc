import { newId } from '@cabinet/kit/ids';
import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { MongoDeadLetterStore } from '@cabinet/mongo/dead-letters';
import { MongoFirstHearings } from '@cabinet/mongo/first-hearings';
import { openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { MongoWaitingEvents } from '@cabinet/mongo/waiting-events';
import { PostgresDeadLetterStore } from '@cabinet/postgres/dead-letters';
import { firstHearingTable, PostgresFirstHearings } from '@cabinet/postgres/first-hearings';
import { migrate, openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { PostgresWaitingEvents, waitingEventTables } from '@cabinet/postgres/waiting-events';
import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { HearingStores } from '@cabinet/service/sidecar/hear-events';
import { hearEvents } from '@cabinet/service/sidecar/hear-events';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { afterEach, describe, expect, it } from 'vitest';
import { createDatabase, createMongoDatabase } from '../../../tests/support/database.ts';

// Of no use but that an ORM wants one.
const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });

class Tables extends Migration {
  override up(): void {
    for (const sql of [serviceTables, waitingEventTables, firstHearingTable]) this.addSql(sql);
  }
}

const log = createLogger('test', 'silent');
const keys = new EventKeys(new Map([['thing', ['the key of things']]]));
const closers: AsyncDisposableStack[] = [];
afterEach(async () => {
  for (const each of closers.splice(0).reverse()) await each.disposeAsync();
});

async function postgres(): Promise<HearingStores> {
  const orm = openDatabase({
    url: await createDatabase('kit'),
    entities: [Thing],
    migrations: [{ name: '001', class: Tables }],
  });
  closeAtEnd().defer(() => orm.close(true));
  return {
    waiting: new PostgresWaitingEvents(orm),
    deadLetters: new PostgresDeadLetterStore(orm),
    firstHearings: new PostgresFirstHearings(orm),
    prepared: migrate(orm).then(() => {}),
  };
}

async function mongo(): Promise<HearingStores> {
  const orm = openMongo({ url: createMongoDatabase('kit'), entities: [Thing] });
  const database = prepareMongo(orm, log);
  closeAtEnd().defer(() => database.stop());
  return {
    waiting: new MongoWaitingEvents(orm),
    deadLetters: new MongoDeadLetterStore(orm),
    firstHearings: new MongoFirstHearings(orm),
    prepared: database.prepared,
  };
}

function closeAtEnd(): AsyncDisposableStack {
  const mine = new AsyncDisposableStack();
  closers.push(mine);
  return mine;
}

/** Starts a consumer; what it handles is in `heard`. */
function consumer(stores: HearingStores, fromNow: string[]) {
  const heard: string[] = [];
  const handler = async (events: ReceivedEvent[]) => {
    heard.push(...events.map(({ id }) => id));
  };
  const own = closeAtEnd();
  const service = { log, metrics: createMetrics('test'), eventKeys: keys, closers: own };
  const receiver = hearEvents(service, { handlers: { thing: handler }, types: () => ['thing.grown'], fromNow }, stores);
  const receive = (...events: ReceivedEvent[]) =>
    receiver.receive(
      'thing',
      events.map((event, nth) => ({ entryId: String(nth), place: `thing/0/${nth}`, event })),
    );
  return { heard, receive, stop: () => own.disposeAsync() };
}

function toldAt(instant: Date): ReceivedEvent {
  const event = { id: newId(), source: 'thing', type: 'thing.grown', time: instant.toISOString(), data: {} };
  return { ...event, signature: keys.sign('thing', event) };
}
const inMs = (ms: number) => new Date(Date.now() + ms);

describe.each([
  ['PostgreSQL', postgres],
  ["MongoDB's protocol", mongo],
])('a new consumer with a database of %s', (_, open) => {
  it('hears all that the broker remembers, unless it chose otherwise', async () => {
    const stores = await open();
    await stores.prepared;
    const { heard, receive } = consumer(stores, []);
    const old = toldAt(inMs(-86_400_000));
    await receive(old);
    expect(heard).toEqual([old.id]);
  });

  it('hears what is told from its first start on, when it chose that', async () => {
    const stores = await open();
    await stores.prepared;
    const { heard, receive } = consumer(stores, ['thing']);
    const [old, fresh] = [toldAt(inMs(-1_000)), toldAt(inMs(1_000))];
    await receive(old, fresh);
    expect(heard).toEqual([fresh.id]);
  });

  it('hears what was told while it was down, though nothing had come before', async () => {
    const stores = await open();
    await stores.prepared;
    const before = Date.now();
    const keeps = Promise.withResolvers<Date>();
    const firstHearings: HearingStores['firstHearings'] = {
      async of(topic, now) {
        const kept = await stores.firstHearings.of(topic, now);
        keeps.resolve(kept);
        return kept;
      },
    };
    const first = consumer({ ...stores, firstHearings }, ['thing']);
    const kept = await keeps.promise;
    await first.stop();
    expect(kept.getTime()).toBeGreaterThanOrEqual(before);
    expect(kept.getTime()).toBeLessThanOrEqual(Date.now());
    const missed = toldAt(new Date(kept.getTime() + 1));
    const { heard, receive } = consumer(stores, ['thing']);
    await receive(missed);
    expect(heard).toEqual([missed.id]);
  });
});
