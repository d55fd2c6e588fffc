import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Receipt, Reply } from '../../../domain/channels/receipt.js';
import { smsKeyword } from '../../../domain/channels/sms-text.js';
import { type Failed, withoutPeople } from '../outcome.js';

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
const states: Readonly<Record<string, Receipt['state']>> = {
  accepted: 'sent',
  scheduled: 'sent',
  queued: 'sent',
  sending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/** Error codes of delivery; all others may pass. https://www.twilio.com/docs/api/errors */
const classes: Readonly<Record<string, Failed['class']>> = {
  30004: 'permanent-address',
  30005: 'permanent-address',
  30006: 'permanent-address',
  30007: 'permanent-content',
  30019: 'permanent-content',
  30034: 'configuration',
  21610: 'permanent-address',
};

/** A status callback. @param url the address it came to, which has the decision. @returns undefined for what is none */
export function readTwilioReceipt(url: URL, form: URLSearchParams): Receipt | undefined {
  const [sid, status, code] = ['MessageSid', 'MessageStatus', 'ErrorCode'].map((field) => form.get(field) ?? '');
  const state = states[status ?? ''];
  if (!state || !/^(?:SM|MM)[0-9a-f]{32}$/.test(sid ?? '')) return undefined;
  const decisionId = url.searchParams.get('decision') ?? undefined;
  return {
    providerId: `twilio:${sid}`,
    state,
    ...(decisionId && { decisionId }),
    ...(state === 'failed' && {
      class: classes[code ?? ''] ?? 'temporary',
      text: withoutPeople(`twilio: ${status} ${code}`),
    }),
  };
}

/** What somebody wrote back to us: whose number, and whether it is a word that means something. */
export function readTwilioReply(form: URLSearchParams): Reply | undefined {
  const from = form.get('From');
  if (!from || form.has('MessageStatus')) return undefined;
  return { from, keyword: smsKeyword(form.get('OptOutType') ?? '') ?? smsKeyword(form.get('Body') ?? '') };
}

/**
 * Whether Twilio sent it, which has the account's token alone: https://www.twilio.com/docs/usage/security#validating-requests
 * @param url as it was given to Twilio, with its query
 * @param tokens more than one while one replaces the other
 */
export function isSignedByTwilio(
  tokens: readonly string[],
  url: string,
  form: URLSearchParams,
  signature: string,
): boolean {
  const names = [...new Set(form.keys())].sort();
  const signed =
    url +
    names
      .map((name) =>
        [...new Set(form.getAll(name))]
          .sort()
          .map((value) => name + value)
          .join(''),
      )
      .join('');
  const given = Buffer.from(signature, 'base64');
  return tokens.some((token) => {
    const right = createHmac('sha1', token).update(signed).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
