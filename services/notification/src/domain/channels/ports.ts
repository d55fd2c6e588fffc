import type { PushKeys } from './push-keys.js';
import type { SigningKey } from './webhook-signature.js';

export interface PushSubscription {
  endpoint: string;
  keys: PushKeys;
  /** The public key it was made with: another one is refused for ever. */
  vapidKey: string;
}

/** Where subscriptions are kept. */
export interface PushSubscriptions {
  find(id: string): Promise<PushSubscription | undefined>;
  /** It will never be reached again. */
  drop(id: string, why: 'gone' | 'key-replaced' | 'no-keys'): Promise<void>;
}

/** Whoever is pushed to may have several browsers. */
export interface SubscribedBrowsers {
  /** Ids of the subscriptions of somebody; none: they are not reached so. */
  idsOf(patientId: string): Promise<string[]>;
}

/** A subscription as whoever made it sees it. */
export interface KeptSubscription {
  id: string;
  /** Host of the push service: by it people tell their browsers. */
  service: string;
  /** SHA-256 of its address there, base64url. */
  fingerprint: string;
  createdAt: Date;
}

export interface PushSubscriptionStore extends PushSubscriptions, SubscribedBrowsers {
  /** The newest first. */
  listOf(patientId: string): Promise<KeptSubscription[]>;
  /** Of a browser that is known it takes the place of what is kept; of more than twenty the oldest go. */
  keep(id: string, patientId: string, subscription: PushSubscription, now: Date): Promise<KeptSubscription>;
  /** @returns whether there was such a one of theirs */
  end(id: string, patientId: string): Promise<boolean>;
}

export interface WebhookEndpoint {
  url: string;
  /** One, or two while one replaces the other. */
  keys: readonly SigningKey[];
}

/** Where endpoints are kept. */
export interface WebhookEndpoints {
  /** @returns undefined for one that is not there, or disabled */
  find(id: string): Promise<WebhookEndpoint | undefined>;
  /** It said that it wants nothing more (410); its owner is told. */
  disable(id: string): Promise<void>;
}
