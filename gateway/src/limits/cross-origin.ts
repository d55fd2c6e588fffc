import type { IncomingMessage } from 'node:http';
import { DomainError } from '@cabinet/kit/errors';

const exposed = 'ETag, Location, Link, Retry-After, X-Request-Id, RateLimit, RateLimit-Policy, Age';
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';

/** The headers that let pages of other origins read an answer (Fetch, section 3.2), names and values in turn. */
export class CrossOrigin {
  private readonly origins: ReadonlySet<string>;

  /** @param origins such as `https://portal.example`; no others are ever named. */
  constructor(origins: readonly string[]) {
    this.origins = new Set(origins);
  }

  /**
   * Browsers let every page open a WebSocket, whatever the answer's headers say (RFC 6455, section 10.2).
   * @throws DomainError (403) for one that a page of somebody else asks for; who is no browser sends no origin
   */
  assertOwnPage({ headers }: IncomingMessage): void {
    const { origin, host } = headers;
    if (origin === undefined || this.origins.has(origin) || URL.parse(origin)?.host === host?.toLowerCase()) return;
    throw new DomainError('forbidden', 'REQUEST.FOREIGN_ORIGIN', 'Pages of other origins open no connection here');
  }

  headersFor({ headers }: IncomingMessage): string[] {
    if (this.origins.size === 0) return [];
    const { origin } = headers;
    if (!origin || !this.origins.has(origin)) return ['Vary', 'Origin'];
    return [
      ...['Vary', 'Origin', 'Access-Control-Allow-Origin', origin],
      ...['Access-Control-Allow-Credentials', 'true', 'Access-Control-Expose-Headers', exposed],
    ];
  }

  /** A browser asks before it sends what a form could not; the answer needs no service and no token. */
  static isPreflight({ method, headers }: IncomingMessage): boolean {
    return method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;
  }

  preflightHeadersFor(req: IncomingMessage): string[] {
    const headers = this.headersFor(req);
    if (!headers.includes('Access-Control-Allow-Origin')) return headers;
    const asked = String(req.headers['access-control-request-headers'] ?? '');
    return [
      ...headers,
      ...['Access-Control-Allow-Methods', methods, 'Access-Control-Max-Age', '600'],
      ...(/^[\w-]+(?:\s*,\s*[\w-]+)*$/.test(asked) ? ['Access-Control-Allow-Headers', asked] : []),
    ];
  }
}
