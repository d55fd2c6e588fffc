import { createHmac } from 'node:crypto';
import type { Claim, IdempotencyKey, IdempotencyStore, KeptAnswer } from './idempotency.js';

/**
 * Keys the digest of a request body before it is kept: where bodies hold secrets (passwords, what opens a calendar), a plain
 * digest of one could be tried against guesses by whoever reads the table.
 */
export class KeyedIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly digestKey: Buffer,
  ) {}

  claim(key: IdempotencyKey, bodyHash: string): Promise<Claim> {
    return this.store.claim(key, createHmac('sha256', this.digestKey).update(bodyHash).digest('hex'));
  }

  complete(key: IdempotencyKey, answer: KeptAnswer): Promise<void> {
    return this.store.complete(key, answer);
  }

  release(key: IdempotencyKey): Promise<void> {
    return this.store.release(key);
  }
}
