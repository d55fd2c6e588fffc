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

export const noBody: RequestBody = { kind: 'none' };

/** @throws DomainError 413 when the announced length is too much. A length that is not announced is counted as it comes. */
export function assertLength(req: IncomingMessage, bytesMax: number): void {
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

export function hasBody(req: IncomingMessage): boolean {
  if (req.headers['transfer-encoding'] !== undefined) return true;
  const length = req.headers['content-length'];
  return length === undefined ? isHttp2WithBody(req) : length !== '0';
}

/**
 * Reads a body: small ones whole, larger ones are passed on in parts. A promise, unless it is known at once which.
 * @throws DomainError 429 and 503; 413 and UpstreamFault `abandoned` later, while the parts are read.
 */
export function readBody(req: IncomingMessage, reading: BodyReading): RequestBody | Promise<RequestBody> {
  const length = req.headers['content-length'];
  if (length === undefined) return readWhileSmall(req, reading);
  if (Number(length) <= keptBytesMax) return readKept(req, reading);
  reading.onPassing();
  return { kind: 'passing', parts: new PassingBody(req, reading) };
}

/** HTTP/2 frames bodies itself, so that neither a length nor a coding need be named. */
const isHttp2WithBody = (req: IncomingMessage & { stream?: ServerHttp2Stream }): boolean =>
  req.httpVersionMajor >= 2 && req.stream?.endAfterHeaders === false;

function readKept(req: IncomingMessage, { onPart, onWhole }: BodyReading): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => {
      parts.push(part);
      onPart(part.length);
    });
    req.on('end', () => {
      onWhole();
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
      try {
        reading.onPassing();
      } catch (error) {
        body.destroy();
        reject(error);
        return;
      }
      body.unshift(Buffer.concat(kept));
      resolve({ kind: 'passing', parts: body });
    };
    const finish = () => resolve(bytes === 0 ? noBody : { kind: 'kept', bytes: Buffer.concat(kept) });
    body.on('data', take).on('end', finish).on('error', reject);
  });
}
