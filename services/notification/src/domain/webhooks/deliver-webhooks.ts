import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import type { Channel, SendOutcome } from '../channel.js';
import { retryAfterSeconds } from '../channels/retries.js';
import { day } from '../time/zoned-time.js';
import type { ClaimedDelivery, DueDeliveries } from './ports.js';

/** Deliveries that are taken at once, and of these those that are on their way at the same time. */
const [batch, atOnce] = [64, 16];
const leaseMs = 120_000;
/** What is over is kept so long, for who looks at what was told, or wants it again. */
const keptMs = 30 * day;

/** Tells webhooks what is due, each delivery in one process at a time, for three days at most. */
export class DeliverWebhooks {
  constructor(
    private readonly deliveries: DueDeliveries,
    private readonly channel: Pick<Channel, 'send'>,
    private readonly clock: Clock,
    /** Told of what went wrong with one delivery; never with what is in it. */
    private readonly failed: (error: unknown, deliveryId: string) => void,
  ) {}

  /** All that is due now. @param stopping ends it between two deliveries */
  async run(stopping?: AbortSignal): Promise<void> {
    await this.deliveries.forget(new Date(this.clock.now().getTime() - keptMs));
    while (!stopping?.aborted) {
      const lease = { id: newId(), ms: leaseMs };
      const claimed = await this.deliveries.claim(this.clock.now(), batch, lease);
      if (claimed.length === 0) return;
      const queue = claimed.values();
      const work = async () => {
        for (const delivery of queue) {
          if (stopping?.aborted) return;
          await this.one(delivery, lease.id);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      if (stopping?.aborted) await this.deliveries.release(lease.id);
    }
  }

  private async one(delivery: ClaimedDelivery, lease: string): Promise<void> {
    try {
      const outcome = await this.send(delivery);
      await this.deliveries.finish(delivery.id, this.resultOf(outcome, delivery.attempts + 1), lease);
    } catch (error) {
      // It is taken up again when the lease has ended, under the same id.
      this.failed(error, delivery.id);
    }
  }

  private send({ id, webhookId, body, attempts }: ClaimedDelivery): Promise<SendOutcome> {
    const message = { decisionId: id, to: webhookId, language: 'en', text: body, attempt: attempts + 1 } as const;
    return this.channel.send(message, AbortSignal.timeout(leaseMs / 2));
  }

  private resultOf(outcome: SendOutcome, attempts: number) {
    const at = this.clock.now();
    if (outcome.state === 'sent') return { state: 'sent' as const, attempt: { at } };
    const seconds = retryAfterSeconds('webhook', attempts, outcome, Math.random());
    const attempt = { at, failure: { class: outcome.class, text: outcome.text } };
    return seconds === undefined
      ? { state: 'failed' as const, attempt }
      : { state: 'planned' as const, nextAt: new Date(at.getTime() + seconds * 1_000), attempt };
  }
}
