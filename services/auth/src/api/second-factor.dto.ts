import type { Code } from './code.dto.js';

export interface FactorsResponse {
  /** True when an app makes codes: one is asked for beside the password. */
  totp: boolean;
  /** How many are left. */
  recoveryCodes: number;
  passkeys: number;
}

export interface TotpResponse {
  /**
   * To be typed into the app, shown this once (base 32).
   * @example "NBSWY3DPEHPK3PXPNBSWY3DPEHPK3PXP"
   */
  secret: string;
  /**
   * The same as a picture is made of it, for the app's camera.
   * @example "otpauth://totp/Cabinet:alice%40cabinet.test?issuer=Cabinet&secret=NBSWY3DPEHPK3PXPNBSWY3DPEHPK3PXP"
   */
  uri: string;
}

export interface ConfirmTotpRequest {
  /**
   * @pattern ^\d{6}$
   * @example "492039"
   */
  code: string;
}

export interface RecoveryCodes {
  /** Each is good once in the place of a code of the app. Shown this once. */
  items: Code[];
}
