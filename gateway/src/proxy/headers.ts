import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller } from '../limits/caller-address.js';

// RFC 9110, section 7.6.1: meant for the next hop only. `expect` is answered here, `host` and the length are set anew.
const ownedByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
const ownedByGateway = new Set([
  ...ownedByHop,
  'expect',
  'host',
  'forwarded',
  'x-request-id',
  'x-real-ip',
  'traceparent',
  'tracestate',
]);
// Only a sidecar or this gateway may say such things; some servers read `_` as `-`.
const spoofed = /^(?:dapr|x[-_]user|x[-_]forwarded)(?:[-_]|$)/;
const hiddenInAnswers = new Set([...ownedByHop, 'x-powered-by', 'server', 'x-request-id', 'x-content-type-options']);

export interface ForwardContext {
  requestId: string;
  caller: Caller;
  span: { headers: Record<string, string> };
}

/**
 * The headers for the instance, names and values in turn: the caller's own without those that belong to this hop or could
 * only be forged.
 */
export function requestHeaders(req: IncomingMessage, { requestId, caller, span }: ForwardContext): string[] {
  const named = namedByConnection(req.headers.connection);
  const list: string[] = [];
  // Not the raw headers: of a header that came twice, the services must see what was checked here.
  for (const name in req.headers) {
    const value = req.headers[name];
    if (value === undefined || !isPassedOn(name) || named?.has(name)) continue;
    if (typeof value === 'string') list.push(name, value);
    else for (const one of value) list.push(name, one);
  }
  list.push('x-forwarded-for', caller.address, 'x-forwarded-proto', caller.scheme);
  const host = req.headers[':authority'] ?? req.headers.host;
  if (typeof host === 'string') list.push('x-forwarded-host', host);
  list.push('x-request-id', requestId);
  for (const name in span.headers) list.push(name, span.headers[name] as string);
  return list;
}

// Callers send the same few names again and again.
const knownNames = new Map<string, boolean>();
const knownNamesMax = 500;

function isPassedOn(name: string): boolean {
  let passes = knownNames.get(name);
  if (passes === undefined) {
    passes = !name.startsWith(':') && !ownedByGateway.has(name) && !spoofed.test(name);
    if (knownNames.size < knownNamesMax) knownNames.set(name, passes);
  }
  return passes;
}

/** The headers for the caller, names and values in turn: the service's own, and before them what the gateway adds. */
export function answerHeaders(headers: IncomingHttpHeaders, added: readonly string[]): string[] {
  const named = namedByConnection(headers.connection);
  const list = added.slice();
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || hiddenInAnswers.has(name) || named?.has(name)) continue;
    // Of two framings the chunked one is valid (RFC 9112, section 6.3).
    if (name === 'content-length' && headers['transfer-encoding']) continue;
    if (typeof value === 'string') list.push(name, value);
    else for (const one of value) list.push(name, one);
  }
  list.push('X-Content-Type-Options', 'nosniff');
  // Most answers are about a person, so only what a service calls storable may be stored.
  if (headers['cache-control'] === undefined) list.push('Cache-Control', 'no-store');
  return list;
}

function namedByConnection(connection: string | string[] | undefined): Set<string> | undefined {
  if (!connection || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(
    String(connection)
      .toLowerCase()
      .split(/[\s,]+/),
  );
}

const harmlessId = /^[\w-]{8,64}$/;

/** The caller's request id, if it is harmless. */
export function sentRequestId(req: IncomingMessage): string | undefined {
  const sent = req.headers['x-request-id'];
  return typeof sent === 'string' && harmlessId.test(sent) ? sent : undefined;
}
