import type { CodeChannel, OpenInvitation } from '../domain/one-time-code.js';
import type { PersonRole } from '../domain/user.js';
import type { Code } from './code.dto.js';
import type { NewPassword } from './common.dto.js';
import type { Email, Instant, Uuid } from './user.dto.js';

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

export interface MadeInvitationResponse {
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

/** One that may still be accepted. */
export interface InvitationResponse {
  id: Uuid;
  channel: CodeChannel;
  email?: Email;
  roles: PersonRole[];
  patientId?: Uuid;
  practitionerId?: Uuid;
  /** The user who made it; left out for those from before this was kept. */
  madeBy?: Uuid;
  createdAt: Instant;
  expiresAt: Instant;
}

export interface InvitationList {
  items: InvitationResponse[];
  /** Left out on the last page. */
  nextCursor?: string;
}

export const toInvitationResponse = ({ invitation, ...made }: OpenInvitation): InvitationResponse => ({
  id: made.id,
  channel: made.channel,
  // The store has null where there is none.
  email: invitation.email ?? undefined,
  roles: invitation.roles,
  patientId: invitation.patientId ?? undefined,
  practitionerId: invitation.practitionerId ?? undefined,
  madeBy: made.madeBy,
  createdAt: made.createdAt.toISOString(),
  expiresAt: made.expiresAt.toISOString(),
});
