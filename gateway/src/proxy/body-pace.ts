/** What a body brings at least, on average, once its first moments are over; phones on a poor network bring more. */
const leastBytesPerSecond = 8 * 1024;
const headStartMs = 5_000;

/** Watches that a body comes: whole within its time, and never slower than the least rate, however small its parts are. */
export class BodyPace {
  private readonly beganAt = performance.now();
  private bytes = 0;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly wholeMs: number,
    private readonly onLate: () => void,
  ) {
    this.timer = setTimeout(look, this.msLeft, this);
  }

  note(bytes: number): void {
    this.bytes += bytes;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  look(): void {
    const { msLeft } = this;
    if (msLeft <= 0) this.onLate();
    else this.timer = setTimeout(look, msLeft, this);
  }

  private get msLeft(): number {
    const earnedMs = headStartMs + (this.bytes / leastBytesPerSecond) * 1000;
    return Math.min(this.wholeMs, earnedMs) - (performance.now() - this.beganAt);
  }
}

function look(pace: BodyPace): void {
  pace.look();
}
