import type { RequestListener } from 'node:http';
import { DomainError, type Logger, NotAuthenticated, runInContext, type TokenVerifier } from '@cabinet/kit';
import { Exchange, type ExchangeParts } from './proxy/exchange.js';
import type { Forwarder } from './proxy/forward.js';
import { readTarget } from './proxy/path.js';
import { refuse, refuseForDefect } from './refusals.js';
import { findRoute, isPublic } from './routes.js';

export interface FrontDoorParts {
  forwarder: Forwarder;
  verifier: TokenVerifier;
  /** Everything that is not routed to a service: docs, health, the gateway's own state. */
  pages: RequestListener;
  log: Logger;
  exchanges: ExchangeParts;
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Where every request enters: is it well-formed, which route, who calls; then on to the service or to our own pages. */
export function createFrontDoor({ forwarder, verifier, pages, log, exchanges }: FrontDoorParts): RequestListener {
  async function admit(exchange: Exchange): Promise<void> {
    const { req, res, method } = exchange;
    if (!methods.has(method)) {
      throw new DomainError('method-not-allowed', 'REQUEST.METHOD_NOT_ALLOWED', 'This method is not known here');
    }
    const target = readTarget(req.url ?? '');
    const route = findRoute(target.path);
    if (!route) {
      exchange.route = pageOf(target.path);
      res.setHeader('X-Request-Id', exchange.requestId);
      const context = { requestId: exchange.requestId, traceId: exchange.span.traceId };
      return runInContext(context, () => pages(req, res));
    }
    exchange.route = route.prefix;
    exchange.service = route.service;
    if (!isPublic(method, target.path)) await verifier.verify(bearerToken(req.headers.authorization));
    await forwarder.forward(exchange, route, target);
  }

  return (req, res) => {
    const exchange = new Exchange(req, res, exchanges);
    admit(exchange).catch((error: unknown) => {
      if (error instanceof DomainError) return refuse(exchange, error);
      log.error({ err: error, request_id: exchange.requestId }, 'request failed');
      refuseForDefect(exchange);
    });
  };
}

function bearerToken(header: string | undefined): string {
  if (!header) throw new NotAuthenticated();
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  if (!token) throw new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid');
  return token;
}

const pageNames = ['/docs', '/openapi', '/health', '/metrics', '/api/system'];

/** The name of a page in logs and metrics, never the path itself: unknown paths must not make a series each. */
const pageOf = (path: string): string =>
  path === '/' ? '/' : (pageNames.find((name) => path.startsWith(name)) ?? 'unmatched');
