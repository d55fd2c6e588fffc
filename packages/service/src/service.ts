import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createTokenVerifier, type TokenVerifier } from '@cabinet/kit/access/tokens';
import { ConfigurationError, type ServiceEnvironment } from '@cabinet/kit/config';
import { createHttpApp } from '@cabinet/kit/http/app';
import type { BodyRules } from '@cabinet/kit/http/body';
import type { OpenApi } from '@cabinet/kit/http/operations';
import { Closers, listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger, type Logger } from '@cabinet/kit/observe/log';
import { createMetrics, type Metrics } from '@cabinet/kit/observe/metrics';
import { startTracing } from '@cabinet/kit/observe/tracing';
import { registerInRegistry } from '@cabinet/kit/registry/registration';
import type { Express, RequestHandler } from 'express';
import { deadLetterRoutes } from './http/dead-letters.js';
import type { EventReceiver } from './sidecar/event-receiver.js';
import { eventRoutes } from './sidecar/event-routes.js';
import { sidecarCame } from './sidecar/first-answer.js';
import { EventKeys } from './sidecar/signatures.js';

/** What a service has before its own parts are built. */
export interface ServiceBasis {
  name: string;
  config: ServiceEnvironment;
  log: Logger;
  metrics: Metrics;
  verifier: TokenVerifier;
  /** What signs the events that it tells, and shows those it hears to be genuine. */
  eventKeys: EventKeys;
  /** Run in reverse order when the service stops, after the last request has been answered. */
  closers: Closers;
}

export async function openService(
  name: string,
  config: ServiceEnvironment,
  overrides: { verifier?: TokenVerifier } = {},
): Promise<ServiceBasis> {
  const eventKeys = new EventKeys(new Map(Object.entries(config.EVENT_KEYS)));
  if (!eventKeys.has(name)) throw new ConfigurationError([`EVENT_KEYS: has no key of ${name}, to sign what it tells`]);
  const log = createLogger(name, config.LOG_LEVEL);
  const closers = new Closers();
  closers.add(await startTracing(name, config.OTEL_EXPORTER_OTLP_ENDPOINT));
  const verifier = overrides.verifier ?? createTokenVerifier({ jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER });
  return { name, config, log, metrics: createMetrics(name), verifier, eventKeys, closers };
}

export interface ServiceParts {
  openapi: OpenApi;
  /** What its requests may have in them, beyond what holds for all services. */
  body?: BodyRules;
  /** Every refusal of its own, by code. */
  errorCodes: Record<string, unknown>;
  isReady: () => Promise<boolean>;
  /** Before JSON parsing: routes that read their own body. */
  before?: RequestHandler[];
  /** Receives the events of the topics that the service hears. */
  hears?: EventReceiver;
  /** tsoa's routes and whatever stands around them. */
  routes: (app: Express) => void;
}

/** How long a service goes on taking requests after it has left the registry. */
const noticeMs = 1_000;

/**
 * Listens and registers, as UP when its sidecar has come too; the registry may be absent. On stop: leave the registry, let
 * that be heard, finish running requests, close.
 */
export async function serve(basis: ServiceBasis, parts: ServiceParts): Promise<RunningProcess & { server: Server }> {
  const { name, config, log, closers } = basis;
  let stopping = false;
  const isReady = async () => !stopping && (await parts.isReady());
  const app = createHttpApp({
    service: name,
    log,
    metrics: basis.metrics,
    verifier: basis.verifier,
    appApiToken: config.APP_API_TOKEN,
    isReady,
    openapi: parts.openapi,
    errorCodes: Object.keys(parts.errorCodes),
    body: parts.body,
    before: [...(parts.hears ? [eventRoutes(parts.hears, config.APP_API_TOKEN)] : []), ...(parts.before ?? [])],
    routes(app) {
      if (parts.hears) app.use(deadLetterRoutes(parts.hears));
      parts.routes(app);
    },
  });
  const listener = await listen(app, { host: config.APP_HOST, port: config.APP_PORT });
  const hasSidecar = sidecarCame(config.DAPR_HTTP_PORT);
  const registration = registerInRegistry({
    urls: config.REGISTRY_URLS,
    app: name,
    host: config.APP_HOST,
    port: listener.port,
    sidecarPort: config.DAPR_HTTP_PORT,
    token: config.REGISTRY_TOKEN,
    isReady: async () => (await isReady()) && (await hasSidecar()),
    log,
  });
  log.info({ port: listener.port }, 'listening');
  return {
    ...listener,
    stop: async () => {
      stopping = true;
      const wasListed = registration.state().kind === 'registered';
      await registration.stop();
      // The gateway hears of it a moment later: what it has sent by then must not meet a closed door.
      if (wasListed) await delay(noticeMs);
      await listener.stop();
      await closers.closeAll();
      log.info('stopped');
    },
  };
}
