import { TooManyAtOnce } from './errors.js';

interface BackPressureLimits {
  /** Readings that are being stored at once, of all senders. */
  inFlightMax: number;
  /** Facts that wait to be told: while the broker is away, what comes is kept until there are so many. */
  untoldMax: number;
}

/** How long an answer to how much waits is used again. */
const untoldMs = 2_000;

/**
 * Takes in no more than can be stored in a moment, and says when to come again: what is refused whole and early its sender keeps,
 * what is taken in and not stored is lost with the process.
 */
export class BackPressure {
  private inFlight = 0;
  private untold = 0;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limits: BackPressureLimits,
    private readonly countUntold: () => Promise<number>,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** @throws TooManyAtOnce (429) */
  async during<T>(count: number, work: () => Promise<T>): Promise<T> {
    const { inFlightMax, untoldMax } = this.limits;
    // One batch is always taken, or one that is larger than the limit never would be.
    if (this.inFlight > 0 && this.inFlight + count > inFlightMax) throw new TooManyAtOnce(1);
    this.inFlight += count;
    try {
      await this.look();
      if (this.untold > untoldMax) throw new TooManyAtOnce(30);
      return await work();
    } finally {
      this.inFlight -= count;
    }
  }

  private async look(): Promise<void> {
    const now = this.monotonicMs();
    if (now - this.askedAt < untoldMs) return;
    this.askedAt = now;
    this.untold = await this.countUntold();
  }
}
