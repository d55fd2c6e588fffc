/** By what a message leaves. `log` is the sink of a demonstration: it sends nothing. */
export const channelNames = ['email', 'sms', 'push', 'webhook', 'log'] as const;
export type ChannelName = (typeof channelNames)[number];

/** One message as a channel takes it: written out, in one language, to one address. */
export interface OutgoingMessage {
  /** Id of the decision: the same at each attempt, so that a provider that knows repeats refuses the second. */
  decisionId: string;
  /** An address, a number, whose browsers a push goes to, or the id of a webhook. */
  to: string;
  language: 'fr' | 'en';
  subject?: string;
  text: string;
  html?: string;
  calendar?: CalendarPart;
  links?: { unsubscribe?: string };
  /** From 1. */
  attempt: number;
}

/** An appointment for a calendar, RFC 5546: one uid for ever, a sequence that rises. */
export interface CalendarPart {
  method: 'REQUEST' | 'CANCEL';
  uid: string;
  sequence: number;
  /** RFC 3339, UTC. */
  start: string;
  end: string;
  /** IANA name of the practice's zone. */
  zone: string;
  title: string;
  place?: string;
  organizer: string;
  attendee: string;
}

/** What came of one attempt. Every failure says of what class it is, as that decides whether it is tried again. */
export type SendOutcome =
  | {
      state: 'sent';
      providerId?: string;
      /** Of an SMS. */
      parts?: number;
      /** In thousandths of a euro. */
      cost?: number;
    }
  | {
      state: 'failed';
      class: 'temporary' | 'permanent-address' | 'permanent-content' | 'configuration' | 'rate-limited';
      /** Of the provider, for the ledger: never the message, nor whom it went to. */
      text: string;
      retryAfterSeconds?: number;
      /** It may have left all the same: nobody answered, or the connection broke. No other provider is tried, and a repeat looks first. */
      isUncertain?: boolean;
      /** It says nothing of the provider: another recipient may well be reached. */
      isAboutRecipient?: boolean;
    };

/** One way out at one provider. `send` does not throw for what a provider answers; whoever calls it ends it by the signal. */
export interface Channel {
  readonly name: ChannelName;
  readonly provider: string;
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * What became of a message that a process began to send before it died, or whose provider did not answer. Left out, or undefined: the
   * provider cannot tell, and the message is sent again under the same id.
   */
  find?(decisionId: string, signal: AbortSignal): Promise<SendOutcome | 'not-sent' | undefined>;
}
