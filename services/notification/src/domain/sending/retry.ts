import type { SendOutcome } from '../channel.js';
import type { Decision } from '../decisions/decision.js';
import { minute } from '../time/zoned-time.js';

type Failed = Extract<SendOutcome, { state: 'failed' }>;

/** Pauses after the first, second … attempt, in minutes; the last goes on. */
const pauses = [1, 2, 5, 15, 30, 60];

/** What becomes of a message that did not leave. */
export type AfterFailure = Pick<Decision, 'state'> & Partial<Pick<Decision, 'nextAt' | 'hold'>>;

/**
 * Only what may pass is tried again, with pauses that grow, until it would be of no use. What somebody has to set up is held.
 * @param spread from 0 to 1: which of those that failed together comes earlier
 */
export function afterFailure(
  failed: Failed,
  { attempts }: Pick<Decision, 'attempts'>,
  now: Date,
  spread: number,
): AfterFailure {
  switch (failed.class) {
    case 'temporary':
    case 'rate-limited': {
      const pause = (pauses[Math.min(Math.max(attempts, 1), pauses.length) - 1] ?? 60) * minute * (0.8 + spread * 0.4);
      const asked = (failed.retryAfterSeconds ?? 0) * 1_000;
      return { state: 'planned', nextAt: new Date(now.getTime() + Math.max(pause, asked)) };
    }
    case 'configuration':
      return { state: 'held', hold: 'configuration' };
    case 'permanent-address':
    case 'permanent-content':
      return { state: 'failed' };
    default:
      return failed.class satisfies never;
  }
}
