import type { WebhookEndpoints } from '../channels/ports.js';
import type { Webhook, WebhookAttempt, WebhookDelivery } from './webhook.js';

export interface Webhooks extends WebhookEndpoints {
  /** By name. */
  all(): Promise<Webhook[]>;
  get(id: string): Promise<Webhook | undefined>;
  /** @throws TooManyWebhooks (409) */
  add(webhook: Webhook): Promise<void>;
  /** @returns undefined when there is none */
  change(id: string, decide: (current: Webhook) => Webhook): Promise<Webhook | undefined>;
  /** With what was told to it. @returns whether there was one */
  remove(id: string): Promise<boolean>;
}

/** The last of a page: the newest come first. */
export type AfterDelivery = [createdAt: number, id: string];

export interface Deliveries {
  /** One more than `limit` when there are more. */
  list(webhookId: string, limit: number, after?: AfterDelivery): Promise<WebhookDelivery[]>;
  /** Lets one leave again under its own id. @returns undefined when there is none */
  replay(webhookId: string, id: string, now: Date): Promise<WebhookDelivery | undefined>;
}

/** A delivery that is this process's to carry out, until the lease ends. */
export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  body: string;
  /** How often it was tried since it was made, or asked for again. */
  attempts: number;
}

export interface DueDeliveries {
  claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<ClaimedDelivery[]>;
  /** Stores what came of it, unless the lease has ended meanwhile. */
  finish(
    id: string,
    result: { state: WebhookDelivery['state']; nextAt?: Date; attempt: WebhookAttempt },
    lease: string,
  ): Promise<void>;
  /** Gives back what was not begun. */
  release(lease: string): Promise<void>;
  /** What is over, and was made before then. */
  forget(before: Date): Promise<void>;
}
