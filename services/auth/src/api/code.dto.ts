import type { CodeToMail } from '../domain/mail-codes.js';
import { type CodeChannel, type CodePurpose, purposeOf } from '../domain/one-time-code.js';
import type { MadeCode } from '../domain/recover-password.js';
import type { PersonRole } from '../domain/user.js';
import type { NewPassword } from './common.dto.js';
import type { Email, Instant, Uuid } from './user.dto.js';

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

export interface InvitationRequest {
  /** `mail` needs `email`; on `paper` the answer has the code. */
  channel: CodeChannel;
  /** The address to sign in with; whoever is invited gives it when it is left out. */
  email?: Email;
  /**
   * @minItems 1
   * @maxItems 4
   * @uniqueItems
   */
  roles: PersonRole[];
  /** The patient they are; needs the role `patient`. */
  patientId?: Uuid;
  /** The practitioner they are; needs the role `practitioner`. */
  practitionerId?: Uuid;
}

export interface InvitationResponse {
  id: Uuid;
  /** Shown this once, and only on the channel `paper`. */
  code?: Code;
  expiresAt: Instant;
}

export interface AcceptRequest {
  code: Code;
  /** The address to sign in with; left aside where the invitation names one. */
  email?: Email;
  password: NewPassword;
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
