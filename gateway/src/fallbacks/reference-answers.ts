import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '@cabinet/kit/access/principal';
import { LRUCache } from 'lru-cache';
import type { Route } from '../routes.js';

interface KeptAnswer {
  type: string;
  etag?: string;
  body: Buffer;
  keptAt: number;
}

const entriesMax = 500;
const bytesMax = 16 * 1024 * 1024;
/** Nobody should plan by a list of practitioners that is older. */
const ageMsMax = 24 * 3_600_000;

/**
 * The last good answers about reference data, to be given while its service is away. Personal and medical data never comes
 * here: for those no answer is better than an old one.
 */
export class ReferenceAnswers {
  private readonly kept = new LRUCache<string, KeptAnswer>({
    max: entriesMax,
    maxSize: bytesMax,
    sizeCalculation: ({ body }) => body.length || 1,
  });

  /** @param now milliseconds on a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns under what an answer to this request may be kept; undefined when it may not. */
  static keyOf(method: string, route: Route, principal: Principal | undefined, pathAndQuery: string) {
    if (!route.isReference || method !== 'GET' || !principal) return undefined;
    // Roles may see different fields of one practitioner.
    return `${principal.roles.toSorted().join()} ${pathAndQuery}`;
  }

  keep(key: string, headers: IncomingHttpHeaders, body: Buffer): void {
    const type = String(headers['content-type'] ?? '');
    if (!type.startsWith('application/json')) return;
    this.kept.set(key, { type, etag: headers.etag, body, keptAt: this.now() });
  }

  /** @returns an answer that says how old it is (RFC 9111, section 5.1; RFC 9211). */
  find(key: string): { headers: string[]; body: Buffer } | undefined {
    const answer = this.kept.get(key);
    if (!answer || this.now() - answer.keptAt > ageMsMax) return undefined;
    const age = Math.floor((this.now() - answer.keptAt) / 1000);
    const headers = ['Content-Type', answer.type, 'Content-Length', String(answer.body.length)];
    headers.push('Age', String(age), 'Warning', '110 cabinet-gateway "Response is Stale"');
    headers.push('Cache-Status', `cabinet-gateway; hit; ttl=-${age}; detail=stale`, 'Cache-Control', 'no-store');
    if (answer.etag) headers.push('ETag', answer.etag);
    return { headers, body: answer.body };
  }
}
