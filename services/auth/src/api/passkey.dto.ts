import type { Passkey } from '../domain/passkey.js';
import type { Instant, Uuid } from './user.dto.js';

/**
 * Bytes in base64url, without padding.
 * @pattern ^[A-Za-z0-9_-]+$
 * @maxLength 1400
 */
type Bytes = string;

/**
 * Bytes in base64url, without padding.
 * @pattern ^[A-Za-z0-9_-]+$
 * @maxLength 40000
 */
type LongBytes = string;

/**
 * @pattern ^[a-z-]+$
 * @maxLength 30
 * @example "internal"
 */
type Transport = string;

/** What `navigator.credentials.create()` made, as its `toJSON()` has it. */
export interface CreatedCredential {
  id: Bytes;
  rawId: Bytes;
  type: 'public-key';
  authenticatorAttachment?: 'platform' | 'cross-platform';
  clientExtensionResults: object;
  response: {
    clientDataJSON: LongBytes;
    attestationObject: LongBytes;
    authenticatorData?: LongBytes;
    /** @maxItems 10 */
    transports?: Transport[];
    /** @isInt */
    publicKeyAlgorithm?: number;
    publicKey?: LongBytes;
  };
}

/** What `navigator.credentials.get()` gave, as its `toJSON()` has it. */
export interface SignedCredential {
  id: Bytes;
  rawId: Bytes;
  type: 'public-key';
  authenticatorAttachment?: 'platform' | 'cross-platform';
  clientExtensionResults: object;
  response: {
    clientDataJSON: LongBytes;
    authenticatorData: LongBytes;
    signature: LongBytes;
    userHandle?: Bytes;
  };
}

export interface PasskeySignInRequest {
  signed: SignedCredential;
}

export interface AddPasskeyRequest {
  /**
   * What its user calls it.
   * @minLength 1
   * @maxLength 60
   * @example "Phone"
   */
  name: string;
  created: CreatedCredential;
}

/** Options for `navigator.credentials.get()`, to be read with `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export interface PasskeySignInOptions {
  options: object;
}

/** Options for `navigator.credentials.create()`, to be read with `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export interface PasskeyOptions {
  options: object;
}

export interface PasskeyResponse {
  id: Uuid;
  /** @example "Phone" */
  name: string;
  /** True when it may be on several devices of its user. */
  synced: boolean;
  createdAt: Instant;
  lastUsedAt?: Instant;
  /** When a device showed a counter that was not higher than the last: devices that share a key count each for itself, or not. */
  counterFellAt?: Instant;
}

export interface PasskeyList {
  items: PasskeyResponse[];
}

export const toPasskeyResponse = (passkey: Passkey): PasskeyResponse => ({
  id: passkey.id,
  name: passkey.name,
  synced: passkey.synced,
  createdAt: passkey.createdAt.toISOString(),
  lastUsedAt: passkey.lastUsedAt?.toISOString(),
  counterFellAt: passkey.counterFellAt?.toISOString(),
});
