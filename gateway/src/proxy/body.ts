import type { IncomingMessage } from 'node:http';
import { DomainError } from '@cabinet/kit';
import { UpstreamFault } from './faults.js';

/** Kept until the answer, so that the request can be made again. */
const keptBytesMax = 64 * 1024;

export type RequestBody =
  | { kind: 'none' }
  | { kind: 'kept'; bytes: Buffer }
  /** Passed on as it comes; can be sent only once. */
  | { kind: 'passing'; parts: AsyncIterable<Buffer> };

export interface BodyReading {
  bytesMax: number;
  /** Called with each part that has come. */
  onPart: () => void;
}

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
  if (req.headers['transfer-encoding'] !== undefined) return readWhileSmall(countedParts(req, reading));
  if (length === undefined || length === '0') return none;
  if (Number(length) > keptBytesMax) return { kind: 'passing', parts: countedParts(req, reading) };
  return readKept(req, reading);
}

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
async function readWhileSmall(parts: AsyncGenerator<Buffer>): Promise<RequestBody> {
  const kept: Buffer[] = [];
  for (let bytes = 0; bytes <= keptBytesMax; ) {
    const { value, done } = await parts.next();
    if (done) return bytes === 0 ? none : { kind: 'kept', bytes: Buffer.concat(kept) };
    kept.push(value);
    bytes += value.length;
  }
  return { kind: 'passing', parts: keptAndRest(kept, parts) };
}

async function* keptAndRest(kept: Buffer[], rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield* kept;
  yield* rest;
}

async function* countedParts(req: IncomingMessage, { bytesMax, onPart }: BodyReading): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    // The caller is still to be answered when reading ends early, so the request must outlive this loop.
    for await (const part of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      onPart();
      yield part;
    }
  } catch (error) {
    throw error instanceof DomainError ? error : new UpstreamFault('abandoned', error);
  }
}

const tooLarge = (bytesMax: number) =>
  new DomainError('too-large', 'REQUEST.TOO_LARGE', 'The body is too large', {
    detail: `At most ${bytesMax} bytes are accepted here.`,
  });
