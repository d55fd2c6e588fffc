/** Does one kind of work again and again: when it is woken, and at the latest after a while; never twice at once. */
export class Rounds {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private again = false;
  private stopped = false;

  /** @param failed is told what the work throws; it is tried again in the next round */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly restMs: number,
    private readonly failed: (error: unknown) => void,
  ) {}

  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.again = false;
    this.running = this.work()
      .catch(this.failed)
      .finally(() => {
        this.running = undefined;
        if (this.again) this.wake();
        else this.rest();
      });
  }

  /** Resolves when the work at hand is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private rest(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), this.restMs);
    this.timer.unref();
  }
}
