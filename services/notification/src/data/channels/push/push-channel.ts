import { createHash } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import type { Channel, OutgoingMessage } from '../../../domain/channel.js';
import type { PushSubscriptions } from '../../../domain/channels/ports.js';
import { arePushKeys } from '../../../domain/channels/push-keys.js';
import { failedByStatus, failedWithoutAnswer } from '../http/failures.js';
import type { Outbound } from '../http/outbound.js';
import { type ChannelOutcome, failed } from '../outcome.js';
import { encryptForBrowser, payloadBytesMax } from './encryption.js';
import { type VapidKey, vapidAuthorization } from './vapid.js';

export interface PushSettings {
  /** The first for new subscriptions; the others as long as subscriptions made with them are kept. */
  keys: readonly VapidKey[];
  /** `mailto:` or https. */
  subject: string;
  /** Seconds for which a push service keeps what it cannot deliver at once. */
  ttlSeconds: number;
}

const who = 'the push service';

/**
 * Web push (RFC 8030, 8291, 8292). What is pushed shows on a locked screen, so it says no more than the message does: that there is
 * something to read. The same decision replaces itself, by its Topic, as long as it waits at the push service.
 */
export class PushChannel implements Channel {
  readonly name = 'push';
  readonly provider = 'web-push';

  constructor(
    private readonly outbound: Outbound,
    private readonly subscriptions: PushSubscriptions,
    private readonly settings: PushSettings,
    private readonly clock: Clock,
  ) {}

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    const subscription = await this.subscriptions.find(message.to);
    if (!subscription) return failed('permanent-address', 'the browser is no longer subscribed');
    const key = this.settings.keys.find(({ publicKey }) => publicKey === subscription.vapidKey);
    if (!key || !arePushKeys(subscription.keys)) {
      await this.subscriptions.drop(message.to, key ? 'no-keys' : 'key-replaced');
      return failed('permanent-address', 'the subscription was made with keys that are used no more, or are none');
    }
    const { decisionId, subject: title, text: body, language } = message;
    const payload = Buffer.from(JSON.stringify({ id: decisionId, title, body, language }));
    if (payload.length > payloadBytesMax) return failed('permanent-content', `is larger than ${payloadBytesMax} bytes`);
    if (!URL.canParse(subscription.endpoint)) return failed('permanent-address', 'the subscription has no address');
    const url = new URL(subscription.endpoint);
    try {
      const answer = await this.outbound.send(
        {
          method: 'POST',
          url,
          headers: {
            authorization: vapidAuthorization(key, url.origin, this.settings.subject, this.clock.now()),
            'content-encoding': 'aes128gcm',
            'content-type': 'application/octet-stream',
            ttl: String(this.settings.ttlSeconds),
            urgency: 'normal',
            topic: createHash('sha256').update(decisionId).digest('base64url').slice(0, 32),
          },
          body: encryptForBrowser(payload, subscription.keys),
        },
        signal,
      );
      if (answer.status >= 200 && answer.status < 300) return { state: 'sent', providerId: `web-push:${decisionId}` };
      if (answer.status === 404 || answer.status === 410) {
        await this.subscriptions.drop(message.to, 'gone');
        return failed('permanent-address', `${who} answered ${answer.status}: the browser is no longer subscribed`);
      }
      // Of all others a wrong key or subject is the reason (400, 401, 403), or a redirect.
      return failedByStatus(who, answer.status === 400 ? { ...answer, status: 403 } : answer);
    } catch (error) {
      return failedWithoutAnswer(who, error);
    }
  }
}
