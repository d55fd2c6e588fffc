import { Unavailable } from '@cabinet/kit';

const lookMs = 20;
/** With fewer under way it is not the requests that keep the process from its work, and holding them back would not help. */
const underWayMin = 200;
const waitMsMax = 500;

/**
 * Lets requests wait, and refuses them early, while this process cannot keep up: so what it has begun is answered in time,
 * and those who ask again at once do not take the time of those who are served. How far it is behind shows in how late a
 * timer comes.
 */
export class LoadShedder {
  private lagMs = 0;
  private underWay = 0;
  /** In the order of their arrival. */
  private readonly waiting = new Set<() => void>();
  private timer?: NodeJS.Timeout;

  /** @param lagMsMax requests wait while the process is later than this. */
  constructor(
    private readonly lagMsMax: number,
    private readonly waitMs = waitMsMax,
  ) {}

  start(): void {
    let expectedAt = performance.now() + lookMs;
    this.timer = setInterval(() => {
      const now = performance.now();
      this.note(now - expectedAt);
      expectedAt = now + lookMs;
    }, lookMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  note(lateMs: number): void {
    // Up at once and down slowly, so that a moment's rest does not let everybody in.
    this.lagMs = Math.max(lateMs, this.lagMs * 0.8);
  }

  /**
   * Each that has entered has to leave.
   * @returns a promise only when there is a wait; it rejects with Unavailable after half a second, for sign-ins after two.
   */
  enter(isSignIn = false): Promise<void> | undefined {
    if (this.lagMs > this.lagMsMax && this.underWay >= underWayMin) return this.wait(isSignIn);
    this.underWay += 1;
    return undefined;
  }

  leave(): void {
    this.underWay -= 1;
    const [next] = this.waiting;
    if (next && this.underWay < underWayMin) next();
  }

  private wait(isSignIn: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => {
          this.waiting.delete(enter);
          reject(overloaded);
        },
        isSignIn ? 4 * this.waitMs : this.waitMs,
      );
      const enter = () => {
        clearTimeout(limit);
        this.waiting.delete(enter);
        this.underWay += 1;
        resolve();
      };
      this.waiting.add(enter);
    });
  }
}

// One for all: what an error costs to make, most of all its stack, would be taken from those who are served.
const overloaded = new Unavailable('GATEWAY.OVERLOADED', 'More comes in than can be answered', {
  detail: 'Nothing was changed. Try again shortly.',
  retryAfterSeconds: 1,
});
