import type { UnreachableAddress } from '../domain/channels/unreachable.js';
import type { Instant, Uuid } from './common.dto.js';

export interface UnreachableAddressResponse {
  id: Uuid;
  /** Whose it is. */
  patientId: Uuid;
  channel: 'email' | 'sms';
  /** `refused`: it was for good, and nothing is sent there. `complained`: a mail was called unwanted there, and none comes but those about access. */
  why: 'refused' | 'complained';
  /**
   * What was told of it, without the address.
   * @example "5.1.1 550 <address> is nobody"
   */
  text: string;
  since: Instant;
  /** The message of which it was told. */
  notificationId: Uuid;
}

export interface UnreachableAddressList {
  items: UnreachableAddressResponse[];
  nextCursor?: string;
}

export const toUnreachableResponse = ({ channel, since, ...its }: UnreachableAddress): UnreachableAddressResponse => ({
  ...its,
  channel: channel as UnreachableAddressResponse['channel'],
  since: since.toISOString(),
});
