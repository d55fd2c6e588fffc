import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors.js';

// RFC 3986, section 3.2.2: an address in brackets or a name; then perhaps a port. Neither userinfo nor a path.
const hostPattern = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::\d*)?$/i;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/is;

// Fields that are no lists: of two that came, two readers could believe another one each (RFC 9110, section 5.3).
const singletons = new Set([
  'authorization',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'from',
  'host',
  'idempotency-key',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'max-forwards',
  'origin',
  'proxy-authorization',
  'range',
  'referer',
  'user-agent',
]);

/**
 * Refuses what two readers of one request could read in two ways and Node's parser lets through (RFC 9112, sections 2.3,
 * 3.2, 6.1; RFC 9113, section 8.3.1). A target that names its host is read as the path on that host, which counts instead
 * of `Host` (RFC 9112, section 3.2.2).
 * @throws DomainError 400, 501 for a transfer coding that is not known here, 505 for a version.
 */
export function assertWellFormed(req: IncomingMessage): void {
  const { headers } = req;
  if (req.httpVersionMajor < 1) throw malformed();
  if (!isVersionSpoken(req)) throw versionUnknown();
  if (hasTwice(req)) throw malformed();
  const coding = headers['transfer-encoding'];
  // Without `chunked` at the end nobody knows where the body ends.
  if (coding !== undefined && !/^chunked$/i.test(coding))
    throw /,\s*chunked$/i.test(coding) ? codingUnknown() : malformed();
  const { host } = headers;
  if (host !== undefined && !hostPattern.test(host)) throw malformed();
  const authority = headers[':authority'];
  if (authority !== undefined && (!isHost(authority) || (host !== undefined && host !== authority))) throw malformed();
  if (req.url?.startsWith('/') === false && req.httpVersionMajor === 1) takeHostOfTarget(req);
}

const isHost = (text: unknown): boolean => typeof text === 'string' && hostPattern.test(text);

// Node's HTTP/1 parser takes a request line with HTTP/2.0; of a real one the request has a stream.
const isVersionSpoken = (req: IncomingMessage & { stream?: unknown }): boolean =>
  req.httpVersionMajor === 1 || req.stream !== undefined;

function hasTwice({ headers, rawHeaders }: IncomingMessage): boolean {
  let names = 0;
  for (const _ in headers) names += 1;
  if (names * 2 === rawHeaders.length) return false; // as nearly always
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    if (singletons.has(name) && seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}

function takeHostOfTarget(req: IncomingMessage): void {
  const found = absoluteForm.exec(req.url ?? '');
  if (!found) return; // for the reader of targets to refuse
  const [, host = '', rest = ''] = found;
  if (!hostPattern.test(host)) throw malformed();
  req.headers.host = host;
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
}

const malformed = () => new DomainError('malformed', 'REQUEST.MALFORMED', 'This is not a valid HTTP request');

const codingUnknown = () =>
  new DomainError('not-implemented', 'REQUEST.UNKNOWN_CODING', 'This transfer coding is not known here', {
    detail: 'Send the body with a length, or chunked.',
  });

const versionUnknown = () =>
  new DomainError('version-not-supported', 'REQUEST.UNKNOWN_VERSION', 'This version of HTTP is not spoken here', {
    detail: 'Use HTTP/1.1.',
  });
