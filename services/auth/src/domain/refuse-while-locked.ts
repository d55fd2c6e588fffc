import { LockedOut } from './errors.js';
import { secondsLocked } from './lockout.js';
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
