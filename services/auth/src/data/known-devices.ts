import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KnownDevices } from '../domain/ports.js';

const bytes = 16;
/** People who share a browser and are remembered in it. */
const accountsMax = 8;
const pattern = /^[\w-]{22}(\.[\w-]{22}){1,8}$/;

/**
 * A device keeps an id of its own and, for each account that signed in from it, a keyed digest of both: so nothing is stored
 * here, no device can claim an account, and one that is stolen opens nothing.
 */
export class SignedDevices implements KnownDevices {
  constructor(private readonly key: Buffer) {}

  deviceOf(kept: string | undefined, email: string): string | undefined {
    const [id = '', ...tags] = read(kept);
    const wanted = this.tag(id, email);
    const isKnown = tags.filter((tag) => timingSafeEqual(Buffer.from(tag), Buffer.from(wanted))).length > 0;
    return isKnown ? id : undefined;
  }

  remember(kept: string | undefined, email: string): string {
    const [id = randomBytes(bytes).toString('base64url'), ...tags] = read(kept);
    const tag = this.tag(id, email);
    return [id, tag, ...tags.filter((other) => other !== tag)].slice(0, accountsMax + 1).join('.');
  }

  private tag(id: string, email: string): string {
    return createHmac('sha256', this.key).update(`${id} ${email}`).digest().subarray(0, bytes).toString('base64url');
  }
}

const read = (kept: string | undefined): string[] => (kept && pattern.test(kept) ? kept.split('.') : []);
