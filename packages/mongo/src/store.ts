import { Unavailable } from '@cabinet/kit/errors';
import { observeStore } from '@cabinet/service/observe/store-figures';
import type { ServiceBasis } from '@cabinet/service/service';
import { type Fact, toToldEvent } from '@cabinet/service/sidecar/facts';
import { countFacts } from '@cabinet/service/sidecar/observe-events';
import type { ServiceStore } from '@cabinet/service/store';
import type { EntitySchema } from '@mikro-orm/core';
import { auditCollection, auditIndexes, MongoAuditTrail } from './audit.js';
import { deadLetterIndexes, MongoDeadLetterStore } from './dead-letters.js';
import { EventSource } from './event-source.js';
import { readFigures } from './figures.js';
import { MongoFirstHearings } from './first-hearings.js';
import { MongoIdempotencyStore } from './idempotency.js';
import { makeIndexes } from './indexes.js';
import { Journal } from './journal.js';
import { JournalRelay } from './journal-relay.js';
import { type MongoOrm, openMongo, prepareMongo } from './orm.js';
import { MongoWaitingEvents, waitingEventIndexes } from './waiting-events.js';

export interface MongoStoreOptions {
  url: string;
  entities: EntitySchema[];
  /** The collection of the documents that change by the journal. */
  documents: string;
  /** The types of all facts that the service tells. */
  facts: readonly string[];
}

/** A service's own database, and the way from its journal to the broker. */
export interface MongoStore extends ServiceStore {
  orm: MongoOrm;
  keptAnswers: MongoIdempotencyStore;
  /** @param toFact what is told of something that happened */
  eventSource<Happened extends unknown[]>(toFact: (...happened: Happened) => Fact): EventSource<Happened>;
  /**
   * Tells at once what comes of an event that was heard and changes no document.
   * @throws Unavailable when the broker is away: the event is then handled again
   */
  tell(fact: Fact): Promise<void>;
}

/** Of what has no entity. */
export async function makeStoreIndexes(orm: MongoOrm): Promise<void> {
  await makeIndexes(orm, auditCollection, auditIndexes);
  await makeIndexes(orm, 'waiting_event', waitingEventIndexes);
  await makeIndexes(orm, 'dead_letter', deadLetterIndexes);
}

/** Opens the database, makes its indexes and publishes what its journal holds, until the service stops. */
export function openMongoStore(service: ServiceBasis, { facts, documents, ...options }: MongoStoreOptions): MongoStore {
  const { clock, log, closers, metrics } = service;
  const orm = openMongo(options);
  const database = prepareMongo(orm, log, () => makeStoreIndexes(orm));
  closers.defer(() => database.stop());
  const publisher = countFacts(service.publisher, metrics, facts);
  closers.defer(() => publisher.stop());
  const relay = new JournalRelay({ orm, documents, publisher, log });
  closers.defer(() => relay.stop());
  void database.prepared.then(() => relay.start());
  const journal = new Journal(orm, relay);
  observeStore(metrics, () => readFigures(orm));
  return {
    orm,
    isReady: database.isReady,
    prepared: database.prepared,
    auditTrail: new MongoAuditTrail(orm, service.auditKeys, log),
    keptAnswers: new MongoIdempotencyStore(orm, clock),
    waiting: new MongoWaitingEvents(orm),
    deadLetters: new MongoDeadLetterStore(orm),
    firstHearings: new MongoFirstHearings(orm),
    eventSource: (toFact) => new EventSource(service.name, toFact, journal),
    async tell(fact) {
      const { topic, event } = toToldEvent(service.name, fact);
      const away = (cause?: unknown) => new Unavailable('BROKER.UNAVAILABLE', 'The broker takes nothing', { cause });
      const refused = await publisher.publish(topic, [{ event, partitionKey: fact.partitionKey }]).catch((cause) => {
        throw away(cause);
      });
      if (refused.length > 0) throw away();
    },
  };
}
