import type { Socket } from 'node:net';
import { Unavailable } from '@cabinet/kit/errors';

const lookMs = 20;
/** With fewer under way it is not the requests that keep the process from its work, and holding them back would not help. */
const underWayMin = 200;
const waitMsMax = 500;
/** With so many under way, and no rest, what comes next on a connection waits unread. */
const readUnderWayMax = 64;
/** The part of its time that the event loop works from which on it has no rest. */
const restlessUtilization = 0.9;

/**
 * Lets requests wait, and refuses them early, while this process cannot keep up: so what it has begun is answered in time,
 * and those who ask again at once do not take the time of those who are served. How far it is behind shows in how late a
 * timer comes, and that it has no rest in how its event loop is used: then it reads no more than it can do.
 */
export class LoadShedder {
  private lagMs = 0;
  private underWay = 0;
  /** In the order of their arrival. */
  private readonly waiting = new Set<() => void>();
  /** Connections whose next request waits unread, in the order in which they were last answered. */
  private readonly unread = new Set<Socket>();
  private isRestless = false;
  private timer?: NodeJS.Timeout;

  /** @param lagMsMax requests wait while the process is later than this. */
  constructor(
    private readonly lagMsMax: number,
    private readonly waitMs = waitMsMax,
  ) {}

  start(): void {
    let expectedAt = performance.now() + lookMs;
    let used = performance.eventLoopUtilization();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.note(now - expectedAt, performance.eventLoopUtilization(used).utilization);
      expectedAt = now + lookMs;
      used = performance.eventLoopUtilization();
    }, lookMs).unref();
  }

  /** Holds nobody back from now on. */
  stop(): void {
    clearInterval(this.timer);
    this.lagMs = 0;
    this.note(0, 0);
  }

  /** @param utilization the part of its time that the event loop worked */
  note(lateMs: number, utilization: number): void {
    // Up at once and down slowly, so that a moment's rest does not let everybody in.
    this.lagMs = Math.max(lateMs, this.lagMs * 0.8);
    this.isRestless = utilization > restlessUtilization;
    this.readOn(this.isRestless ? readUnderWayMax - this.underWay : this.unread.size);
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

  /**
   * @param connection that was answered and may bring another request. It waits its turn: unread in the system a request
   * costs nothing, but read it takes memory, and to collect that takes the time of those who are served.
   */
  leave(connection?: Socket): void {
    this.underWay -= 1;
    const [next] = this.waiting;
    if (next && this.underWay < underWayMin) next();
    if (this.underWay < readUnderWayMax) {
      if (this.unread.size > 0) this.readOn(1);
    } else if (connection && this.isRestless) {
      this.unread.add(connection.pause());
    }
  }

  private readOn(most: number): void {
    let left = most;
    for (const connection of this.unread) {
      if (left <= 0) return;
      left -= 1;
      this.unread.delete(connection);
      connection.resume();
    }
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
