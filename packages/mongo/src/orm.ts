import type { Logger } from '@cabinet/kit/observe/log';
import type { EntitySchema } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/mongodb';
import './faults.js';

export type MongoOrm = MikroORM;

export interface MongoOptions {
  url: string;
  entities: EntitySchema[];
  /** Connections kept at most. */
  poolSize?: number;
}

/**
 * Opens the service's own database by MongoDB's protocol. Nothing connects before the first query. There are no
 * transactions: what must change together stands in one document.
 */
export function openMongo(options: MongoOptions): MongoOrm {
  return new MikroORM({
    clientUrl: options.url,
    entities: options.entities,
    implicitTransactions: false,
    ensureIndexes: false,
    driverOptions: {
      ignoreUndefined: true,
      maxPoolSize: options.poolSize ?? 10,
      serverSelectionTimeoutMS: 3_000,
    },
  });
}

/** The documents of one collection, as the driver gives them: for writes that are one step at the server. */
export const documentsOf = <T extends { _id: string }>(orm: MongoOrm, collection: string) =>
  orm.em.getCollection<T>(collection);
export type Documents<T extends { _id: string }> = ReturnType<typeof documentsOf<T>>;

/** True when the database answers. */
export async function mongoAnswers(orm: MongoOrm): Promise<boolean> {
  await orm.em.getDriver().getConnection().getDb().command({ ping: 1 });
  return true;
}

/** A database whose indexes are made in the background, as soon as it can be reached. */
export interface PreparedMongo {
  /** True once prepared, and while the database answers. */
  isReady(): Promise<boolean>;
  /** Resolves when prepared, or when stopped before. */
  prepared: Promise<void>;
  stop(): Promise<void>;
}

/** Makes the indexes, trying again for as long as the database is away, so that a service may start before its database. */
export function prepareMongo(orm: MongoOrm, log: Logger): PreparedMongo {
  let isPrepared = false;
  let stopped = false;
  const prepare = async () => {
    for (let tries = 1; !stopped; tries += 1) {
      try {
        // No retry of its own: that one drops indexes it does not know.
        await orm.schema.ensureIndexes({ retry: false });
        isPrepared = true;
        return;
      } catch (error) {
        log.warn({ err: error, tries }, 'the database is not ready');
        // A client whose first connection failed never connects again, unless it has been closed.
        await orm.em.getDriver().getConnection().close(true);
        await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** tries, 5_000)).unref());
      }
    }
  };
  const prepared = prepare();
  return {
    prepared,
    isReady: async () => isPrepared && (await mongoAnswers(orm)),
    async stop() {
      stopped = true;
      await prepared;
      await orm.close(true);
    },
  };
}
