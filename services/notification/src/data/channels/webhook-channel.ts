import type { Clock } from '@cabinet/kit/clock';
import type { Channel, OutgoingMessage } from '../../domain/channel.js';
import type { WebhookEndpoints } from '../../domain/channels/ports.js';
import { webhookHeaders } from '../../domain/channels/webhook-signature.js';
import { failedByStatus, failedWithoutAnswer } from './http/failures.js';
import type { Outbound, OutboundAnswer } from './http/outbound.js';
import { type ChannelOutcome, failed } from './outcome.js';

/** Standard Webhooks 1.0 asks for less than 20 kB. */
const bodyBytesMax = 20_000;
const who = 'the endpoint';

/** Webhooks by Standard Webhooks 1.0. The decision is the id, so that what is sent again is known to have come. */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly provider = 'webhook';

  constructor(
    private readonly outbound: Outbound,
    private readonly endpoints: WebhookEndpoints,
    private readonly clock: Clock,
  ) {}

  async send({ decisionId, to, text: body }: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    const endpoint = await this.endpoints.find(to);
    if (!endpoint) return failed('permanent-address', `${who} is disabled`);
    if (endpoint.keys.length === 0 || !URL.canParse(endpoint.url))
      return failed('configuration', `${who} has no address or no key`);
    if (Buffer.byteLength(body) >= bodyBytesMax)
      return failed('permanent-content', `is larger than ${bodyBytesMax} bytes`);
    try {
      const answer = await this.outbound.send(
        {
          method: 'POST',
          url: new URL(endpoint.url),
          headers: {
            'content-type': 'application/json',
            ...webhookHeaders(decisionId, this.clock.now(), body, endpoint.keys),
          },
          body,
        },
        signal,
      );
      if (answer.status === 410) {
        await this.endpoints.disable(to);
        return failed('permanent-address', `${who} answered 410: it wants nothing more`);
      }
      return outcomeOf(answer, decisionId);
    } catch (error) {
      return failedWithoutAnswer(who, error);
    }
  }
}

function outcomeOf(answer: OutboundAnswer, decisionId: string): ChannelOutcome {
  const { status } = answer;
  if (status >= 300 && status < 400)
    return failed('configuration', `${who} answered ${status}: redirects are not followed`);
  // A firewall, or a page to sign in at, answers 200 in place of the endpoint.
  if (status < 300 && isPage(answer)) return failed('configuration', `${who} answered ${status} with a page (HTML)`);
  if (status >= 200 && status < 300) return { state: 'sent', providerId: `webhook:${decisionId}` };
  // Whatever else it refuses, its owner has three days to mend it.
  return status === 429 || status === 408 || status === 425 || status >= 500
    ? failedByStatus(who, answer)
    : failed('configuration', `${who} answered ${status}`);
}

const isPage = ({ headers, body }: OutboundAnswer): boolean =>
  /^(?:text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '') ||
  /^\s*<(?:!doctype html|html)\b/i.test(body);
