import type { MigrationObject } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { EntityManager, type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import './faults.js';
import { clientThatEnds } from './abandoned-queries.js';
import { ChangesNoted } from './changes-noted.js';
import type { Login } from './login.js';

export interface DatabaseOptions {
  url: string;
  /** As whom new connections sign in, where that may change. */
  login?: Login;
  entities: EntitySchema[];
  migrations: MigrationObject[];
  /** Connections kept at most. */
  poolSize?: number;
  /** How long a connection is used at most, in seconds; a quarter of an hour when it is left out. */
  connectionSecondsMax?: number;
}

/** So long after a login was replaced, no connection has the old one any more. */
const connectionSecondsMax = 900;

export type Orm = MikroORM;
export { EntityManager };

/** Opens the service's own database. Nothing connects before the first query. */
export function openDatabase(options: DatabaseOptions): Orm {
  return new MikroORM({
    clientUrl: options.url,
    entities: options.entities,
    extensions: [Migrator],
    subscribers: [new ChangesNoted()],
    migrations: { migrationsList: options.migrations, snapshot: false, disableForeignKeys: false },
    pool: { min: 0, max: options.poolSize ?? 10 },
    driverOptions: {
      Client: clientThatEnds(options.url, options.login),
      maxLifetimeSeconds: options.connectionSecondsMax ?? connectionSecondsMax,
    },
    forceUtcTimezone: true,
    // Its messages may quote rows; what matters is logged by whoever asked.
    logger: () => {},
  });
}

// Any number will do as long as nothing else in the database uses it.
const migrationLock = 7_410_001;

/** Applies what is missing. Several replicas may call it at once: one works, the others wait and find nothing to do. */
export async function migrate(orm: Orm): Promise<void> {
  await orm.em.fork().transactional(async (lock) => {
    await lock.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
    await orm.migrator.up();
  });
}

/** True when the database answers. */
export async function databaseAnswers(orm: Orm): Promise<boolean> {
  await orm.em.fork().execute('select 1');
  return true;
}
