import type { OwnSession, TokenPair } from '../domain/keep-sessions.js';
import { lastUsedAt } from '../domain/session.js';
import type { NewPassword } from './common.dto.js';
import type { Instant, Uuid } from './user.dto.js';

/** @example { "email": "secretary@cabinet.test", "password": "cabinet-demo-2026" } */
export interface LoginRequest {
  /**
   * @maxLength 254
   * @example "secretary@cabinet.test"
   */
  email: string;
  /** @maxLength 256 */
  password: string;
  /**
   * Of an app that makes codes, or a recovery code; needed by who has set up the one, and then alone.
   * @maxLength 40
   * @example "492039"
   */
  code?: string;
}

export interface TokenResponse {
  /** A JWT, to be sent as `Authorization: Bearer ...`. Keep it in memory only. */
  accessToken: string;
  tokenType: 'Bearer';
  /**
   * Seconds the access token is good for.
   * @example 600
   */
  expiresIn: number;
  /** True for who must add a second factor first: the token allows that, and nothing else. */
  mustEnrol?: boolean;
}

export interface PasswordRequest {
  /** @maxLength 256 */
  currentPassword: string;
  newPassword: NewPassword;
}

export interface SessionResponse {
  id: Uuid;
  createdAt: Instant;
  /** When an access token was last given in it. */
  lastUsedAt: Instant;
  /** It ends then, however often it is used; and before, when it is not used for twelve hours. */
  endsAt: Instant;
  /**
   * What the browser said of itself (`User-Agent`).
   * @example "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
   */
  device?: string;
  /** True for the session that this was asked in. */
  current: boolean;
}

export interface SessionList {
  items: SessionResponse[];
}

export const toSessionResponse = (session: OwnSession): SessionResponse => ({
  id: session.id,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: lastUsedAt(session).toISOString(),
  endsAt: session.endsAt.toISOString(),
  device: session.device,
  current: session.isCurrent,
});

export const toTokenResponse = ({ accessToken, expiresInSeconds, enrolling }: TokenPair): TokenResponse => ({
  accessToken,
  tokenType: 'Bearer',
  expiresIn: expiresInSeconds,
  mustEnrol: enrolling || undefined,
});
