import type { TokenPair } from '../domain/keep-sessions.js';
import type { NewPassword } from './common.dto.js';

export interface LoginRequest {
  /**
   * @maxLength 254
   * @example "secretary@cabinet.test"
   */
  email: string;
  /** @maxLength 256 */
  password: string;
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
}

export interface PasswordRequest {
  /** @maxLength 256 */
  currentPassword: string;
  newPassword: NewPassword;
}

export const toTokenResponse = ({ accessToken, expiresInSeconds }: TokenPair): TokenResponse => ({
  accessToken,
  tokenType: 'Bearer',
  expiresIn: expiresInSeconds,
});
