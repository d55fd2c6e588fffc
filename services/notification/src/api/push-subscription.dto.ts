import type { KeptSubscription } from '../domain/channels/ports.js';
import type { Instant, Uuid } from './common.dto.js';

/** As `PushSubscription.toJSON()` gives them. */
export interface PushKeysDto {
  /**
   * Public key of the browser (P-256), base64url.
   * @maxLength 100
   */
  p256dh: string;
  /**
   * 16 bytes, base64url.
   * @maxLength 40
   */
  auth: string;
}

export interface PushSubscriptionRequest {
  /**
   * Address at the browser's push service.
   * @maxLength 2000
   */
  endpoint: string;
  keys: PushKeysDto;
  /**
   * The key that the browser subscribed with.
   * @maxLength 100
   */
  vapidKey: string;
}

export interface PushSubscriptionResponse {
  id: Uuid;
  /**
   * Host of the push service.
   * @example "updates.push.services.mozilla.com"
   */
  service: string;
  /**
   * SHA-256 of its address there, base64url: by it a browser finds itself.
   * @example "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
   */
  fingerprint: string;
  createdAt: Instant;
}

export interface PushSubscriptionList {
  /** What a browser subscribes with (`applicationServerKey`), base64url; absent where nothing is pushed. */
  publicKey?: string;
  items: PushSubscriptionResponse[];
}

export const toPushSubscriptionResponse = ({
  id,
  service,
  fingerprint,
  createdAt,
}: KeptSubscription): PushSubscriptionResponse => ({
  id,
  service,
  fingerprint,
  createdAt: createdAt.toISOString(),
});
