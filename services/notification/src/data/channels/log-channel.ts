import type { Channel, ChannelName, OutgoingMessage } from '../../domain/channel.js';
import type { Sent } from './outcome.js';

export interface MessageLog {
  info(fields: object, text: string): void;
}

/** Where a provider would be, in a demonstration: one line that says that a message would have left, and nothing of whom or what. */
export class LogChannel implements Channel {
  readonly provider = 'log';

  constructor(
    private readonly log: MessageLog,
    readonly name: ChannelName = 'log',
  ) {}

  async send({ decisionId, language, text, calendar, attempt }: OutgoingMessage): Promise<Sent> {
    const fields = { decisionId, channel: this.name, language, characters: text.length, attempt };
    this.log.info({ ...fields, ...(calendar && { calendar: calendar.method }) }, 'a message would leave here');
    return { state: 'sent', providerId: `log:${decisionId}` };
  }
}
