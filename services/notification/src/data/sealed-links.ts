import type { Seal } from '@cabinet/service/seal';
import type { LinkTokens, Subscription } from '../domain/preferences/unsubscribe.js';

const label = 'unsubscribe';

/** Sealed, so that nobody sees in an address whose it is, nor makes one. */
export class SealedLinks implements LinkTokens {
  constructor(private readonly seal: Seal) {}

  write({ recipientId, topic, channel }: Subscription): string {
    return Buffer.from(this.seal.close(label, [recipientId, topic, channel]), 'base64').toString('base64url');
  }

  read(token: string): Subscription | undefined {
    const sealed = Buffer.from(token, 'base64url').toString('base64');
    const read = this.seal.open<[string, Subscription['topic'], Subscription['channel']]>(label, sealed);
    return read && { recipientId: read[0], topic: read[1], channel: read[2] };
  }
}
