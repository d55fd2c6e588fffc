import type { Clock } from '@cabinet/kit/clock';
import { NoSuchCode } from './errors.js';
import { addressPolicy } from './lockout.js';
import type { OneTimeCode } from './one-time-code.js';
import type { Codes, FailedAttempts } from './ports.js';
import { refuseWhileLocked } from './refuse-while-locked.js';

/** Finds what a code is for. Guesses count against the network address they come from, like failed sign-ins. */
export class UseCodes {
  constructor(
    private readonly codes: Codes,
    private readonly attempts: FailedAttempts,
    private readonly clock: Clock,
  ) {}

  /** @throws NoSuchCode (401) for one that was never made, was used, replaced or has run out; LockedOut (429) */
  async find(code: string, address: string): Promise<OneTimeCode> {
    const now = this.clock.now();
    const subject = this.attempts.addressSubject(address);
    await refuseWhileLocked(this.attempts, [subject], now);
    const found = await this.codes.find(code, now);
    if (found) return found;
    await this.countGuess(address);
    throw new NoSuchCode();
  }

  countGuess(address: string): Promise<void> {
    return this.attempts.countFailure(this.attempts.addressSubject(address), addressPolicy, this.clock.now());
  }
}
