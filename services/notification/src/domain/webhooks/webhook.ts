import type { SendOutcome } from '../channel.js';
import type { WebhookEndpoint } from '../channels/ports.js';
import type { SigningKey } from '../channels/webhook-signature.js';

/** What may be told to programs of others: ids and codes, as other services hear them. */
export const tellable = [
  'appointment.offered',
  'appointment.booked',
  'appointment.moved',
  'appointment.cancelled',
  'appointment.arrived',
  'appointment.completed',
  'appointment.missed',
  'appointment.reopened',
  'appointment.privacy-changed',
] as const;
export type Tellable = (typeof tellable)[number];

export const isTellable = (type: string): type is Tellable => (tellable as readonly string[]).includes(type);

export type SignedBy = 'hmac' | 'ed25519';

export interface WebhookKey {
  key: SigningKey;
  /** Of one that was replaced: until when it signs as well. */
  until?: Date;
}

/** A program of others, that wants to know. */
export interface Webhook {
  id: string;
  name: string;
  url: string;
  types: Tellable[];
  signedBy: SignedBy;
  /** The newest first; two while one replaces the other. */
  keys: WebhookKey[];
  createdBy: string;
  createdAt: Date;
  disabledAt?: Date;
  /** `gone`: it said that it wants nothing more (410). */
  disabledWhy?: 'gone';
}

/** So long a key signs beside the one that replaces it. */
const besideMs = 24 * 3_600_000;

export const keysAt = ({ keys }: Pick<Webhook, 'keys'>, now: Date): WebhookEndpoint['keys'] =>
  keys.filter(({ until }) => !until || until > now).map(({ key }) => key);

/** The same with a new key. That of before signs for a day more, and the one before that no longer. */
export function withNewKey(webhook: Webhook, key: SigningKey, now: Date): Webhook {
  const [before] = webhook.keys;
  const beside = before ? [{ key: before.key, until: new Date(now.getTime() + besideMs) }] : [];
  return { ...webhook, keys: [{ key }, ...beside] };
}

export interface WebhookAttempt {
  at: Date;
  /** Absent: it was taken. */
  failure?: Pick<Extract<SendOutcome, { state: 'failed' }>, 'class' | 'text'>;
}

/** What is told to one webhook. By its id the receiver knows it again, however often it comes. */
export interface WebhookDelivery {
  id: string;
  type: string;
  state: 'planned' | 'sent' | 'failed';
  createdAt: Date;
  /** Of one that is planned. */
  nextAt?: Date;
  /** In their order. */
  attempts: WebhookAttempt[];
}
