import type { Clock } from '@cabinet/kit/clock';
import type { Logger } from '@cabinet/kit/observe/log';
import type { FailedAttempts, Sessions } from '../domain/ports.js';
import type { SigningKeys } from './signing-keys.js';

export interface HousekeepingParts {
  keys: Pick<SigningKeys, 'load'>;
  sessions: Sessions;
  attempts: FailedAttempts;
  clock: Clock;
  log: Logger;
}

const hour = 60 * 60_000;
const day = 24 * hour;

/** Once an hour: takes up new signing keys, and forgets sessions and failed attempts that nothing depends on any more. */
export class Housekeeping {
  private readonly timer: NodeJS.Timeout;
  private running?: Promise<void>;

  constructor(private readonly parts: HousekeepingParts) {
    this.timer = setInterval(() => {
      this.running = this.run();
    }, hour);
    this.timer.unref();
  }

  async run(): Promise<void> {
    const { keys, sessions, attempts, clock, log } = this.parts;
    try {
      const now = clock.now().getTime();
      await keys.load();
      await sessions.forgetEnded(new Date(now - 7 * day));
      await attempts.forgetOlderThan(new Date(now - 2 * day));
    } catch (error) {
      log.warn({ err: error }, 'housekeeping did not finish; it is tried again in an hour');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
