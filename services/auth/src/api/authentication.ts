import { expressAuthentication as bearerAuthentication } from '@cabinet/kit/access/authenticate';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Request } from 'express';
import { RefreshMissing } from '../domain/errors.js';
import { refreshCookie } from './cookies.js';

/** What tsoa calls for `@Security`: `bearer` for an access token, `refreshCookie` for what only the cookie proves. */
export async function expressAuthentication(
  request: Request,
  name: string,
  scopes?: string[],
): Promise<Principal | undefined> {
  if (name !== 'refreshCookie') return bearerAuthentication(request, name, scopes);
  if (!refreshCookie.read(request)) throw new RefreshMissing();
  return undefined;
}
