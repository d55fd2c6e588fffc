import type { Logger } from '@cabinet/kit/observe/log';
import type { Channel, ChannelName, SendOutcome } from '../../domain/channel.js';

/** For a demonstration: takes every message and sends none. The log says so, and not what is in it. */
export class LogChannel implements Channel {
  readonly provider = 'log';

  constructor(
    readonly name: ChannelName,
    private readonly log: Logger,
  ) {}

  async send({ decisionId, attempt }: { decisionId: string; attempt: number }): Promise<SendOutcome> {
    this.log.info(
      { notificationId: decisionId, channel: this.name, attempt },
      'a message of a demonstration is not sent',
    );
    return { state: 'sent', providerId: decisionId };
  }
}
