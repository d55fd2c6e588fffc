import { createHash } from 'node:crypto';
import type { Logger } from '../observe/log.js';
import { PeriodicTask } from '../periodic-task.js';

/** What tokens stand on, each as a digest: of a token none may have ended. */
export type Ground = string;

/** The session that a token was given in. */
export const sessionGround = (sessionId: string): Ground => digest(`session ${sessionId}`);

/** What somebody may do and whom they act as, until it changes and the number grows. */
export const rightsGround = (userId: string, accessVersion: number): Ground =>
  digest(`rights ${userId} ${accessVersion}`);

// Ids are random, so nobody who reads a digest finds the id; and it is short, since all of them are kept in memory.
const digest = (text: string): Ground => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** What auth answers: the grounds that have ended within the life of a token. */
export interface EndedGrounds {
  ended: Ground[];
}

export interface EndedAccess {
  has(ground: Ground): boolean;
}

/** So often every process asks auth what has ended. */
const askEveryMs = 2_000;
const answerMsMax = 3_000;

/**
 * Asks auth again and again which sessions and rights have ended, so that a token stops being good within seconds and not when
 * it runs out. While auth is away the last answer holds: nobody gets a new token then, and the others run out.
 */
export class EndedAccessReader implements EndedAccess {
  private ended: ReadonlySet<Ground> = new Set();
  private readonly task: PeriodicTask;
  private readonly url: URL;

  /** @param jwksUrl where auth publishes its keys; what has ended is beside them */
  constructor(jwksUrl: string, log: Logger, everyMs = askEveryMs) {
    this.url = new URL('ended-access.json', jwksUrl);
    this.task = new PeriodicTask(() => this.read(), {
      everyMs,
      failed: (error, inRow) => {
        if (inRow === 1) log.warn({ err: error }, 'auth does not say what access has ended; what it said last holds');
      },
    }).start(0);
  }

  has(ground: Ground): boolean {
    return this.ended.has(ground);
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  private async read(): Promise<void> {
    const answer = await fetch(this.url, { signal: AbortSignal.timeout(answerMsMax) });
    const said = answer.ok ? ((await answer.json()) as Partial<EndedGrounds>) : undefined;
    if (!Array.isArray(said?.ended)) throw new Error(`${this.url.pathname} answered ${answer.status} without a list`);
    this.ended = new Set(said.ended);
  }
}
