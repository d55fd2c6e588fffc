import { currentContext } from '@cabinet/kit/http/request-context';
import pg from 'pg';
import { isRefusal, type Login, signedInBy } from './login.js';

const connectMsMax = 5_000;

type Callback = (error: Error | null, result?: unknown) => void;

/**
 * A client for the pool whose queries end when nobody waits for them any more: the server is told to cancel the one that runs
 * for a request whose caller has gone, and later ones of that request are not begun. What ends a transaction always runs.
 */
export function clientThatEnds(url: string, login?: Login): typeof pg.Client {
  class ClientThatSignsIn extends pg.Client {
    private readonly signsInBy: string;

    constructor(config?: pg.ClientConfig) {
      const signsInBy = login?.url() ?? url;
      super({ ...config, connectionString: login ? signedInBy(url, signsInBy) : url });
      this.signsInBy = signsInBy;
    }

    // biome-ignore lint/suspicious/noExplicitAny: with a callback it gives nothing, without one a promise
    override connect(callback?: any): any {
      const noted = (error: unknown) => {
        if (isRefusal(error)) login?.refused(this.signsInBy);
      };
      if (!callback)
        return super.connect().catch((error: unknown) => {
          noted(error);
          throw error;
        });
      const told: Callback = (error, client) => {
        noted(error);
        callback(error, client);
      };
      super.connect(told as (error: Error) => void);
    }
  }

  // A connection of its own, for as long as there is something to cancel: those of the pool may all be busy.
  const cancelling = new pg.Pool({
    Client: ClientThatSignsIn,
    max: 1,
    // The caller's own connection waits for it.
    connectionTimeoutMillis: connectMsMax,
    idleTimeoutMillis: 1_000,
    allowExitOnIdle: true,
  });
  cancelling.on('error', () => {});

  return class ClientThatEnds extends ClientThatSignsIn {
    // biome-ignore lint/suspicious/noExplicitAny: the many forms of the method it stands for
    override query(...args: any[]): any {
      const signal = currentContext()?.signal;
      const begin = super.query as (...args: unknown[]) => unknown;
      if (mustSucceed.test(textOf(args[0]))) return this.orGiveBack(begin.apply(this, args));
      if (!signal || isSubmittable(args[0]) || endsTransaction.test(textOf(args[0]))) return begin.apply(this, args);
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
      const result = this.untilAbandoned(signal, () => begin.apply(this, args) as Promise<unknown>);
      if (!callback) return result;
      result.then(
        (rows) => callback(null, rows),
        (error) => callback(error),
      );
    }

    /**
     * A transaction gives its connection back once it has ended. On one that was lost none can begin and none be rolled back, and it
     * would be kept for ever: so many losses as the pool is large, and nobody would be given a connection any more.
     */
    private orGiveBack(done: unknown): unknown {
      if (!(done instanceof Promise)) return done;
      return done.catch((error: unknown) => {
        (this as unknown as pg.PoolClient).release(error as Error);
        throw error;
      });
    }

    private async untilAbandoned(signal: AbortSignal, begin: () => Promise<unknown>): Promise<unknown> {
      signal.throwIfAborted();
      let cancelled: Promise<unknown> | undefined;
      const cancel = () => {
        const { processID } = this as unknown as { processID: number };
        cancelled = cancelling.query('select pg_cancel_backend($1)', [processID]).catch(() => {});
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await begin();
      } finally {
        signal.removeEventListener('abort', cancel);
        // The connection is not given back before, or what is cancelled might be the next one's query.
        await cancelled;
      }
    }
  };
}

const endsTransaction = /^\s*(?:commit|rollback|release|abort)\b/i;

/** The begin of a transaction, and its end without effect, but not that of a savepoint. */
const mustSucceed = /^\s*(?:begin|start transaction\b.*|rollback)\s*;?\s*$/i;

const textOf = (query: unknown): string =>
  typeof query === 'string' ? query : ((query as { text?: string })?.text ?? '');

/** A cursor or the like, which runs by itself. */
const isSubmittable = (query: unknown): boolean => typeof (query as { submit?: unknown })?.submit === 'function';
