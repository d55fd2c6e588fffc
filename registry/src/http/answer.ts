import type { IncomingMessage, ServerResponse } from 'node:http';

/** Refusals of the protocol have a reason as plain text, or nothing. */
export function sendRefusal(res: ServerResponse, status: number, reason = ''): void {
  if (reason) res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  sendNothing(res, status, reason);
}

export function sendNothing(res: ServerResponse, status: number, body = ''): void {
  res.statusCode = status;
  if (status !== 204) res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

export function sendJson(res: ServerResponse, body: unknown, status = 200): void {
  res.setHeader('Content-Type', 'application/json');
  sendNothing(res, status, JSON.stringify(body));
}

export const acceptsGzip = (req: IncomingMessage): boolean => {
  const header = String(req.headers['accept-encoding'] ?? '');
  return header.split(',').some((coding) => /^\s*(x-)?gzip\s*$|^\s*(x-)?gzip\s*;\s*q=(?!0(\.0*)?\s*$)/i.test(coding));
};
