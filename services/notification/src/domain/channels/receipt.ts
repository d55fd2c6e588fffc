import type { SendOutcome } from '../channel.js';

export type FailureClass = Extract<SendOutcome, { state: 'failed' }>['class'];

/**
 * What somebody tells later of a message that had left. It may come before the answer to the sending, twice, in the wrong order and for
 * what we never sent: whoever takes it in decides by the provider's id.
 */
export interface Receipt {
  /** As the channel gave it: `twilio:SM…`, `ovhcloud:26929925`, `smtp:<Message-ID>`. */
  providerId: string;
  state: 'sent' | 'delayed' | 'delivered' | 'failed' | 'complained';
  /** Of a failure. */
  class?: FailureClass;
  text?: string;
  /** Where the provider gives it back: it finds the message whose answer never came. */
  decisionId?: string;
}

/** What somebody wrote back to an SMS. */
export interface Reply {
  /** By E.164. */
  from: string;
  /** Of the words that mean something; left out: it is something else, which nobody reads. */
  keyword?: 'stop' | 'start';
}

/** What came to the address of a provider's receipts. */
export interface Arrived {
  query: URLSearchParams;
  /** Each character is one byte. */
  body: string;
  signature?: string;
}

export const receiptProviders = ['twilio', 'ovhcloud', 'mail'] as const;
export type ReceiptProvider = (typeof receiptProviders)[number];

/** Tells what comes from a provider from what anybody may send. */
export interface ReceiptReader {
  /** @returns nothing for what is genuine and no receipt. @throws NotFromProvider (403) */
  read(provider: ReceiptProvider, arrived: Arrived): Promise<(Receipt | Reply)[]>;
  /** What is to be entered at each provider from which receipts can come. */
  addresses(): { provider: ReceiptProvider; url: string }[];
}
