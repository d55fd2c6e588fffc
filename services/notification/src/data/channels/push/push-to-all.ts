import type { Channel, OutgoingMessage } from '../../../domain/channel.js';
import type { SubscribedBrowsers } from '../../../domain/channels/ports.js';
import { type ChannelOutcome, failed } from '../outcome.js';

/** A message to somebody goes to each of their browsers. It is sent once one has it: whoever is asked again has it twice. */
export class PushToAll implements Channel {
  readonly name = 'push';
  readonly provider = 'web-push';

  constructor(
    private readonly browser: Pick<Channel, 'send'>,
    private readonly subscribed: SubscribedBrowsers,
  ) {}

  /** @param message `to` whom */
  async send(message: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    const ids = await this.subscribed.idsOf(message.to);
    const outcomes = await Promise.all(ids.map((to) => this.browser.send({ ...message, to }, signal)));
    const isLasting = (outcome: ChannelOutcome) => outcome.state === 'failed' && outcome.class.startsWith('permanent');
    return (
      outcomes.find(({ state }) => state === 'sent') ??
      outcomes.find((outcome) => !isLasting(outcome)) ??
      outcomes[0] ??
      failed('permanent-address', 'no browser is subscribed')
    );
  }
}
