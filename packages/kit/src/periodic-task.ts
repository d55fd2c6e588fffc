import { AsyncLocalStorage } from 'node:async_hooks';

export interface PeriodicTaskOptions {
  /** Pause between two runs, in milliseconds. */
  everyMs: number;
  /** After runs that failed the pause doubles, up to this; without it, it stays as it is. */
  pauseMsMax?: number;
  /** How soon after it was woken it runs, so that who wake it together are served together; 0 when it is left out. */
  wakeMs?: number;
  /** Shortest pause after a run, in milliseconds; 0 when it is left out. */
  restMs?: number;
  /** Rests as long as the run took, so that who is woken often does not do nothing else. */
  restsAsLong?: boolean;
  /** @param inRow how many runs have failed one after the other */
  failed(error: unknown, inRow: number): void;
}

/** For what many changes wake: who wake it together are served together, and it rests as long as it worked. */
export const sparing = { wakeMs: 200, restMs: 200, restsAsLong: true };

/** Where no request is at hand, as when this file is read. */
const outside = AsyncLocalStorage.snapshot();

/**
 * Does something again and again, one time after the other: every so often, and soon after it was woken. What it does is done for
 * nobody's request, also where one woke it: neither its trace, nor its line of the audit trail, nor its key are of it.
 */
export class PeriodicTask {
  private timer?: NodeJS.Timeout;
  private dueAt = Number.POSITIVE_INFINITY;
  private running?: Promise<void>;
  private restingUntil = 0;
  private failuresInRow = 0;
  private isWoken = false;
  private readonly stopping = new AbortController();

  /** @param run told by the signal to come to an end, where it takes longer than one may wait for it */
  constructor(
    private readonly run: (stopping: AbortSignal) => Promise<unknown>,
    private readonly options: PeriodicTaskOptions,
  ) {}

  /** @param afterMs until the first run */
  start(afterMs = this.options.everyMs): this {
    this.next(afterMs);
    return this;
  }

  wake(): void {
    if (this.running) this.isWoken = true;
    else this.next(this.options.wakeMs ?? 0);
  }

  /** Resolves when the running one has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private next(ms: number): void {
    const now = performance.now();
    const dueAt = Math.max(now + ms, this.restingUntil);
    // Who is woken again and again before it is due would never begin.
    if (this.stopping.signal.aborted || dueAt >= this.dueAt) return;
    this.dueAt = dueAt;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => outside(() => this.go()), dueAt - now).unref();
  }

  private go(): void {
    const { failed, restMs = 0, restsAsLong = false } = this.options;
    const begun = performance.now();
    this.dueAt = Number.POSITIVE_INFINITY;
    const done = () => {
      this.failuresInRow = 0;
    };
    this.running = this.run(this.stopping.signal)
      .then(done, (error) => failed(error, ++this.failuresInRow))
      .finally(() => {
        const now = performance.now();
        this.running = undefined;
        this.restingUntil = now + Math.max(restMs, restsAsLong ? now - begun : 0);
        this.next(this.isWoken ? 0 : this.pause());
        this.isWoken = false;
      });
  }

  private pause(): number {
    const { everyMs, pauseMsMax = everyMs } = this.options;
    return Math.min(everyMs * 2 ** Math.min(this.failuresInRow, 10), pauseMsMax);
  }
}
