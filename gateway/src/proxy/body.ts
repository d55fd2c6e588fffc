import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import { UpstreamFault } from './faults.js';
import { type BodyReading, PassingBody, tooLarge } from './passing-body.js';

/** Kept until the answer, so that the request can be made again. */
const keptBytesMax = 64 * 1024;

export type RequestBody =
  | { kind: 'none' }
  | { kind: 'kept'; bytes: Buffer }
  /** Passed on as it comes; can be sent only once. */
  | { kind: 'passing'; parts: Readable };

const none: RequestBody = { kind: 'none' };

/** @throws DomainError 413 when the announced length is too much. A length that is not announced is counted as it comes. */
export function assertLength(req: IncomingMessage, bytesMax: number): void {
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

/**
 * Takes the body of a request: small ones are read, larger ones are passed on in parts. A promise, unless it is known at
 * once which.
 * @throws DomainError 413 and UpstreamFault `abandoned` later, while the parts are read.
 */
export function takeBody(req: IncomingMessage, reading: BodyReading): RequestBody | Promise<RequestBody> {
  const length = req.headers['content-length'];
  if (req.headers['transfer-encoding'] !== undefined) return readWhileSmall(req, reading);
  if (length === undefined && isHttp2WithBody(req)) return readWhileSmall(req, reading);
  if (length === undefined || length === '0') return none;
  if (Number(length) > keptBytesMax) return { kind: 'passing', parts: new PassingBody(req, reading) };
  return readKept(req, reading);
}

/** HTTP/2 frames bodies itself, so that neither a length nor a coding need be named. */
const isHttp2WithBody = (req: IncomingMessage & { stream?: ServerHttp2Stream }): boolean =>
  req.httpVersionMajor >= 2 && req.stream?.endAfterHeaders === false;

function readKept(req: IncomingMessage, { onPart }: BodyReading): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => {
      parts.push(part);
      onPart();
    });
    req.on('end', () => {
      resolve({ kind: 'kept', bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts) });
    });
    req.on('error', (error) => reject(new UpstreamFault('abandoned', error)));
  });
}

/** A body of unknown length, so that a small one can be sent again, and one that is malformed is sent nowhere. */
function readWhileSmall(req: IncomingMessage, reading: BodyReading): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const body = new PassingBody(req, reading);
    const kept: Buffer[] = [];
    let bytes = 0;
    const take = (part: Buffer) => {
      kept.push(part);
      bytes += part.length;
      if (bytes <= keptBytesMax) return;
      body.off('data', take).off('end', finish).off('error', reject).pause();
      body.unshift(Buffer.concat(kept));
      resolve({ kind: 'passing', parts: body });
    };
    const finish = () => resolve(bytes === 0 ? none : { kind: 'kept', bytes: Buffer.concat(kept) });
    body.on('data', take).on('end', finish).on('error', reject);
  });
}
