import { createHash } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import { failedByStatus, failedWithoutAnswer } from '../http/failures.js';
import { jsonOf } from '../http/json.js';
import { NoAnswer, type Outbound, type OutboundAnswer } from '../http/outbound.js';
import { type ChannelOutcome, type Failed, failed } from '../outcome.js';
import type { Sms, SmsProvider } from './sms-channel.js';

export interface OvhCloudSettings {
  /** `https://eu.api.ovh.com/1.0` */
  apiUrl: string;
  applicationKey: string;
  applicationSecret: string;
  consumerKey: string;
  /** `sms-ab12345-1` */
  service: string;
}

interface Job {
  ids: number[];
  invalidReceivers: string[];
  totalCreditsRemoved: number;
}

const name = 'ovhcloud';
/** So long is the difference of two clocks believed. */
const clockMs = 10 * 60_000;
/** Minutes after which a message that could not be delivered is given up: it would be stale. */
const validMinutes = 24 * 60;

/** SMS jobs of OVHcloud's API. https://eu.api.ovh.com/console/?section=%2Fsms */
export class OvhCloud implements SmsProvider {
  readonly name = name;
  /** Signed requests name the provider's time, and ours may differ. */
  private difference: { ms: number; known: number } | undefined;

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: OvhCloudSettings,
    private readonly clock: Clock,
  ) {}

  async send(sms: Sms, signal: AbortSignal): Promise<ChannelOutcome> {
    const { decisionId, to, sender, text, encoding, parts } = sms;
    try {
      if (sms.isRepeat) {
        const answer = await this.ask('GET', `/outgoing?tag=${encodeURIComponent(decisionId)}`, undefined, signal);
        if (answer.status !== 200) return { ...refused(answer), isUncertain: true };
        const ids = jsonOf<number[]>(answer.body);
        const id = Array.isArray(ids) ? ids[0] : undefined;
        if (id !== undefined) return { state: 'sent', providerId: `${name}:${id}`, parts };
      }
      const job = {
        charset: 'UTF-8',
        class: 'phoneDisplay',
        coding: encoding === 'GSM-7' ? '7bit' : '8bit',
        message: text,
        // What is no advertising has no STOP in it, and leaves at any hour.
        noStopClause: true,
        priority: 'high',
        receivers: [to],
        sender,
        senderForResponse: false,
        tag: decisionId,
        validityPeriod: validMinutes,
      };
      const answer = await this.ask('POST', '/jobs', JSON.stringify(job), signal);
      if (answer.status !== 200) return this.refusedBySignature(answer) ?? refused(answer);
      const { ids = [], invalidReceivers = [], totalCreditsRemoved } = jsonOf<Job>(answer.body);
      if (invalidReceivers.length > 0 || ids[0] === undefined) {
        return failed('permanent-address', `${name} takes the number for none`, { isAboutRecipient: true });
      }
      return {
        state: 'sent',
        providerId: `${name}:${ids[0]}`,
        parts,
        ...(totalCreditsRemoved !== undefined && { cost: totalCreditsRemoved }),
      };
    } catch (error) {
      return failedWithoutAnswer(name, error);
    }
  }

  private async ask(method: 'GET' | 'POST', path: string, body: string | undefined, signal: AbortSignal) {
    const { apiUrl, applicationKey, applicationSecret, consumerKey, service } = this.settings;
    const url = new URL(`${apiUrl}/sms/${encodeURIComponent(service)}${path}`);
    const timestamp = String(await this.providersTime(signal));
    const signed = [applicationSecret, consumerKey, method, url.href, body ?? '', timestamp].join('+');
    return this.outbound.send(
      {
        method,
        url,
        isOperators: true,
        headers: {
          'x-ovh-application': applicationKey,
          'x-ovh-consumer': consumerKey,
          'x-ovh-timestamp': timestamp,
          'x-ovh-signature': `$1$${createHash('sha1').update(signed).digest('hex')}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body,
      },
      signal,
    );
  }

  /** @returns seconds. @throws NoAnswer, by which nothing was sent yet */
  private async providersTime(signal: AbortSignal): Promise<number> {
    const now = this.clock.now().getTime();
    if (!this.difference || Math.abs(now - this.difference.known) > clockMs) {
      const url = new URL(`${this.settings.apiUrl}/auth/time`);
      const answer = await this.outbound.send({ method: 'GET', url, isOperators: true }, signal).catch((error) => {
        throw error instanceof NoAnswer ? new NoAnswer(error.kind, false) : error;
      });
      if (answer.status !== 200 || !/^\d{9,11}$/.test(answer.body.trim())) throw new NoAnswer('unreachable', false);
      this.difference = { ms: Number(answer.body) * 1_000 - now, known: now };
    }
    return Math.floor((now + this.difference.ms) / 1_000);
  }

  /** A clock that was set meanwhile: asked again, it is right. */
  private refusedBySignature(answer: OutboundAnswer): Failed | undefined {
    const { errorCode = '', message = '' } = jsonOf<Refusal>(answer.body);
    if (errorCode !== 'QUERY_TIME_OUT' && !/timestamp/i.test(message)) return undefined;
    this.difference = undefined;
    return failed('temporary', `${name} answered ${answer.status}: ${message}`);
  }
}

interface Refusal {
  errorCode: string;
  message: string;
}

function refused(answer: OutboundAnswer): Failed {
  const { message = '' } = jsonOf<Refusal>(answer.body);
  const byStatus = failedByStatus(name, answer, message);
  if (answer.status === 402 || (answer.status < 500 && /credit|sender|service/i.test(message))) {
    return failed('configuration', byStatus.text);
  }
  const isNumber = answer.status === 400 && /receiver/i.test(message);
  return isNumber ? failed('permanent-address', byStatus.text, { isAboutRecipient: true }) : byStatus;
}
