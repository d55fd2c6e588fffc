/** A key pair on a device of the user's; what is kept is the public half (WebAuthn level 3). */
export interface Passkey {
  id: string;
  userId: string;
  /** Base64url, as the device names it. */
  credentialId: string;
  /** COSE. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** How often it has signed, as far as its devices count; 0 from those that do not. */
  counter: number;
  /** True when the key may be on several devices of its user. */
  synced: boolean;
  backedUp: boolean;
  transports: string[];
  /** What its user calls it. */
  name: string;
  createdAt: Date;
  lastUsedAt?: Date;
  /** When a counter came that was not higher than the last. */
  counterFellAt?: Date;
}

export const passkeysMax = 20;

/**
 * What a counter says. A key that is on one device counts up, or not at all: one that does not go on is of a copy. The devices
 * that share a synced key count each for itself, or not, so there it says nothing, and is noted.
 */
export function judgeCounter({ counter, synced }: Pick<Passkey, 'counter' | 'synced'>, shown: number) {
  if (shown > counter || (shown === 0 && counter === 0)) return 'goes on';
  return synced ? 'fell' : 'copied';
}
