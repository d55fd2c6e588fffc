import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Given, HttpCounterpart, type Received } from './http-counterpart.ts';

/** A message that a provider has taken. */
export interface TakenSms {
  id: string;
  to: string;
  from: string;
  text: string;
  status: string;
  /** Where what became of it is told. */
  callback?: string;
  tag?: string;
}

/** Numbers that no phone has, as Twilio's own test numbers behave, by what comes of them. */
export const strangeNumbers = {
  notValid: '+33600000001',
  landline: '+33600000009',
  unsubscribed: '+33600000004',
  notReachable: '+33600000002',
};

const twilioErrors: Record<string, [code: number, message: string]> = {
  [strangeNumbers.notValid]: [21211, "The 'To' number +33600000001 is not a valid phone number."],
  [strangeNumbers.landline]: [21614, "'To' number is not a valid mobile number"],
  [strangeNumbers.unsubscribed]: [21610, 'Attempt to send to unsubscribed recipient'],
  [strangeNumbers.notReachable]: [21612, "The 'To' phone number is not currently reachable via SMS"],
};

/** Twilio's Messages resource, and its status callbacks. https://www.twilio.com/docs/messaging/api/message-resource */
export class FakeTwilio extends HttpCounterpart {
  readonly accountSid = `AC${'0'.repeat(32)}`;
  readonly authToken = 'a token of the practice at twilio';
  readonly taken: TakenSms[] = [];

  protected answer({ method, url, headers, body }: Received): Given {
    if (url.pathname !== `/2010-04-01/Accounts/${this.accountSid}/Messages.json`)
      return refusal(404, 20404, 'not found');
    const login = Buffer.from(`${this.accountSid}:${this.authToken}`).toString('base64');
    if (headers.authorization !== `Basic ${login}`) return refusal(401, 20003, 'Authenticate');
    if (method === 'GET') {
      const found = this.taken.filter(({ to }) => to === url.searchParams.get('To'));
      const isDay = /^\d{4}-\d\d-\d\d$/.test(url.searchParams.get('DateSent>') ?? '');
      return isDay ? { status: 200, body: { messages: found.map(asMessage) } } : refusal(400, 20001, 'Invalid date');
    }
    const form = new URLSearchParams(body.toString());
    const [to = '', text = '', from = ''] = ['To', 'Body', 'From'].map((field) => form.get(field) ?? '');
    if (text === '') return refusal(400, 21602, 'Message body is required.');
    if (from === '' && !form.get('MessagingServiceSid'))
      return refusal(400, 21603, "A 'From' phone number is required.");
    const strange = twilioErrors[to];
    if (strange) return refusal(400, ...strange);
    const taken: TakenSms = {
      id: `SM${randomBytes(16).toString('hex')}`,
      to,
      from,
      text,
      status: 'queued',
      callback: form.get('StatusCallback') ?? undefined,
    };
    this.taken.push(taken);
    return { status: 201, body: asMessage(taken) };
  }

  /** The callback that tells what became of a message, signed as theirs are. */
  receiptOf({ id, callback = '' }: TakenSms, status: string, errorCode = '') {
    const form = new URLSearchParams({
      AccountSid: this.accountSid,
      MessageSid: id,
      MessageStatus: status,
      ...(errorCode && { ErrorCode: errorCode }),
    });
    return { url: callback, ...this.signed(callback, form) };
  }

  /** What somebody wrote back, as it is handed on to an address that the account was given. */
  replyTo(url: string, from: string, text: string) {
    const form = new URLSearchParams({ AccountSid: this.accountSid, From: from, Body: text, NumMedia: '0' });
    form.set('MessageSid', `SM${randomBytes(16).toString('hex')}`);
    return this.signed(url, form);
  }

  private signed(url: string, form: URLSearchParams) {
    form.sort();
    const signed = url + [...form].map(([name, value]) => name + value).join('');
    return { form, signature: createHmac('sha1', this.authToken).update(signed).digest('base64') };
  }
}

const refusal = (status: number, code: number, message: string): Given => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

const asMessage = ({ id, to, from, text, status }: TakenSms) => ({
  sid: id,
  to,
  from,
  body: text,
  status,
  direction: 'outbound-api',
  num_segments: String(Math.ceil(text.length / 160)),
  price: null,
  price_unit: 'USD',
  error_code: null,
});

/** OVHcloud's SMS jobs, with the signatures of its API. https://eu.api.ovh.com/console/?section=%2Fsms */
export class FakeOvhCloud extends HttpCounterpart {
  readonly applicationKey = 'application-key';
  readonly applicationSecret = 'application-secret';
  readonly consumerKey = 'consumer-key';
  readonly service = 'sms-ab12345-1';
  readonly taken: TakenSms[] = [];
  credits = 100;
  /** How far its clock is from ours. */
  clockMs = 0;
  private lastId = 26_929_924;

  protected answer(request: Received): Given {
    const { method, url } = request;
    const now = Math.floor((Date.now() + this.clockMs) / 1_000);
    if (url.pathname === '/1.0/auth/time') return { status: 200, body: String(now) };
    const problem = this.refusalOf(request, now);
    if (problem) return problem;
    const path = `/1.0/sms/${this.service}`;
    if (method === 'GET' && url.pathname === `${path}/outgoing`) {
      const found = this.taken.filter(({ tag }) => tag === url.searchParams.get('tag'));
      return { status: 200, body: found.map(({ id }) => Number(id)) };
    }
    if (method !== 'POST' || url.pathname !== `${path}/jobs`) {
      return { status: 404, body: { message: 'This service does not exist' } };
    }
    return this.takeJob(JSON.parse(request.body.toString()));
  }

  private refusalOf({ method, url, headers, body }: Received, now: number): Given | undefined {
    const [application, consumer, timestamp = '', signature] = [
      'application',
      'consumer',
      'timestamp',
      'signature',
    ].map((name) => String(headers[`x-ovh-${name}`] ?? ''));
    if (application !== this.applicationKey || consumer !== this.consumerKey) {
      return { status: 403, body: { errorCode: 'NOT_CREDENTIAL', message: 'This credential does not exist' } };
    }
    if (Math.abs(Number(timestamp) - now) > 30) {
      return { status: 400, body: { errorCode: 'QUERY_TIME_OUT', message: 'Query out of time' } };
    }
    const signed = [this.applicationSecret, consumer, method, url.href, body.toString(), timestamp].join('+');
    if (signature === `$1$${createHash('sha1').update(signed).digest('hex')}`) return undefined;
    return { status: 400, body: { errorCode: 'INVALID_SIGNATURE', message: 'Invalid signature' } };
  }

  private takeJob(job: {
    message: string;
    receivers: string[];
    sender: string;
    tag?: string;
    noStopClause: boolean;
  }): Given {
    if (this.credits === 0) return { status: 402, body: { message: 'You have not enough credits' } };
    if (!job.noStopClause) return { status: 400, body: { message: 'Not at this hour' } };
    const isNone = (number: string) => Object.values(strangeNumbers).includes(number);
    const valid = job.receivers.filter((number) => !isNone(number));
    const ids = valid.map((to) => {
      const id = String(++this.lastId);
      this.taken.push({ id, to, from: job.sender, text: job.message, status: 'sent', tag: job.tag });
      return Number(id);
    });
    this.credits -= ids.length;
    const invalidReceivers = job.receivers.filter(isNone);
    return { status: 200, body: { ids, validReceivers: valid, invalidReceivers, totalCreditsRemoved: ids.length } };
  }
}
