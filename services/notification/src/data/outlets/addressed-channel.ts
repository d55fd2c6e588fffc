import type { Clock } from '@cabinet/kit/clock';
import type { Channel, ChannelName, OutgoingMessage, SendOutcome } from '../../domain/channel.js';
import type { UnreachableAddresses } from '../../domain/channels/unreachable.js';

const toAddresses: readonly ChannelName[] = ['email', 'sms'];

/** A way out that remembers where a message went, by a digest, and marks the address that was refused for good. */
export class AddressedChannel implements Channel {
  readonly name: ChannelName;
  readonly provider: string;

  constructor(
    private readonly channel: Channel,
    private readonly addresses: Pick<UnreachableAddresses, 'noteAddress' | 'mark'>,
    private readonly clock: Clock,
  ) {
    this.name = channel.name;
    this.provider = channel.provider;
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    if (!toAddresses.includes(this.name)) return this.channel.send(message, signal);
    const { decisionId, to } = message;
    await this.addresses.noteAddress(decisionId, to);
    const outcome = await this.channel.send(message, signal);
    if (outcome.state === 'failed' && outcome.class === 'permanent-address') {
      await this.addresses.mark(decisionId, 'refused', outcome.text, this.clock.now());
    }
    return outcome;
  }

  async find(decisionId: string, signal: AbortSignal): Promise<SendOutcome | 'not-sent' | undefined> {
    return this.channel.find?.(decisionId, signal);
  }
}
