import type { Logger } from '@cabinet/kit/observe/log';
import { databaseAnswers, migrate, type Orm } from './orm.js';

/** A database that is brought up to date in the background, as soon as it can be reached. */
export interface PreparedDatabase {
  /** True once migrated, and while the database answers. */
  isReady(): Promise<boolean>;
  /** Resolves when migrated. */
  migrated: Promise<void>;
  stop(): Promise<void>;
}

/** Migrates, trying again for as long as the database is away, so that a service may start before its database. */
export function prepareDatabase(orm: Orm, log: Logger): PreparedDatabase {
  let isMigrated = false;
  let stopped = false;
  const prepare = async () => {
    for (let tries = 1; !stopped; tries += 1) {
      try {
        await migrate(orm);
        isMigrated = true;
        return;
      } catch (error) {
        log.warn({ err: error, tries }, 'the database is not ready');
        await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** tries, 5_000)).unref());
      }
    }
  };
  const migrated = prepare();
  return {
    migrated,
    isReady: async () => isMigrated && (await databaseAnswers(orm)),
    async stop() {
      stopped = true;
      await migrated;
      await orm.close(true);
    },
  };
}
