import type { ChannelName, SendOutcome } from '../channel.js';
import type { FailureClass } from './receipt.js';

export interface RetrySchedule {
  /** Seconds from one try to the next; after the last one it has failed. Whoever was asked to wait longer waits longer. */
  readonly afterSeconds: readonly number[];
  readonly retried: readonly FailureClass[];
}

const [minute, hour] = [60, 3_600];
const passing: readonly FailureClass[] = ['temporary', 'rate-limited'];

/**
 * When what failed is tried again. An endpoint that is set up wrongly (a redirect, a firewall's page, a signature that it does not
 * know) is its owner's to mend within three days, as Standard Webhooks 1.0 asks; elsewhere a wrong setting is ours, and fails at once.
 */
export const retrySchedules: Readonly<Record<ChannelName, RetrySchedule>> = {
  // Greylisting lasts minutes, a relay that is away hours; a message to a patient is stale before mail servers give up.
  email: { afterSeconds: [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour], retried: passing },
  sms: { afterSeconds: [minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour], retried: passing },
  push: { afterSeconds: [minute, 5 * minute, 30 * minute, 2 * hour], retried: passing },
  webhook: {
    afterSeconds: [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 21 * hour],
    retried: [...passing, 'configuration'],
  },
  log: { afterSeconds: [], retried: [] },
};

/**
 * Seconds until the next try of what failed in try number `attempt` (from 1), or undefined when there is none.
 * @param chance from 0 to 1: up to a tenth is added, so that what failed together does not come back together
 */
export function retryAfterSeconds(
  channel: ChannelName,
  attempt: number,
  outcome: Extract<SendOutcome, { state: 'failed' }>,
  chance: number,
): number | undefined {
  const { afterSeconds, retried } = retrySchedules[channel];
  const planned = afterSeconds[attempt - 1];
  if (planned === undefined || !retried.includes(outcome.class)) return undefined;
  return Math.max(Math.round(planned * (1 + chance / 10)), outcome.retryAfterSeconds ?? 0);
}
