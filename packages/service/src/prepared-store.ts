import type { Logger } from '@cabinet/kit/observe/log';

/** A database that is brought up to date in the background, as soon as it can be reached. */
export interface PreparedStore {
  /** True once it is up to date, and while the database answers. */
  isReady(): Promise<boolean>;
  /** Resolves when it is up to date, or when stopped before. */
  prepared: Promise<void>;
  stop(): Promise<void>;
}

export interface StoreToPrepare {
  /** Brings it up to date; several replicas may do so at once. */
  prepare(): Promise<unknown>;
  /** True when the database answers. */
  answers(): Promise<boolean>;
  close(): Promise<unknown>;
}

/** Tries again for as long as the database is away, so that a service may start before its database. */
export function prepareStore({ prepare, answers, close }: StoreToPrepare, log: Logger): PreparedStore {
  let isPrepared = false;
  let isStopped = false;
  const tryAgainAndAgain = async () => {
    for (let tries = 1; !isStopped; tries += 1) {
      try {
        await prepare();
        isPrepared = true;
        return;
      } catch (error) {
        log.warn({ err: error, tries }, 'the database is not ready');
        await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** tries, 5_000)).unref());
      }
    }
  };
  const prepared = tryAgainAndAgain();
  return {
    prepared,
    isReady: async () => isPrepared && (await answers()),
    async stop() {
      isStopped = true;
      await prepared;
      await close();
    },
  };
}
