import type { Clock } from '@cabinet/kit/clock';
import { failedByStatus, failedWithoutAnswer, retryAfterSecondsOf } from '../http/failures.js';
import { jsonOf } from '../http/json.js';
import type { Outbound, OutboundAnswer } from '../http/outbound.js';
import { type ChannelOutcome, type Failed, failed } from '../outcome.js';
import type { Sms, SmsProvider } from './sms-channel.js';

export interface TwilioSettings {
  /** `https://api.twilio.com` */
  apiUrl: string;
  accountSid: string;
  authToken: string;
  /** Where it tells what became of a message; the decision is added. */
  receiptsUrl?: string;
}

interface Message {
  sid: string;
  status: string;
  body: string;
  direction: string;
  num_segments: string;
  price: string | null;
}

/** Twilio's codes that say more than the status of the answer. https://www.twilio.com/docs/api/errors */
const classes: Readonly<Record<number, Failed['class']>> = {
  20003: 'configuration',
  20404: 'configuration',
  20429: 'rate-limited',
  21211: 'permanent-address',
  21212: 'configuration',
  21265: 'permanent-address',
  21408: 'configuration',
  21602: 'permanent-content',
  21603: 'configuration',
  21606: 'configuration',
  21609: 'configuration',
  21610: 'permanent-address',
  21611: 'rate-limited',
  21612: 'permanent-address',
  21614: 'permanent-address',
  21617: 'permanent-content',
  21659: 'configuration',
  30001: 'rate-limited',
  30022: 'rate-limited',
  63038: 'rate-limited',
};

const name = 'twilio';
/** A message is tried again within a day; `DateSent` is in whole days. */
const lookedBackMs = 24 * 3_600_000;

/** Programmable Messaging. https://www.twilio.com/docs/messaging/api/message-resource */
export class Twilio implements SmsProvider {
  readonly name = name;

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: TwilioSettings,
    private readonly clock: Clock,
  ) {}

  async send(sms: Sms, signal: AbortSignal): Promise<ChannelOutcome> {
    try {
      const earlier = sms.isRepeat ? await this.find(sms, signal) : undefined;
      if (earlier) return 'state' in earlier ? earlier : sent(earlier, sms);
      const answer = await this.ask('POST', '', this.formOf(sms), signal);
      if (answer.status !== 201) return refused(answer);
      return sent(jsonOf<Message>(answer.body), sms);
    } catch (error) {
      return failedWithoutAnswer(name, error);
    }
  }

  private formOf({ decisionId, to, sender, text }: Sms): URLSearchParams {
    const { receiptsUrl } = this.settings;
    return new URLSearchParams({
      To: to,
      [sender.startsWith('MG') ? 'MessagingServiceSid' : 'From']: sender,
      Body: text,
      ...(receiptsUrl && { StatusCallback: `${receiptsUrl}?decision=${encodeURIComponent(decisionId)}` }),
    });
  }

  /** The same text to the same number within a day, unless it is known to have failed. */
  private async find({ to, text }: Sms, signal: AbortSignal): Promise<Partial<Message> | Failed | undefined> {
    const since = new Date(this.clock.now().getTime() - lookedBackMs).toISOString().slice(0, 10);
    const query = new URLSearchParams({ To: to, 'DateSent>': since, PageSize: '100' });
    const answer = await this.ask('GET', `?${query}`, undefined, signal);
    if (answer.status !== 200) return { ...refused(answer), isUncertain: true };
    const { messages = [] } = jsonOf<{ messages: Message[] }>(answer.body);
    const isIt = ({ body, direction, status }: Message) =>
      body === text && direction.startsWith('outbound') && !['failed', 'undelivered', 'canceled'].includes(status);
    return messages.find(isIt);
  }

  private ask(method: 'GET' | 'POST', query: string, form: URLSearchParams | undefined, signal: AbortSignal) {
    const { apiUrl, accountSid, authToken } = this.settings;
    return this.outbound.send(
      {
        method,
        url: new URL(`${apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json${query}`),
        isOperators: true,
        headers: {
          authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
          accept: 'application/json',
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: form?.toString(),
      },
      signal,
    );
  }
}

/** Segments are 0 until a messaging service has chosen a sender, and a price is known later: then ours are the best there is. */
const sent = ({ sid, num_segments, price }: Partial<Message>, { parts }: Sms): ChannelOutcome => ({
  state: 'sent',
  ...(sid && { providerId: `${name}:${sid}` }),
  parts: Number(num_segments) || parts,
  ...(price && { cost: Math.abs(Number(price)) }),
});

function refused(answer: OutboundAnswer): Failed {
  const { code, message = '' } = jsonOf<{ code: number; message: string }>(answer.body);
  const known = code === undefined ? undefined : classes[code];
  const byStatus = failedByStatus(name, answer, code === undefined ? '' : `${code} ${message}`);
  if (!known) return byStatus;
  const isAboutRecipient = known === 'permanent-address';
  return failed(known, byStatus.text, { retryAfterSeconds: retryAfterSecondsOf(answer.headers), isAboutRecipient });
}
