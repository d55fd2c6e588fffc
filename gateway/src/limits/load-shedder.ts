import { Unavailable } from '@cabinet/kit';

const lookMs = 20;
/** With fewer under way it is not the requests that keep the process from its work, and refusing them would not help. */
const underWayMin = 100;

/**
 * Refuses requests early while this process cannot keep up: what is refused costs little, and what is accepted is answered
 * in time. How far it is behind shows in how late a timer comes.
 */
export class LoadShedder {
  private lagMs = 0;
  private underWay = 0;
  private timer?: NodeJS.Timeout;

  /** @param lagMsMax ordinary requests are refused while the process is later than this, and sign-ins at four times that. */
  constructor(private readonly lagMsMax: number) {}

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

  began(): void {
    this.underWay += 1;
  }

  ended(): void {
    this.underWay -= 1;
  }

  /** @throws Unavailable */
  assertCanTake(isSignIn: boolean): void {
    if (this.underWay < underWayMin) return;
    if (this.lagMs <= (isSignIn ? 4 * this.lagMsMax : this.lagMsMax)) return;
    throw new Unavailable('GATEWAY.OVERLOADED', 'More comes in than can be answered', {
      detail: 'Nothing was changed. Try again shortly.',
      retryAfterSeconds: 1,
    });
  }
}
