import type { HeldClaim } from '@cabinet/kit/http/request-context';
import type { Logger } from '@cabinet/kit/observe/log';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { IdempotencyStore, KeptAnswer } from './kept-answers.js';

/**
 * How a request ended: with an answer to keep, refused before it did anything, or by a fault. A fault does not tell
 * whether anything is stored: a database may die after a commit and before its answer.
 */
export type End = KeptAnswer | 'refused' | 'failed';

export interface Holding {
  /** How often claims of running requests are extended; far less than the time after which one lapses. */
  extendsEveryMs?: number;
  sweepsEveryMs?: number;
}

/**
 * The claims of this process. Each is extended for as long as its request runs; an answer that cannot be stored at once is
 * stored as soon as it can be, and until then nobody else gets the key.
 */
export class HeldClaims {
  private readonly running = new Set<HeldClaim>();
  private readonly unstored = new Map<HeldClaim, End>();
  private extending?: { claim: HeldClaim; done: Promise<void> };
  private readonly tasks: PeriodicTask[];

  constructor(
    private readonly store: IdempotencyStore,
    private readonly log: Logger,
    { extendsEveryMs = 15_000, sweepsEveryMs = 60_000 }: Holding = {},
  ) {
    const failed = (text: string) => (error: unknown) => log.warn({ err: error }, text);
    this.tasks = [
      new PeriodicTask(() => this.extendAll(), {
        everyMs: extendsEveryMs,
        failed: failed('claims are not extended'),
      }).start(),
      new PeriodicTask(() => store.sweep(), {
        everyMs: sweepsEveryMs,
        failed: failed('idempotency keys are not swept'),
      }).start(),
    ];
  }

  hold(claim: HeldClaim): void {
    this.running.add(claim);
  }

  /** Keeps the answer, or gives the key to a repeat. Never throws: the caller gets the answer anyway. */
  async end(claim: HeldClaim, end: End): Promise<void> {
    this.running.delete(claim);
    // Who was extended after its end would keep a repeat waiting for a minute.
    if (this.extending?.claim === claim) await this.extending.done;
    try {
      await this.keep(claim, end);
      this.unstored.delete(claim);
    } catch (error) {
      this.unstored.set(claim, end);
      this.log.error({ err: error }, 'the answer to an idempotency key is not kept yet');
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.stop()));
  }

  private keep(claim: HeldClaim, end: End): Promise<void> {
    if (end === 'refused') return this.store.release(claim);
    return end === 'failed' ? this.store.lapse(claim) : this.store.complete(claim, end);
  }

  private async extendAll(): Promise<void> {
    for (const [claim, end] of [...this.unstored]) await this.end(claim, end);
    for (const claim of [...this.running]) {
      if (!this.running.has(claim)) continue;
      const done = this.store
        .extend(claim)
        .catch((error) => this.log.warn({ err: error }, 'the claim to an idempotency key is not extended'));
      this.extending = { claim, done };
      await done;
    }
    this.extending = undefined;
  }
}
