import { LockedOut } from './errors.js';
import { type LockoutPolicy, secondsLocked } from './lockout.js';
import type { AttemptSubject, FailedAttempts } from './ports.js';

/** @throws LockedOut (429) when any of the subjects has to wait */
export async function refuseWhileLocked(
  attempts: FailedAttempts,
  subjects: AttemptSubject[],
  now: Date,
): Promise<void> {
  const known = await attempts.read(subjects);
  const seconds = Math.max(0, ...known.map((each) => secondsLocked(each, now)));
  if (seconds > 0) throw new LockedOut(seconds);
}

/**
 * Counts an attempt before it is looked at: of many at once each sees those before. What was right is forgiven after.
 * @throws LockedOut (429) when the subject has to wait, and then nothing is counted
 */
export async function countOrRefuse(
  attempts: FailedAttempts,
  subject: AttemptSubject,
  policy: LockoutPolicy,
  now: Date,
): Promise<void> {
  const seconds = await attempts.countUnlessLocked(subject, policy, now);
  if (seconds > 0) throw new LockedOut(seconds);
}
