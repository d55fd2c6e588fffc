import type { IncomingMessage, ServerResponse } from 'node:http';

const lingerMs = 1_000;

/**
 * Ends an answer that may have come before the whole request did. What is still on its way is thrown away for a moment:
 * closing on it at once would reset the connection, and the caller could lose the answer (RFC 9112, section 9.6).
 */
export function endAnswer(
  req: IncomingMessage,
  res: ServerResponse,
  lastPiece?: string,
  encoding: BufferEncoding = 'utf8',
): void {
  if (lastPiece === undefined) res.end();
  else res.end(lastPiece, encoding);
  if (req.complete || req.destroyed) return;
  // A connection of HTTP/2 has other requests on it.
  const limit = setTimeout(() => (req.httpVersionMajor >= 2 ? req : req.socket).destroy(), lingerMs);
  req.once('close', () => clearTimeout(limit)).once('end', () => clearTimeout(limit));
  req.on('data', () => {}).on('error', () => {}); // thrown away; a caller that breaks off has nothing more to hear
  req.resume();
}
