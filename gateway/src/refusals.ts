import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@cabinet/kit/errors';
import { apiHeaderList, apiHeaders } from '@cabinet/kit/http/api-headers';
import { type Problem, statusOf, toProblem } from '@cabinet/kit/http/problem';
import { newId } from '@cabinet/kit/ids';
import type { Exchange } from './proxy/exchange.js';
import { endAnswer } from './proxy/linger.js';

/** Answers with the problem body that every process uses (RFC 9457). When the answer has begun, it is cut instead. */
export function refuse(exchange: Exchange, refusal: DomainError): void {
  answer(exchange, toProblem(refusal, exchange.requestId), furtherHeaders(refusal));
}

/** For what should never have been thrown. */
export function refuseForDefect(exchange: Exchange): void {
  answer(exchange, {
    type: 'urn:cabinet:problem:INTERNAL',
    title: 'Something went wrong on our side',
    status: 500,
    detail: 'Quote the requestId when asking for help.',
    code: 'INTERNAL',
    fields: [],
    requestId: exchange.requestId,
  });
}

function answer(exchange: Exchange, problem: Problem, headers: string[] = []): void {
  const { req, res, method } = exchange;
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  const length = String(Buffer.byteLength(body));
  res.writeHead(problem.status, [...described, 'Content-Length', length, ...exchange.addedHeaders(), ...headers]);
  endAnswer(req, res, method === 'HEAD' ? undefined : body);
}

const described = ['Content-Type', 'application/problem+json', 'Cache-Control', 'no-store', ...apiHeaderList];

function furtherHeaders({ kind, retryAfterSeconds }: DomainError): string[] {
  const headers: string[] = [];
  if (retryAfterSeconds !== undefined) headers.push('Retry-After', String(Math.ceil(retryAfterSeconds)));
  if (kind === 'unauthenticated') headers.push('WWW-Authenticate', 'Bearer');
  return headers;
}

const unreadableHeaders = Object.entries(apiHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** Answers what could not even be read as a request, and closes. */
export function refuseUnreadable(socket: Socket, code: string | undefined): void {
  const refusal = refusalOf(code);
  const status = statusOf(refusal);
  const body = JSON.stringify(toProblem(refusal, newId()));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `${unreadableHeaders}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function refusalOf(code: string | undefined): DomainError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('headers-too-large', 'REQUEST.HEADERS_TOO_LARGE', 'The headers are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('timeout', 'REQUEST.TOO_SLOW', 'The request did not come in time');
    default:
      return new DomainError('malformed', 'REQUEST.MALFORMED', 'This is not a valid HTTP request');
  }
}
