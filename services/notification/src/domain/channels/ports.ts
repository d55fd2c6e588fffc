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
