/** What is known of failed attempts at one account or from one network address. */
export interface Attempts {
  failures: number;
  lastFailureAt: Date;
  lockedUntil?: Date;
}

export interface LockoutPolicy {
  /** Failures without consequence. */
  freeFailures: number;
  /** The first wait; it doubles with each further failure. */
  firstWaitMs: number;
  waitMsMax: number;
  /**
   * Time in which the count fades to nothing, evenly and from the end of the last wait: who waits for nothing else than the
   * next guess waits longer and longer, and failures that come now and then never add up.
   */
  forgetAfterMs: number;
}

const minutes = 60_000;

// Whoever signed in from the same device before is not held up by it (see sign-in.ts): else anybody could shut a colleague
// out all day by typing nonsense four times an hour.
export const accountPolicy: LockoutPolicy = {
  freeFailures: 5,
  firstWaitMs: 30_000,
  waitMsMax: 15 * minutes,
  forgetAfterMs: 24 * 60 * minutes,
};

// A practice often has one address for everybody in it, so an address may fail more often than an account.
export const addressPolicy: LockoutPolicy = {
  freeFailures: 30,
  firstWaitMs: 30_000,
  waitMsMax: 15 * minutes,
  forgetAfterMs: 15 * minutes,
};

/** The attempts after one more failure at `now`. */
export function afterFailure(before: Attempts | undefined, policy: LockoutPolicy, now: Date): Attempts {
  const failures = (before ? remembered(before, policy, now) : 0) + 1;
  return { failures, lastFailureAt: now, lockedUntil: lockedUntil(failures, policy, now) };
}

function remembered({ failures, lastFailureAt, lockedUntil }: Attempts, { forgetAfterMs }: LockoutPolicy, now: Date) {
  const fadesFrom = Math.max(lastFailureAt.getTime(), lockedUntil?.getTime() ?? 0);
  const faded = Math.min(Math.max(0, now.getTime() - fadesFrom) / forgetAfterMs, 1);
  return Math.ceil(failures * (1 - faded));
}

function lockedUntil(failures: number, policy: LockoutPolicy, now: Date): Date | undefined {
  const beyond = failures - policy.freeFailures;
  if (beyond < 0) return undefined;
  const wait = Math.min(policy.firstWaitMs * 2 ** beyond, policy.waitMsMax);
  return new Date(now.getTime() + wait);
}

/** Seconds until the next attempt is looked at; 0 when it would be looked at now. */
export function secondsLocked(attempts: Attempts | undefined, now: Date): number {
  const until = attempts?.lockedUntil?.getTime() ?? 0;
  return Math.max(0, Math.ceil((until - now.getTime()) / 1_000));
}
