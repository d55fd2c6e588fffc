import type { Identity } from './identity.js';

/** A browser on its way to an issuer and back. */
export interface Begun {
  issuerId: string;
  state: string;
  nonce: string;
  /** Of PKCE. */
  verifier: string;
  /** Where the browser goes on in our pages. */
  continueAt: string;
  until: number;
}

/** How long somebody may take at an issuer, and then to answer what we ask. */
export const elsewhereMsMax = 10 * 60_000;

/** Somebody whom an issuer has sent back to us, until they are signed in. */
export interface Shown {
  identity: Identity;
  continueAt: string;
}
