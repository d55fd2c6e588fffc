import type { SendOutcome } from '../channel.js';
import { retryAfterSeconds } from '../channels/retries.js';
import type { Decision } from '../decisions/decision.js';

type Failed = Extract<SendOutcome, { state: 'failed' }>;

/** What becomes of a message that did not leave. */
export type AfterFailure = Pick<Decision, 'state'> & Partial<Pick<Decision, 'nextAt' | 'hold'>>;

/**
 * Only what may pass is tried again, by the schedule of its channel, until that ends or it would be of no use. What somebody has to set
 * up is held.
 * @param chance from 0 to 1: which of those that failed together comes earlier
 */
export function afterFailure(
  failed: Failed,
  { channel, attempts }: Pick<Decision, 'channel' | 'attempts'>,
  now: Date,
  chance: number,
): AfterFailure {
  if (failed.class === 'configuration') return { state: 'held', hold: 'configuration' };
  const seconds = retryAfterSeconds(channel, attempts, failed, chance);
  return seconds === undefined
    ? { state: 'failed' }
    : { state: 'planned', nextAt: new Date(now.getTime() + seconds * 1_000) };
}
