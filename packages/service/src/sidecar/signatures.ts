import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CloudEvent } from './cloud-event.js';

/** What of an event is signed: all that a receiver acts on. */
export type SignedPart = Pick<CloudEvent, 'id' | 'source' | 'type' | 'data'> & {
  time?: string;
  partitionkey?: string;
  signature?: string;
};

/**
 * The keys with which processes sign what they tell: each has its own, and who hears it has that one too. So an event is
 * known to come from its teller whatever way it took, and whoever reaches the broker or a sidecar cannot make one up.
 */
export class EventKeys {
  /** By the process that tells; the first of each signs, the others are still believed. */
  constructor(private keys: ReadonlyMap<string, readonly string[]>) {}

  /** From now on these sign and are believed, and no others. */
  replace(keys: ReadonlyMap<string, readonly string[]>): void {
    this.keys = keys;
  }

  has(teller: string): boolean {
    return this.keys.has(teller);
  }

  /**
   * Signs with HMAC-SHA-256 (RFC 2104) over the topic and what a receiver acts on, as base64url.
   * @throws Error when the key of the event's source is not known
   */
  sign(topic: string, event: SignedPart): string {
    const [key] = this.keys.get(event.source) ?? [];
    if (!key) throw new Error(`there is no key to sign what ${event.source} tells`);
    return hmac(key, topic, event).toString('base64url');
  }

  /** True when the event was told on this topic, as it is, by the process that it names. */
  isGenuine(topic: string, event: SignedPart): boolean {
    if (!event.signature) return false;
    const signature = Buffer.from(event.signature, 'base64url');
    return (this.keys.get(event.source) ?? []).some((key) => {
      const right = hmac(key, topic, event);
      return right.length === signature.length && timingSafeEqual(right, signature);
    });
  }
}

function hmac(key: string, topic: string, event: SignedPart): Buffer {
  const { id, source, type, time, partitionkey, data } = event;
  const content = [topic, id, source, type, time ?? null, partitionkey ?? null, inOrder(data)];
  return createHmac('sha256', key).update(JSON.stringify(content)).digest();
}

/** The same value whatever order its properties came in, as databases and sidecars keep none (RFC 8785, 3.2.3). */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, inOrder(each)]));
}
