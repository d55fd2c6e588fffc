import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { DomainError, NotAllowed, NotAuthenticated } from '../errors.js';
import { currentContext } from '../http/request-context.js';
import type { Principal, Role } from './principal.js';
import { hasRole } from './principal.js';
import type { TokenVerifier } from './tokens.js';

/** A request of somebody whose role a route requires. */
export type AuthenticatedRequest = Request & { user: Principal };

const outcome = Symbol('authentication');
const identify = Symbol('identify');
type Authenticated = Request & { [outcome]?: Principal | DomainError; [identify]?: () => Promise<void> };

/**
 * Finds out who calls, once for each request: a person by bearer token (RFC 6750), or a neighbour by the token that
 * only the process's own sidecar knows. Refusing is left to `requireRole`, since some routes are public.
 */
export function identifyCaller(verifier: TokenVerifier, appApiToken?: string): RequestHandler {
  return async (req: Authenticated, _res, next) => {
    req[identify] = async () => {
      const found = await whoCalls(req, verifier, appApiToken);
      req[outcome] = found;
      const context = currentContext();
      if (context) context.principal = found instanceof DomainError ? undefined : found;
    };
    await req[identify]();
    next();
  };
}

/**
 * Who takes their time with a body may do what they may when it is here, and no longer what they might when they began. Whoever
 * was known then and is not now is refused, whatever they ask for.
 */
export const identifyAgain: RequestHandler = async (req: Authenticated, _res, next) => {
  const began = callerOf(req);
  await req[identify]?.();
  const found = req[outcome];
  if (began && found instanceof DomainError) throw found;
  next();
};

/** Who calls, found out anew for an answer that goes on for long; undefined once their token has ended. */
export async function stillCalling(req: Request): Promise<Principal | undefined> {
  await (req as Authenticated)[identify]?.();
  return callerOf(req);
}

async function whoCalls(
  req: Request,
  verifier: TokenVerifier,
  appApiToken?: string,
): Promise<Principal | DomainError | undefined> {
  try {
    return callingService(req, appApiToken) ?? (await callingPerson(req, verifier));
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function callingService(req: Request, appApiToken?: string): Principal | undefined {
  const caller = req.get('dapr-caller-app-id');
  if (!caller || !isFromSidecar(req, appApiToken)) return undefined;
  return { id: caller, roles: ['service'] };
}

/** True when the request carries the token that the process's own sidecar sends. */
export function isFromSidecar(req: Request, appApiToken?: string): boolean {
  const sent = req.get('dapr-api-token');
  if (!appApiToken || !sent) return false;
  return timingSafeEqual(digest(sent), digest(appApiToken));
}

const digest = (text: string) => createHash('sha256').update(text).digest();

async function callingPerson(req: Request, verifier: TokenVerifier): Promise<Principal | undefined> {
  const header = req.get('authorization');
  if (!header) return undefined;
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  if (!token) throw new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid');
  return verifier.verify(token);
}

/** Who calls, if anybody valid does. */
export function callerOf(req: Request): Principal | undefined {
  const found = (req as Authenticated)[outcome];
  return found instanceof DomainError ? undefined : found;
}

/**
 * The caller, who must be known and have one of the roles.
 * @throws NotAuthenticated (401) without a valid token, NotAllowed (403) with a valid one of another role.
 */
export function requireRole(req: Request, wanted: readonly Role[]): Principal {
  const found = (req as Authenticated)[outcome];
  if (found instanceof DomainError) throw found;
  if (!found) throw new NotAuthenticated();
  if (wanted.length > 0 && !hasRole(found, ...wanted)) {
    throw new NotAllowed('ACCESS.ROLE_NOT_ALLOWED', 'Your role does not allow this');
  }
  return found;
}

/**
 * What tsoa calls for `@Security('bearer', ['secretary', ...])`; the scopes are the roles of which one is needed.
 * A service re-exports it from `api/authentication.ts`. The result is what `@Request() request` has as `user`.
 */
export async function expressAuthentication(req: Request, _name: string, scopes: string[] = []): Promise<Principal> {
  return requireRole(req, scopes as Role[]);
}
