import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Refusal } from './refusal.js';

const decompress = promisify(gunzip);

// A byte that is no UTF-8 would be stored as something that nobody has sent (RFC 8259, section 8.1).
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body, decompressed. @throws Refusal 413 over the limit (before and after decompression), 400, 415 */
export async function readBody(req: IncomingMessage, bytesMax: number): Promise<string> {
  const charset = /charset="?([^\s;"]+)/i.exec(req.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return refuse(req, 415, 'Send UTF-8');
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (!/^(identity|gzip)$/i.test(encoding)) return refuse(req, 415, 'Send it plain or with gzip');
  const sent = await collect(req, bytesMax);
  return decode(/^identity$/i.test(encoding) ? sent : await inflate(sent, bytesMax));
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Refusal(400, 'Send UTF-8', { cause });
  }
}

async function collect(req: IncomingMessage, bytesMax: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return refuse(req, 413, 'The body is too large');
  const parts: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving it would destroy the connection, and the answer with it.
  await new Promise<void>((resolve, reject) => {
    req.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= bytesMax) parts.push(part);
      else reject(new Refusal(413, 'The body is too large'));
    });
    req.on('end', resolve);
    req.on('error', () => reject(new Refusal(400, 'The request cannot be read')));
    req.on('close', () => reject(new Refusal(400, 'The request cannot be read')));
  });
  return Buffer.concat(parts);
}

async function inflate(sent: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await decompress(sent, { maxOutputLength: bytesMax });
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    throw new Refusal(isTooLarge ? 413 : 400, isTooLarge ? 'The body is too large' : 'The request cannot be read', {
      cause,
    });
  }
}

// What still comes is read and dropped: a client that sends on would not see the answer.
function refuse(req: IncomingMessage, status: number, reason: string): never {
  req.resume();
  throw new Refusal(status, reason);
}
