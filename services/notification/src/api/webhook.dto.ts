import { publicKeyOf } from '../domain/channels/webhook-signature.js';
import type { WithKey } from '../domain/webhooks/keep-webhooks.js';
import type { Webhook, WebhookDelivery } from '../domain/webhooks/webhook.js';
import type { Instant, Uuid } from './common.dto.js';

/** What a webhook may be told: ids and codes of visits, never names. */
export type WebhookTypeDto =
  | 'appointment.offered'
  | 'appointment.booked'
  | 'appointment.moved'
  | 'appointment.cancelled'
  | 'appointment.arrived'
  | 'appointment.completed'
  | 'appointment.missed'
  | 'appointment.reopened'
  | 'appointment.privacy-changed';

/** `hmac`: by a secret that its receiver has as well. `ed25519`: its receiver has a public key alone. */
export type SignedByDto = 'hmac' | 'ed25519';

export interface WebhookRequest {
  /**
   * Whose it is, for people.
   * @minLength 1
   * @maxLength 100
   */
  name: string;
  /**
   * An https address on the public internet. Redirects are not followed, and a page (HTML) is no answer.
   * @maxLength 1000
   * @example "https://hooks.laboratory.example/cabinet"
   */
  url: string;
  /** @maxItems 9 */
  types: WebhookTypeDto[];
  /** `hmac` when it is left out. */
  signedBy?: SignedByDto;
}

export interface WebhookResponse {
  id: Uuid;
  name: string;
  url: string;
  types: WebhookTypeDto[];
  signedBy: SignedByDto;
  /**
   * How many keys sign: two while one replaces the other.
   * @isInt
   */
  keys: number;
  /** `whpk_` and the key by which a receiver verifies, where it is public. */
  publicKey?: string;
  createdBy: string;
  createdAt: Instant;
  disabledAt?: Instant;
  /** `gone`: it answered 410, so it wants nothing more. */
  disabledWhy?: 'gone';
}

export interface WebhookWithSecretResponse extends WebhookResponse {
  /** `whsec_` and the secret by which a receiver verifies (Standard Webhooks 1.0), this once. */
  secret?: string;
}

export interface WebhookList {
  items: WebhookResponse[];
}

export interface WebhookFailureDto {
  class: 'temporary' | 'permanent-address' | 'permanent-content' | 'configuration' | 'rate-limited';
  text: string;
}

export interface WebhookAttemptDto {
  at: Instant;
  /** Absent: it was taken. */
  failure?: WebhookFailureDto;
}

export interface WebhookDeliveryResponse {
  /** `webhook-id`, the same at each attempt. */
  id: Uuid;
  type: string;
  state: 'planned' | 'sent' | 'failed';
  createdAt: Instant;
  /** Of one that is planned: when it is tried next. */
  nextAt?: Instant;
  attempts: WebhookAttemptDto[];
}

export interface WebhookDeliveryList {
  items: WebhookDeliveryResponse[];
  nextCursor?: string;
}

export function toWebhookResponse({ keys, createdAt, disabledAt, ...webhook }: Webhook): WebhookResponse {
  const [newest] = keys;
  return {
    ...webhook,
    keys: keys.length,
    publicKey: newest?.key.startsWith('whsk_') ? publicKeyOf(newest.key as `whsk_${string}`) : undefined,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString(),
  };
}

/** What is private of a pair of keys stays here. */
export const withSecret = ({ webhook, key }: WithKey): WebhookWithSecretResponse => ({
  ...toWebhookResponse(webhook),
  secret: key.startsWith('whsec_') ? key : undefined,
});

export const toDeliveryResponse = ({
  createdAt,
  nextAt,
  attempts,
  ...its
}: WebhookDelivery): WebhookDeliveryResponse => ({
  ...its,
  createdAt: createdAt.toISOString(),
  nextAt: nextAt?.toISOString(),
  attempts: attempts.map(({ at, failure }) => ({ at: at.toISOString(), failure })),
});
