import type { Channel, OutgoingMessage } from '../../../domain/channel.js';
import { readMobileNumber, senderProblem } from '../../../domain/channels/mobile-number.js';
import { type SmsText, smsText } from '../../../domain/channels/sms-text.js';
import { type ChannelOutcome, failed } from '../outcome.js';

export interface Sms extends SmsText {
  decisionId: string;
  /** By E.164. */
  to: string;
  sender: string;
  /** It may have left already, so the provider is asked for it first. */
  isRepeat: boolean;
}

/** A provider's HTTP API. None of them knows a message by our name for it, so what is sent twice arrives twice. */
export interface SmsProvider {
  readonly name: string;
  send(sms: Sms, signal: AbortSignal): Promise<ChannelOutcome>;
}

export interface SmsSettings {
  sender: string;
  /** Longer ones are a mistake of a template. */
  partsMax: number;
}

export class SmsChannel implements Channel {
  readonly name = 'sms';
  readonly provider: string;

  constructor(
    private readonly sms: SmsProvider,
    private readonly settings: SmsSettings,
  ) {
    this.provider = sms.name;
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<ChannelOutcome> {
    const { sender, partsMax } = this.settings;
    const problem = senderProblem(sender);
    if (problem) return failed('configuration', `the sender ${problem}`);
    const to = readMobileNumber(message.to);
    if ('fault' in to) return failed('permanent-address', `is no number for SMS: ${to.fault}`);
    const text = smsText(message.text);
    if (text.text.trim() === '' || /[^\P{Cc}\n]/u.test(text.text)) {
      return failed('permanent-content', 'is empty, or has control characters');
    }
    if (text.parts > partsMax) return failed('permanent-content', `takes ${text.parts} parts, more than ${partsMax}`);
    const { decisionId, attempt } = message;
    return this.sms.send({ ...text, decisionId, sender, to: to.number, isRepeat: attempt > 1 }, signal);
  }
}
