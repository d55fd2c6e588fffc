import type { SendOutcome } from '../../domain/channel.js';

export type Sent = Extract<SendOutcome, { state: 'sent' }>;

export type Failed = Extract<SendOutcome, { state: 'failed' }>;

export type ChannelOutcome = SendOutcome;

export const failed = (
  kind: Failed['class'],
  text: string,
  more: Pick<Failed, 'retryAfterSeconds' | 'isUncertain' | 'isAboutRecipient'> = {},
): Failed => ({ state: 'failed', class: kind, text: withoutPeople(text), ...more });

const textMax = 200;

/** What a provider said, on one line and without the addresses and numbers that it repeats: it is kept in the ledger. */
export function withoutPeople(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<?[^\s<>"]+@[^\s<>",;]+>?/g, '<address>')
    .replace(/\+\d(?:[ ().-]{0,2}\d){6,}|\b0\d(?:[ .-]?\d){7,}|\b\d{9,}\b/g, '<number>')
    .trim()
    .slice(0, textMax);
}
