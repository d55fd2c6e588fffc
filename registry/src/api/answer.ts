import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Codec } from './codec.js';
import { jsonCodec } from './json-codec.js';
import { xmlCodec } from './xml-codec.js';

const compress = promisify(gzip);

/** JSON when the client names it, else XML: also for any media type, as Eureka does. */
export const codecFor = (req: Request): Codec => (req.get('accept')?.includes('json') ? jsonCodec : xmlCodec);

/** Sends a body in the codec's language, compressed for clients that can read that. */
export async function sendDocument(req: Request, res: Response, codec: Codec, text: string): Promise<void> {
  res.status(200).setHeader('Content-Type', codec.mediaType);
  res.setHeader('Vary', 'Accept, Accept-Encoding');
  if (acceptsGzip(req.get('accept-encoding'))) {
    const body = await compress(text);
    res.setHeader('Content-Encoding', 'gzip').end(body);
  } else {
    res.end(text);
  }
}

/** Refusals of the protocol have a reason as plain text, or nothing. */
export function sendRefusal(res: Response, status: number, reason = ''): void {
  res.status(status);
  if (reason) res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.end(reason);
}

const acceptsGzip = (header = ''): boolean =>
  header.split(',').some((coding) => /^\s*(x-)?gzip\s*$|^\s*(x-)?gzip\s*;\s*q=(?!0(\.0*)?\s*$)/i.test(coding));
