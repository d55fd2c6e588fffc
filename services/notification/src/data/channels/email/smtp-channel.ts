import type { Clock } from '@cabinet/kit/clock';
import type { Channel, OutgoingMessage } from '../../../domain/channel.js';
import type { ChannelOutcome } from '../outcome.js';
import { composeMail, type MailSender } from './mail.js';
import { type SmtpConnections, SmtpFailure } from './smtp-connections.js';
import { smtpOutcome } from './smtp-failures.js';

/**
 * E-mail by a relay. That the relay has taken a mail is `sent`, never more: whether it arrives is told by reports that may come days later
 * (receipts/mail-report.ts), which name the provider's id that is given here.
 */
export class SmtpChannel implements Channel {
  readonly name = 'email';
  readonly provider = 'smtp';

  constructor(
    private readonly connections: SmtpConnections,
    private readonly sender: MailSender,
    private readonly clock: Clock,
  ) {}

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    const mail = await composeMail(message, this.sender, this.clock.now());
    if ('state' in mail) return mail;
    try {
      const named = await this.connections.send(mail, signal);
      return { state: 'sent', providerId: `smtp:${named ?? mail.messageId}`, parts: 1 };
    } catch (error) {
      if (error instanceof SmtpFailure) return smtpOutcome(error);
      throw error;
    }
  }
}
