import { newId } from '@cabinet/kit/ids';
import { createLogger } from '@cabinet/kit/observe/log';
import { MongoDeadLetterStore } from '@cabinet/mongo/dead-letters';
import { openMongo, prepareMongo } from '@cabinet/mongo/orm';
import { makeStoreIndexes } from '@cabinet/mongo/store';
import { MongoWaitingEvents } from '@cabinet/mongo/waiting-events';
import { PostgresDeadLetterStore } from '@cabinet/postgres/dead-letters';
import { migrate, openDatabase } from '@cabinet/postgres/orm';
import { serviceTables } from '@cabinet/postgres/tables';
import { PostgresWaitingEvents, waitingEventIndexes, waitingEventTables } from '@cabinet/postgres/waiting-events';
import type { DeadLetterStore } from '@cabinet/service/sidecar/dead-letters';
import type { ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import { EventReceiver } from '@cabinet/service/sidecar/event-receiver';
import { EventKeys } from '@cabinet/service/sidecar/signatures';
import type { WaitingEvents } from '@cabinet/service/sidecar/waiting-events';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { createDatabase, createMongoDatabase } from '../../../tests/support/database.ts';

// Of no use but that an ORM wants one.
export const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });

class Tables extends Migration {
  override up(): void {
    this.addSql(serviceTables);
    this.addSql(waitingEventTables);
    this.addSql(waitingEventIndexes);
  }
}

export const log = createLogger('test', 'silent');
export const keys = new EventKeys(new Map([['thing', ['the key of things']]]));

export interface Stores {
  waiting: WaitingEvents;
  deadLetters: DeadLetterStore;
  close(): Promise<unknown>;
}

async function postgres(): Promise<Stores> {
  const url = await createDatabase('kit');
  const orm = openDatabase({ url, entities: [Thing], migrations: [{ name: '001', class: Tables }] });
  await migrate(orm);
  const close = () => orm.close(true);
  return { waiting: new PostgresWaitingEvents(orm), deadLetters: new PostgresDeadLetterStore(orm), close };
}

async function mongo(): Promise<Stores> {
  const orm = openMongo({ url: createMongoDatabase('kit'), entities: [Thing] });
  const database = prepareMongo(orm, log, () => makeStoreIndexes(orm));
  await database.prepared;
  const close = () => database.stop();
  return { waiting: new MongoWaitingEvents(orm), deadLetters: new MongoDeadLetterStore(orm), close };
}

/** Every kind of database in which events wait, by name. */
export const kinds: [string, () => Promise<Stores>][] = [
  ['PostgreSQL', postgres],
  ["MongoDB's protocol", mongo],
];

export const buildEvent = (key: string, data: object = {}, type = 'thing.grown'): ReceivedEvent => {
  const event = { id: newId(), source: 'thing', type, partitionkey: key, data };
  return { ...event, signature: keys.sign('thing', event) };
};

export const deliveriesOf = (events: ReceivedEvent[]) =>
  events.map((event, nth) => ({ entryId: String(nth), place: `thing/0/${nth}`, event }));

/** Why an event cannot be handled at the moment, if it cannot. */
export type Refuse = (event: ReceivedEvent) => Error | undefined | Promise<Error | undefined>;

/**
 * A receiver at work on these stores, whose handler remembers what it handled.
 */
export function startReceiver(stores: Pick<Stores, 'waiting' | 'deadLetters'>, refuse: Refuse, pauses = {}) {
  const handled: ReceivedEvent[] = [];
  const handler = async (events: ReceivedEvent[]) => {
    for (const event of events) {
      const why = await refuse(event);
      if (why) throw why;
    }
    handled.push(...events);
  };
  const receiver = new EventReceiver({
    ...stores,
    handlers: { thing: handler },
    keys,
    log,
    pauses: { firstMs: 5, longestMs: 40, lookMs: 20, ...pauses },
  });
  receiver.start();
  const idsOf = (key: string) => handled.filter(({ partitionkey }) => partitionkey === key).map(({ id }) => id);
  return { receiver, handled, idsOf };
}
