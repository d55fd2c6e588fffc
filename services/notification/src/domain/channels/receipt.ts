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
