import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { DomainError } from '@cabinet/kit/errors';
import { apiHeaders } from '@cabinet/kit/http/api-headers';
import { statusOf } from '@cabinet/kit/http/problem';
import { assertWellFormed } from '@cabinet/kit/http/well-formed';
import type { Logger } from '@cabinet/kit/observe/log';
import { type Metrics, requestDurations } from '@cabinet/kit/observe/metrics';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { RegistryFull } from '../domain/capacity.js';
import { sendRefusal } from './answer.js';
import { Refusal } from './refusal.js';

export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  params: Record<string, string | undefined>;
  /** A list where a name was given more than once. */
  query: Record<string, string | string[] | undefined>;
}

export type Handler = (exchange: Exchange) => void | Promise<void>;

export interface RouterOptions {
  metrics: Metrics;
  log: Logger;
}

// Longer than any application or instance is named.
const paramLengthMax = 2048;

/** Which handler answers what, with and without a slash at the end; the way out for what handlers throw. */
export class Router {
  private readonly routes = findMyWay({
    ignoreTrailingSlash: true,
    maxParamLength: paramLengthMax,
    defaultRoute: (req, res) => this.refuseUnknown(req, res),
    onBadUrl: (_path, _req, res) => sendRefusal(res, 400, 'The request cannot be read'),
  });

  private readonly durations: ReturnType<typeof requestDurations>;

  constructor(private readonly options: RouterOptions) {
    this.durations = requestDurations(options.metrics);
  }

  readonly listener: RequestListener = (req, res) => {
    for (const name in apiHeaders) res.setHeader(name, apiHeaders[name] as string);
    try {
      assertWellFormed(req);
      this.routes.lookup(req, res);
    } catch (error) {
      // What follows such a request on its connection is not to be believed either.
      if (error instanceof DomainError) res.setHeader('Connection', 'close');
      this.refuse(res, error);
    }
  };

  /** HEAD is answered wherever GET is (RFC 9110, section 9.1); Node leaves out the body. */
  on(method: 'GET' | 'POST' | 'PUT' | 'DELETE', paths: string | string[], handler: Handler): void {
    for (const path of [paths].flat()) {
      this.routes.on(withHead(method), path, (req, res, params, _store, query) => {
        this.observe(method, path, res);
        this.answer(handler, { req, res, params, query });
      });
    }
  }

  /** A route that stays open for days: it is not timed. */
  stream(paths: string[], handler: Handler): void {
    for (const path of paths) {
      this.routes.on(withHead('GET'), path, (req, res, params, _store, query) => {
        this.answer(handler, { req, res, params, query });
      });
    }
  }

  private async answer(handler: Handler, exchange: Exchange): Promise<void> {
    try {
      await handler(exchange);
    } catch (thrown) {
      this.refuse(exchange.res, thrown);
    }
  }

  private observe(method: string, route: string, res: ServerResponse): void {
    const began = performance.now();
    res.once('close', () => {
      const seconds = (performance.now() - began) / 1000;
      this.durations.observe({ method, route, status: res.statusCode }, seconds);
    });
  }

  /** A path that has other methods names them (RFC 9110, section 15.5.6). */
  private refuseUnknown(req: IncomingMessage, res: ServerResponse): void {
    const [path = ''] = (req.url ?? '').split('?');
    const allowed = methods.filter((method) => this.routes.find(method, path));
    if (allowed.length > 0) res.setHeader('Allow', allowed.join(', '));
    req.resume();
    sendRefusal(res, allowed.length > 0 ? 405 : 404);
  }

  private refuse(res: ServerResponse, thrown: unknown): void {
    if (res.headersSent) res.destroy();
    else if (thrown instanceof DomainError) sendRefusal(res, statusOf(thrown), thrown.message);
    else if (thrown instanceof RegistryFull) sendRefusal(res, 503, thrown.message);
    else if (thrown instanceof Refusal) sendRefusal(res, thrown.status, thrown.message);
    else {
      this.options.log.error({ err: thrown }, 'request failed');
      sendRefusal(res, 500);
    }
  }
}

const methods: HTTPMethod[] = ['DELETE', 'GET', 'HEAD', 'POST', 'PUT'];

const withHead = (method: HTTPMethod): HTTPMethod[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);
