import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../clock.js';
import { NotAuthenticated, Unavailable } from '../errors.js';
import type { Logger } from '../observe/log.js';
import { type EndedAccess, EndedAccessReader, type Ground, rightsGround, sessionGround } from './ended-access.js';
import {
  type ActsFor,
  type Delegated,
  type DelegatedScope,
  delegatedScopes,
  type Principal,
  portalId,
  type Role,
  roles,
  type Section,
  sections,
} from './principal.js';

export interface TokenVerifier {
  /**
   * Checks signature, algorithm, type, issuer, audience and times (RFC 8725, RFC 9068).
   * @returns a promise only for a token that was not verified a moment ago.
   * @throws NotAuthenticated for any token that is not exactly what auth issues; Unavailable when the keys cannot be had.
   */
  verify(token: string): Principal | Promise<Principal>;
}

export interface TokenRules {
  jwksUrl: string;
  issuer: string;
  audience?: string;
}

// A signature costs more to check than most answers cost to give, so a token that was good a moment ago is not checked again.
const rememberedMs = 30_000;
const rememberedMax = 5_000;

interface Remembered {
  principal: Principal;
  grounds: Ground[];
  until: number;
}

/**
 * Verifies access tokens against auth's published keys, which are cached and fetched again when a new key id shows up.
 * A verified token is remembered for 30 seconds at most, never beyond its expiry, and no longer than what it stands on.
 */
export function createTokenVerifier(
  rules: TokenRules,
  keys?: JWTVerifyGetKey,
  clock: Clock = systemClock,
  ended: EndedAccess = { has: () => false },
): TokenVerifier {
  const getKey =
    keys ??
    createRemoteJWKSet(new URL(rules.jwksUrl), {
      cooldownDuration: 5_000,
      cacheMaxAge: 600_000,
      timeoutDuration: 3_000,
    });
  const remembered = new LRUCache<string, Remembered>({ max: rememberedMax });
  const check = async (token: string): Promise<Principal> => {
    const now = clock.now();
    const { payload } = await jwtVerify(token, getKey, {
      algorithms: ['ES256', 'EdDSA'],
      issuer: rules.issuer,
      audience: rules.audience ?? 'cabinet',
      typ: 'at+jwt',
      clockTolerance: 5,
      requiredClaims: ['sub', 'exp', 'iat', 'roles'],
      currentDate: now,
    });
    const until = Math.min(now.getTime() + rememberedMs, Number(payload.exp) * 1_000);
    const known = { principal: toPrincipal(payload), grounds: groundsOf(payload), until };
    remembered.set(token, known);
    return standing(known);
  };
  const standing = ({ principal, grounds }: Remembered): Principal => {
    if (!grounds.some((ground) => ended.has(ground))) return principal;
    throw new NotAuthenticated('ACCESS.TOKEN_ENDED', 'What the access token stood for has ended', {
      detail: 'Ask for a new one with POST /api/auth/refresh, or sign in again.',
    });
  };
  return {
    verify(token) {
      const known = remembered.get(token);
      if (known && clock.now().getTime() < known.until) return standing(known);
      return check(token).catch((error) => {
        throw error instanceof NotAuthenticated ? error : toRefusal(error);
      });
    },
  };
}

/** A verifier that also hears from auth which tokens have lost what they stood on, until `closers` are run. */
export function followTokens(rules: TokenRules, log: Logger, closers: AsyncDisposableStack): TokenVerifier {
  const ended = new EndedAccessReader(rules.jwksUrl, log);
  closers.defer(() => ended.stop());
  return createTokenVerifier(rules, undefined, systemClock, ended);
}

function toPrincipal(payload: JWTPayload): Principal {
  const claimed: unknown[] = Array.isArray(payload.roles) ? payload.roles : [];
  const known = claimed.filter((role): role is Role => roles.includes(role as Role) && role !== 'service');
  return {
    id: payload.sub as string,
    roles: known,
    patientId: idOf(payload.patientId),
    practitionerId: idOf(payload.practitionerId),
    actsFor: toActsFor(payload.acts_for),
    delegated: toDelegated(payload.delegated),
    sessionId: idOf(payload.sid),
    clientId: clientOf(payload.client_id),
  };
}

/** What is not said in full gives nothing. */
function toActsFor(claimed: unknown): ActsFor[] | undefined {
  if (!Array.isArray(claimed)) return undefined;
  return claimed.flatMap(({ patient, as, sections: named, until, ends }): ActsFor[] => {
    const patientId = idOf(patient);
    if (!patientId || (as !== 'guardian' && as !== 'carer') || !Array.isArray(named)) return [];
    const known = named.filter((section): section is Section => sections.includes(section));
    return [{ patientId, as, sections: known, until: timeOf(until), ends: toEnds(ends) }];
  });
}

/** A section whose end is not a time has ended. */
function toEnds(claimed: unknown): ActsFor['ends'] {
  if (typeof claimed !== 'object' || claimed === null) return undefined;
  return Object.fromEntries(Object.entries(claimed).map(([section, at]) => [section, timeOf(at) ?? new Date(0)]));
}

/** As of `toActsFor`. */
function toDelegated(claimed: unknown): Delegated[] | undefined {
  if (!Array.isArray(claimed)) return undefined;
  return claimed.flatMap(({ practitioner, as, scopes, since, until }): Delegated[] => {
    const practitionerId = idOf(practitioner);
    if (!practitionerId || (as !== 'secretary' && as !== 'locum') || !Array.isArray(scopes)) return [];
    const known = scopes.filter((scope): scope is DelegatedScope => delegatedScopes.includes(scope));
    return [{ practitionerId, as, scopes: known, since: timeOf(since), until: timeOf(until) }];
  });
}

const timeOf = (seconds: unknown): Date | undefined =>
  typeof seconds === 'number' ? new Date(seconds * 1_000) : undefined;

function groundsOf({ sub = '', sid, access_version: version }: JWTPayload): Ground[] {
  const ofSession = typeof sid === 'string' ? [sessionGround(sid)] : [];
  return typeof version === 'number' ? [...ofSession, rightsGround(sub, version)] : ofSession;
}

/** As ids stand everywhere behind the door, however an account was linked. */
const idOf = (claim: unknown): string | undefined => (typeof claim === 'string' ? claim.toLowerCase() : undefined);

/** A claim that is no text is nobody of ours. */
const clientOf = (claim: unknown): string | undefined =>
  claim === undefined || claim === portalId ? undefined : String(claim);

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
