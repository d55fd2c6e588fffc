import type { Request } from 'express';
import { ForeignOrigin } from '../domain/errors.js';

/**
 * Lets in what our own pages ask, and what no page does. `SameSite` alone keeps other sites out, but not the other hosts of
 * our own: those could refresh, or sign out, whoever visits them.
 * @param allowed origins whose pages may call the API from elsewhere
 * @throws ForeignOrigin (403)
 */
export function assertOwnOrigin(request: Request, allowed: readonly string[]): void {
  const origin = request.get('origin');
  if (origin !== undefined && allowed.includes(origin)) return;
  const isOwn = origin === undefined || hostOf(origin) === hostOf(`${request.protocol}://${request.host}`);
  const isSaidToBeOwn = ['same-origin', 'none'].includes(request.get('sec-fetch-site') ?? 'none');
  if (!isOwn || !isSaidToBeOwn) throw new ForeignOrigin();
}

/** Host and port. The scheme is left out: a proxy that ends TLS may not tell. */
const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
