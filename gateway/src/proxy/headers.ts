import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

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
const hiddenInAnswers = new Set(['x-powered-by', 'server', 'x-request-id']);

export interface Passage {
  requestId: string;
  traceHeaders: Record<string, string>;
}

/** The headers for the instance: the caller's own without those that belong to this hop or could only be forged. */
export function requestHeaders(req: IncomingMessage, passage: Passage): Record<string, string | string[]> {
  const named = namedByConnection(req.headers.connection);
  const headers: Record<string, string | string[]> = {};
  // Not the raw headers: of a header that came twice, the services must see what was checked here.
  for (const [name, value] of Object.entries(req.headers)) {
    if (value === undefined || ownedByGateway.has(name) || spoofed.test(name) || named?.has(name)) continue;
    headers[name] = value;
  }
  headers['x-forwarded-for'] = req.socket.remoteAddress ?? 'unknown';
  headers['x-forwarded-proto'] = (req.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  if (req.headers.host) headers['x-forwarded-host'] = req.headers.host;
  headers['x-request-id'] = passage.requestId;
  return Object.assign(headers, passage.traceHeaders);
}

/** The headers for the caller, as the flat list that `writeHead` takes: names and values in turn. */
export function answerHeaders(headers: IncomingHttpHeaders, requestId: string): string[] {
  const named = namedByConnection(headers.connection);
  const list: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ownedByHop.has(name) || hiddenInAnswers.has(name) || named?.has(name)) continue;
    // Of two framings the chunked one is valid (RFC 9112, section 6.3).
    if (name === 'content-length' && headers['transfer-encoding']) continue;
    if (Array.isArray(value)) for (const one of value) list.push(name, one);
    else list.push(name, value);
  }
  list.push('X-Request-Id', requestId);
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
