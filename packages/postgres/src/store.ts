import { PeriodicTask } from '@cabinet/kit/periodic-task';
import { observeStore } from '@cabinet/service/observe/store-figures';
import { prepareStore } from '@cabinet/service/prepared-store';
import type { ServiceBasis } from '@cabinet/service/service';
import type { Fact } from '@cabinet/service/sidecar/facts';
import { countFacts } from '@cabinet/service/sidecar/observe-events';
import type { ServiceStore } from '@cabinet/service/store';
import type { MigrationObject } from '@mikro-orm/core';
import type { EntitySchema } from '@mikro-orm/postgresql';
import { PostgresAuditTrail } from './audit.js';
import { PostgresDeadLetterStore } from './dead-letters.js';
import { EventSource } from './event-source.js';
import { readFigures } from './figures.js';
import { PostgresFirstHearings } from './first-hearings.js';
import { PostgresIdempotencyStore } from './idempotency.js';
import { sweepInbox } from './inbox.js';
import { assertLetsIn } from './login.js';
import { databaseAnswers, migrate, type Orm, openDatabase } from './orm.js';
import { OutboxRelay } from './outbox.js';
import { PostgresWaitingEvents } from './waiting-events.js';

const sweepMs = 60 * 60_000;

export interface StoreOptions {
  url: string;
  entities: EntitySchema[];
  migrations: MigrationObject[];
  /** The types of all facts that the service tells. */
  facts: readonly string[];
}

/** A service's own database, and the way from its outbox to the broker. */
export interface Store extends ServiceStore {
  orm: Orm;
  /** @param toFact what is told of something that happened */
  eventSource<Happened extends unknown[]>(toFact: (...happened: Happened) => Fact): EventSource<Happened>;
}

/** Opens the database, brings it up to date and publishes what stands in its outbox, until the service stops. */
export function openStore(service: ServiceBasis, { facts, ...options }: StoreOptions): Store {
  const { clock, log, closers, metrics } = service;
  const { url } = options;
  const login = service.secrets?.login(url, (fresh) => assertLetsIn(url, fresh));
  const orm = openDatabase({ ...options, login });
  const database = prepareStore(
    { prepare: () => migrate(orm), answers: () => databaseAnswers(orm), close: () => orm.close(true) },
    log,
  );
  closers.defer(() => database.stop());
  const publisher = countFacts(service.publisher, metrics, facts);
  closers.defer(() => publisher.stop());
  const relay = new OutboxRelay({ orm, publisher, log });
  closers.defer(() => relay.stop());
  void database.prepared.then(() => relay.start());
  observeStore(metrics, () => readFigures(orm));
  const sweep = new PeriodicTask(() => sweepInbox(orm), {
    everyMs: sweepMs,
    failed: (error) => log.warn({ err: error }, 'the inbox is not swept'),
  }).start();
  closers.defer(() => sweep.stop());
  return {
    orm,
    isReady: database.isReady,
    prepared: database.prepared,
    auditTrail: new PostgresAuditTrail(orm, service.auditKeys),
    keptAnswers: new PostgresIdempotencyStore(orm, clock),
    waiting: new PostgresWaitingEvents(orm),
    deadLetters: new PostgresDeadLetterStore(orm),
    firstHearings: new PostgresFirstHearings(orm),
    eventSource: (toFact) => new EventSource(service.name, toFact, () => relay.wake()),
  };
}
