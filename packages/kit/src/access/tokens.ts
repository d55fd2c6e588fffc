import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { NotAuthenticated, Unavailable } from '../errors.js';
import { type Principal, type Role, roles } from './principal.js';

export interface TokenVerifier {
  /**
   * Checks signature, algorithm, type, issuer, audience and times (RFC 8725, RFC 9068).
   * @throws NotAuthenticated for any token that is not exactly what auth issues; Unavailable when the keys cannot be had.
   */
  verify(token: string): Promise<Principal>;
}

export interface TokenRules {
  jwksUrl: string;
  issuer: string;
  audience?: string;
}

/** Verifies access tokens against auth's published keys, which are cached and fetched again when a new key id shows up. */
export function createTokenVerifier(rules: TokenRules, keys?: JWTVerifyGetKey): TokenVerifier {
  const getKey =
    keys ??
    createRemoteJWKSet(new URL(rules.jwksUrl), {
      cooldownDuration: 5_000,
      cacheMaxAge: 600_000,
      timeoutDuration: 3_000,
    });
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, getKey, {
          algorithms: ['ES256', 'EdDSA'],
          issuer: rules.issuer,
          audience: rules.audience ?? 'cabinet',
          typ: 'at+jwt',
          clockTolerance: 5,
          requiredClaims: ['sub', 'exp', 'iat', 'roles'],
        });
        return toPrincipal(payload);
      } catch (error) {
        throw toRefusal(error);
      }
    },
  };
}

function toPrincipal(payload: JWTPayload): Principal {
  const claimed: unknown[] = Array.isArray(payload.roles) ? payload.roles : [];
  const known = claimed.filter((role): role is Role => roles.includes(role as Role) && role !== 'service');
  return {
    id: payload.sub as string,
    roles: known,
    patientId: typeof payload.patientId === 'string' ? payload.patientId : undefined,
    practitionerId: typeof payload.practitionerId === 'string' ? payload.practitionerId : undefined,
  };
}

function toRefusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) {
    return new NotAuthenticated('ACCESS.TOKEN_EXPIRED', 'The access token has expired', {
      detail: 'Ask for a new one with POST /api/auth/refresh, or sign in again.',
    });
  }
  // An unknown key id, a bad signature, a wrong algorithm and a missing claim all say the same to the outside.
  const isTokenFault =
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC';
  if (isTokenFault) return new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid');
  return new Unavailable('ACCESS.KEYS_UNAVAILABLE', 'Tokens cannot be checked at the moment', { cause: error });
}
