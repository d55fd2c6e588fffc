import type { PersonRole, User } from './user.js';

/** What somebody can show beside the password. */
export interface Factors {
  /** An app makes codes for them (RFC 6238). */
  totp: boolean;
  recoveryCodes: number;
  /** Each is two factors by itself: the device, and what unlocks it. */
  passkeys: number;
}

export const hasFactor = ({ totp, passkeys }: Factors): boolean => totp || passkeys > 0;

export const isFactorRequired = ({ roles }: Pick<User, 'roles'>, requiredOf: readonly PersonRole[]): boolean =>
  roles.some((role) => requiredOf.includes(role));

export type FactorVerdict = 'passed' | 'missing' | 'wrong' | 'unknown' | 'to-enrol';

/** Factors change soon after a sign-in with all that is asked only: a screen that was left open must not give its finder a key of their own. */
export const factorChangeMsMax = 15 * 60_000;

export const recoveryCodesMade = 10;
