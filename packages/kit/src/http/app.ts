import express, { type Express, type RequestHandler } from 'express';
import { identifyCaller } from '../access/authenticate.js';
import type { TokenVerifier } from '../access/tokens.js';
import { newId } from '../ids.js';
import type { Logger } from '../observe/log.js';
import { countProblems, type Metrics, observeRequests, routePattern } from '../observe/metrics.js';
import { currentTraceId, traceRequests } from '../observe/tracing.js';
import { apiHeaders } from './api-headers.js';
import { type BodyRules, readBodies, tidyAddress } from './body.js';
import { serveDocs } from './docs.js';
import { noSuchRoute } from './no-such-route.js';
import { boundBodies, type OpenApi, Operations } from './operations.js';
import { problemExit } from './problem.js';
import { Abandoned, currentContext, runInContext } from './request-context.js';

export interface HttpAppOptions {
  service: string;
  log: Logger;
  metrics: Metrics;
  verifier: TokenVerifier;
  /** What the process's own sidecar sends with calls and events. */
  appApiToken?: string;
  /** True when the process can do its work; asked by `/health/ready`. */
  isReady: () => Promise<boolean>;
  /** The codes of the refusals that are the service's own. */
  errorCodes: readonly string[];
  /** The service's OpenAPI document, shown at `/docs`. */
  openapi?: OpenApi;
  body?: BodyRules;
  /** Mounted once it is known who calls, before anything can refuse what they sent. */
  watching?: RequestHandler[];
  /** Mounted before JSON parsing: routes that read their own body. */
  before?: RequestHandler[];
  /** The service's own routes: tsoa's, events, anything else. */
  routes: (app: Express) => void;
}

/** An Express app with everything services do alike around `routes`: ids, log, metrics, identity, bodies, health, exit. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { log, metrics } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.use(speakToPrograms);
  serveHealth(app, options.isReady);
  app.get('/metrics', metrics.handler);
  if (options.openapi) serveDocs(app, options.service, options.openapi);

  app.use(traceRequests, giveRequestId, observeRequests(metrics), logRequests(log));
  app.use(endWithCaller);
  app.use(identifyCaller(options.verifier, options.appApiToken));
  for (const handler of options.watching ?? []) app.use(handler);
  app.use(tidyAddress);
  for (const handler of options.before ?? []) app.use(handler);
  app.use(readBodies(options.body), boundBodies(new Operations(options.openapi ?? {})));
  options.routes(app);
  app.use(noSuchRoute);
  app.use(problemExit(log, countProblems(metrics, options.errorCodes)));
  return app;
}

/** Pages, which come after it, say by themselves what they load. */
const speakToPrograms: RequestHandler = (_req, res, next) => {
  res.set(apiHeaders);
  next();
};

/** `/health/live` answers while the process runs; `/health/ready` while it can also do its work. */
export function serveHealth(app: Express, isReady: () => Promise<boolean>): void {
  app.get('/health/live', (_req, res) => {
    res.json({ status: 'UP' });
  });
  app.get('/health/ready', async (_req, res) => {
    const ready = await isReady().catch(() => false);
    res.status(ready ? 200 : 503).json({ status: ready ? 'UP' : 'DOWN' });
  });
}

const acceptableRequestId = /^[\w-]{8,64}$/;

/** Takes the caller's `X-Request-Id` if it is harmless, else makes one; it is in the answer, the logs and every problem. */
export const giveRequestId: RequestHandler = (req, res, next) => {
  const sent = req.get('x-request-id');
  const requestId = sent && acceptableRequestId.test(sent) ? sent : newId();
  res.set('X-Request-Id', requestId);
  runInContext({ requestId, traceId: currentTraceId() }, () => next());
};

/** Ends what a request that only reads is doing, when its caller goes away. */
const endWithCaller: RequestHandler = (req, res, next) => {
  const context = currentContext();
  if (context && (req.method === 'GET' || req.method === 'HEAD')) {
    const waiting = new AbortController();
    context.signal = waiting.signal;
    res.on('close', () => res.writableFinished || waiting.abort(new Abandoned()));
  }
  next();
};

/** One line a request, by route pattern: paths hold ids and queries hold names. */
export function logRequests(log: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    res.on('close', () => {
      const level = res.statusCode >= 500 ? 'warn' : 'info';
      log[level](
        {
          method: req.method,
          route: routePattern(req),
          status: res.statusCode,
          duration_ms: Math.round((performance.now() - began) * 10) / 10,
        },
        res.writableFinished ? 'request' : 'request aborted',
      );
    });
    next();
  };
}
