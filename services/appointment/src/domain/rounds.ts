/** Does something again and again, one time after the other: every so often, and soon after it was woken. */
export class Rounds {
  private timer?: NodeJS.Timeout;
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
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(), Math.max(ms, this.restingUntil - performance.now()));
    this.timer.unref();
  }

  private go(): void {
    const begun = performance.now();
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
