/** A public key (RFC 7517). */
export interface PublicKey {
  /** @example "EC" */
  kty: string;
  /** @example "P-256" */
  crv?: string;
  x?: string;
  y?: string;
  /** @example "ES256" */
  alg?: string;
  /** @example "sig" */
  use?: string;
  kid?: string;
}

export interface PublicKeys {
  keys: PublicKey[];
}
