import { observeStore } from '@cabinet/service/observe/store-figures';
import type { ServiceBasis } from '@cabinet/service/service';
import type { EventReceiver } from '@cabinet/service/sidecar/event-receiver';
import { type Hearing, hearEvents } from '@cabinet/service/sidecar/hear-events';
import { countFacts } from '@cabinet/service/sidecar/observe-events';
import { createPublisher, type EventPublisher } from '@cabinet/service/sidecar/publish';
import type { MigrationObject } from '@mikro-orm/core';
import type { EntitySchema } from '@mikro-orm/postgresql';
import { type PreparedDatabase, prepareDatabase } from './database.js';
import { PostgresDeadLetterStore } from './dead-letters.js';
import { readFigures } from './figures.js';
import { PostgresFirstHearings } from './first-hearings.js';
import { sweepInbox } from './inbox.js';
import { type Orm, openDatabase } from './orm.js';
import { OutboxRelay } from './outbox.js';
import { PostgresWaitingEvents } from './waiting-events.js';

const sweepMs = 60 * 60_000;

export interface StoreOptions {
  url: string;
  entities: EntitySchema[];
  migrations: MigrationObject[];
  /** The types of all facts that the service tells. */
  facts: readonly string[];
  /** By default the one that hands events to the own sidecar. */
  publisher?: EventPublisher;
}

/** A service's own database, and the way from its outbox to the broker. */
export interface Store {
  orm: Orm;
  database: PreparedDatabase;
  /** To be called after a commit that told something. */
  told: () => void;
  /** Receives events, each of which has its effect in this database. */
  hear: (hearing: Hearing) => EventReceiver;
}

/** Opens the database, brings it up to date and tells what stands in its outbox, until the service stops. */
export function openStore(service: ServiceBasis, { publisher, facts, ...options }: StoreOptions): Store {
  const { config, log, closers, metrics } = service;
  const orm = openDatabase(options);
  const database = prepareDatabase(orm, log);
  closers.add(() => database.stop());
  const sidecar = { httpPort: config.DAPR_HTTP_PORT, apiToken: config.DAPR_API_TOKEN };
  const way = countFacts(publisher ?? createPublisher(sidecar, service.eventKeys), metrics, facts);
  closers.add(() => way.stop());
  const relay = new OutboxRelay({ orm, publisher: way, log });
  closers.add(() => relay.stop());
  void database.migrated.then(() => relay.start());
  observeStore(metrics, () => readFigures(orm));
  const stores = {
    waiting: new PostgresWaitingEvents(orm),
    deadLetters: new PostgresDeadLetterStore(orm),
    firstHearings: new PostgresFirstHearings(orm),
    prepared: database.migrated,
  };
  const sweep = setInterval(() => sweepInbox(orm, log), sweepMs).unref();
  closers.add(() => clearInterval(sweep));
  return { orm, database, told: () => relay.wake(), hear: (hearing) => hearEvents(service, hearing, stores) };
}
