import { listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger, type Logger } from '@cabinet/kit/observe/log';
import { createMetrics, type Metrics } from '@cabinet/kit/observe/metrics';
import { ChangeFeed } from './api/change-feed.js';
import type { EurekaContext } from './api/context.js';
import { serveEureka } from './api/eureka.js';
import type { Config } from './config.js';
import { Eviction } from './domain/eviction.js';
import { History } from './domain/history.js';
import { Registry } from './domain/registry.js';
import { DriftWatch } from './drift/drift-watch.js';
import { sendJson, sendNothing } from './http/answer.js';
import { Router } from './http/router.js';
import { logChanges } from './log-changes.js';
import { LivePages } from './pages/live.js';
import { servePages } from './pages/pages.js';
import { Peers } from './peers/peers.js';
import { ReplicatedRegistry } from './peers/replicated-registry.js';
import { StartUpSync } from './peers/start-up-sync.js';
import { Guard } from './protection/guard.js';
import { observeRegistry } from './registry-metrics.js';
import { realTime, type Time } from './time.js';

export interface Overrides {
  time?: Time;
  log?: Logger;
}

/** Starts the registry; resolves when it accepts requests. */
export async function startRegistry(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const { time = realTime, log = createLogger('registry', config.logLevel) } = overrides;
  const registry = new Registry(time, config);
  const eviction = new Eviction(registry, time, { ...config, intervalMs: config.evictionMs });
  const history = new History();
  registry.subscribe((change) => history.note(change));
  logChanges(registry, log);

  const peers = new Peers({ registry, time, log, timeoutMs: config.peerTimeoutMs });
  peers.update(config.peerUrls);
  const replicated = new ReplicatedRegistry(registry, peers, time);
  const sync = new StartUpSync({ registry, peers, time, log, waitMsMax: config.syncWaitMs });

  const feed = new ChangeFeed({ registry, time, heartbeatMs: config.feedHeartbeatMs });
  const metrics = createMetrics('registry');
  observeRegistry({ metrics, registry, feed, eviction, peers });
  const rules = { ...config, basic: config.basicAuth, tokens: config.accessTokens };
  const guard = new Guard(rules, time, metrics);

  const router = new Router({ metrics, log });
  serveProcess(router, metrics);
  router.stream(['/eureka/changes', '/eureka/v2/changes'], guard.fetch(feed.connect(() => sync.isOpen)));
  const drift = new DriftWatch({ registry, time, metrics, everyMs: config.driftMs, timeoutMs: config.peerTimeoutMs });
  const context: EurekaContext = {
    ...{ registry, replicated, peers, time },
    access: guard.allowed,
    cameFrom: (key, address) => drift.noteAddress(key, address),
    isOpen: () => sync.isOpen,
    bodyBytesMax: config.bodyBytesMax,
  };
  serveEureka(router, context, guard);
  const live = new LivePages(registry, time);
  servePages(router, guard, { registry, eviction, history, peers, time, drift, live });

  const listener = await listen(router.listener, config);
  log.info({ port: listener.port }, 'listening');

  const stopEviction = time.every(config.evictionMs, () => eviction.run());
  const closers = new AsyncDisposableStack();
  closers.defer(stopEviction);
  closers.defer(listener.stop);
  closers.defer(() => feed.close());
  closers.defer(() => live.stop());
  closers.defer(() => drift.stop());
  closers.defer(() => peers.stop());
  closers.defer(() => sync.stop());
  closers.defer(() => guard.leave());
  return { host: listener.host, port: listener.port, stop: () => closers.disposeAsync() };
}

// Whoever can be answered at all gets the truth: there is nothing behind this process that could be away.
function serveProcess(router: Router, metrics: Metrics): void {
  router.on('GET', ['/health/live', '/health/ready'], ({ res }) => sendJson(res, { status: 'UP' }));
  router.on('GET', '/metrics', async ({ res }) => {
    res.setHeader('Content-Type', metrics.registry.contentType);
    sendNothing(res, 200, await metrics.registry.metrics());
  });
}
