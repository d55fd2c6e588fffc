import { createHmac } from 'node:crypto';
import { deriveKey } from '@cabinet/service/seal';
import { inOneForm } from '../domain/channels/reach.js';

/** By these an address is known again, and never read. */
export class AddressDigests {
  private readonly keys: readonly Buffer[];

  /** @param secrets the newest first: it makes the digest that is kept, and by all of them one is known */
  constructor(secrets: readonly string[]) {
    this.keys = secrets.map((secret) => deriveKey('notification', secret, 'addresses'));
  }

  /** By each secret, the newest first. */
  of(address: string): string[] {
    const its = inOneForm(address);
    return this.keys.map((key) => createHmac('sha256', key).update(its).digest('base64url'));
  }
}
