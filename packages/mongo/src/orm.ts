import type { Logger } from '@cabinet/kit/observe/log';
import { type PreparedStore, prepareStore } from '@cabinet/service/prepared-store';
import type { EntitySchema } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/mongodb';
import { keepNamesOfErrors } from './faults.js';

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
  const orm = new MikroORM({
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
  keepNamesOfErrors(orm);
  return orm;
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

/** Makes the indexes in the background. @param more makes those of collections without an entity */
export const prepareMongo = (orm: MongoOrm, log: Logger, more?: () => Promise<void>): PreparedStore =>
  prepareStore(
    {
      async prepare() {
        try {
          // No retry of its own: that one drops indexes it does not know.
          await orm.schema.ensureIndexes({ retry: false });
          await more?.();
        } catch (error) {
          // A client whose first connection failed never connects again, unless it has been closed.
          await orm.em.getDriver().getConnection().close(true);
          throw error;
        }
      },
      answers: () => mongoAnswers(orm),
      close: () => orm.close(true),
    },
    log,
  );
