import type { SignIns } from '../domain/find-users.js';
import type { PersonRole, User } from '../domain/user.js';
import type { NewPassword } from './common.dto.js';

/**
 * A UUID (RFC 9562).
 * @pattern ^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$
 * @example "019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11"
 */
export type Uuid = string;

/**
 * The address somebody signs in with; upper and lower case are the same.
 * @pattern ^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$
 * @maxLength 254
 * @example "secretary@cabinet.test"
 */
export type Email = string;

/**
 * A time with offset (RFC 3339).
 * @maxLength 40
 * @example "2026-11-23T08:30:00.000Z"
 */
export type Instant = string;

export interface CreateUserRequest {
  email: Email;
  password: NewPassword;
  /**
   * @minItems 1
   * @maxItems 4
   * @uniqueItems
   */
  roles: PersonRole[];
  /** The patient this user is; needs the role `patient`. */
  patientId?: Uuid;
  /** The practitioner this user is; needs the role `practitioner`. */
  practitionerId?: Uuid;
}

/** A field that is left out stays as it is; `null` clears a link. */
export interface ChangeUserRequest {
  /**
   * @minItems 1
   * @maxItems 4
   * @uniqueItems
   */
  roles?: PersonRole[];
  /** A user who is not active cannot sign in, and is signed out everywhere. */
  active?: boolean;
  /** The patient this user is; needs the role `patient`. */
  patientId?: Uuid | null;
  /** The practitioner this user is; needs the role `practitioner`. */
  practitionerId?: Uuid | null;
}

export interface UserResponse {
  id: Uuid;
  /** Grows with every change; also the ETag. */
  version: number;
  email: Email;
  roles: PersonRole[];
  patientId?: Uuid;
  practitionerId?: Uuid;
  active: boolean;
  createdAt: Instant;
  updatedAt: Instant;
}

/** One of both at least; with both, who fits either. */
export interface UserSearchRequest {
  /**
   * Part of the address that they sign in with; upper and lower case are the same.
   * @minLength 2
   * @maxLength 254
   * @example "secretary@"
   */
  email?: string;
  /**
   * Of users, or of the patients and practitioners that they are.
   * @minItems 1
   * @maxItems 200
   */
  ids?: Uuid[];
}

export interface SignInsResponse {
  /** When they last signed in; absent when they have not for as long as it is kept, which is two weeks. */
  lastSignInAt?: Instant;
  /**
   * At how many places they are signed in now; more than 100 are not counted.
   * @isInt
   */
  openSessions: number;
  /** @isInt */
  passkeys: number;
  /** True when an app makes codes for them. */
  totp: boolean;
}

export interface UsersFound {
  /** At most 200. */
  items: UserResponse[];
}

export interface UserList {
  items: UserResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export const toUserResponse = (user: User): UserResponse => ({
  id: user.id,
  version: user.version,
  email: user.email,
  roles: user.roles,
  patientId: user.patientId,
  practitionerId: user.practitionerId,
  active: user.active,
  createdAt: user.createdAt.toISOString(),
  updatedAt: user.updatedAt.toISOString(),
});

export const toSignInsResponse = ({ lastAt, open, passkeys, totp }: SignIns): SignInsResponse => ({
  lastSignInAt: lastAt?.toISOString(),
  openSessions: open,
  passkeys,
  totp,
});
