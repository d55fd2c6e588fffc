import type { CodeToMail } from '../domain/mail-codes.js';
import { type CodePurpose, purposeOf } from '../domain/one-time-code.js';
import type { MadeCode } from '../domain/recover-password.js';
import type { NewPassword } from './common.dto.js';
import type { Email, Instant } from './user.dto.js';

/**
 * What somebody had from the practice, on paper or by mail. Case, spaces and dashes do not matter; O is 0, I and L are 1.
 * @maxLength 40
 * @example "7K3F-9QXM-2BTR"
 */
export type Code = string;

export interface AskRequest {
  email: Email;
}

export interface ResetRequest {
  code: Code;
  newPassword: NewPassword;
}

export interface CodeResponse {
  /** Shown this once. */
  code: Code;
  expiresAt: Instant;
}

/** What a mail has in it. */
export interface MailResponse {
  /** The address it goes to. */
  email: Email;
  purpose: CodePurpose;
  code: Code;
  expiresAt: Instant;
}

export const toMailResponse = ({ email, code, ...made }: CodeToMail): MailResponse => ({
  email,
  purpose: purposeOf(made),
  code,
  expiresAt: made.expiresAt.toISOString(),
});

export const toCodeResponse = ({ code, expiresAt }: MadeCode): CodeResponse => ({
  code,
  expiresAt: expiresAt.toISOString(),
});
