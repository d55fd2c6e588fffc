/** Does something again and again, one time after the other: every so often, and soon after it was woken. */
export class Rounds {
  private timer?: NodeJS.Timeout;
  private dueAt = Number.POSITIVE_INFINITY;
  private running?: Promise<void>;
  private restingUntil = 0;
  private isWoken = false;
  private isStopped = false;

  /**
   * @param everyMs pause between rounds, in milliseconds
   * @param restMs shortest pause; it is also never shorter than the round before, so that who is woken often does not do
   *   nothing else
   */
  constructor(
    private readonly round: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly everyMs: number,
    private readonly restMs = 200,
  ) {}

  start(): void {
    this.next(this.everyMs);
  }

  wake(): void {
    if (this.running) this.isWoken = true;
    else this.next(this.restMs);
  }

  /** Resolves when the running round has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(ms: number): void {
    const now = performance.now();
    const dueAt = Math.max(now + ms, this.restingUntil);
    // Who is woken again and again before it is due would never begin.
    if (this.isStopped || dueAt >= this.dueAt) return;
    this.dueAt = dueAt;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(), dueAt - now);
    this.timer.unref();
  }

  private go(): void {
    const begun = performance.now();
    this.dueAt = Number.POSITIVE_INFINITY;
    this.running = this.round()
      .catch(this.failed)
      .finally(() => {
        this.running = undefined;
        this.restingUntil = performance.now() + Math.max(this.restMs, performance.now() - begun);
        this.next(this.isWoken ? 0 : this.everyMs);
        this.isWoken = false;
      });
  }
}
