import {
  type Clock,
  Closers,
  createLogger,
  createMetrics,
  type Logger,
  listen,
  type RunningProcess,
  systemClock,
} from '@cabinet/kit/process';
import express, { type Express } from 'express';
import { sendRefusal } from './api/answer.js';
import { ChangeFeed } from './api/change-feed.js';
import { eurekaRoutes } from './api/eureka-routes.js';
import { instancesPage } from './api/instances-page.js';
import { observeRegistry } from './api/registry-metrics.js';
import type { Config } from './config.js';
import { Registry } from './domain/registry.js';
import { logChanges } from './log-changes.js';

export interface Overrides {
  clock?: Clock;
  log?: Logger;
}

/** Starts the registry; resolves when it accepts requests. */
export async function startRegistry(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const { clock = systemClock, log = createLogger('registry', config.logLevel) } = overrides;
  const registry = new Registry(clock);
  const feed = new ChangeFeed({ registry, clock, heartbeatMs: config.feedHeartbeatMs });
  const eviction = setInterval(() => registry.evictExpired(), config.evictionMs).unref();
  logChanges(registry, log);

  const listener = await listen(httpApp({ config, registry, clock, log, feed }), config);
  log.info({ port: listener.port }, 'listening');

  const closers = new Closers();
  closers.add(() => clearInterval(eviction));
  closers.add(listener.stop);
  closers.add(() => feed.close());
  return { host: listener.host, port: listener.port, stop: () => closers.closeAll() };
}

interface Parts {
  config: Config;
  registry: Registry;
  clock: Clock;
  log: Logger;
  feed: ChangeFeed;
}

function httpApp({ config, registry, clock, log, feed }: Parts): Express {
  const metrics = createMetrics('registry');
  observeRegistry(metrics, registry, feed);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  // Whoever can be answered at all gets the truth: there is nothing behind this process that could be away.
  app.get(['/health/live', '/health/ready'], (_req, res) => void res.json({ status: 'UP' }));
  app.get('/metrics', metrics.handler);
  // Before the timing of requests: a reader stays connected for days.
  app.get(['/eureka/changes', '/eureka/v2/changes'], feed.connect);
  app.use(metrics.observeRequests);
  app.get('/', instancesPage(registry, clock));
  app.use(['/eureka/v2', '/eureka'], eurekaRoutes({ registry, clock, log, bodyBytesMax: config.bodyBytesMax }));
  app.use((_req, res) => sendRefusal(res, 404));
  return app;
}
