import cluster from 'node:cluster';
import type { ServerOptions } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { followTokens, type TokenVerifier } from '@cabinet/kit/access/tokens';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger, type Logger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { startTracing } from '@cabinet/kit/observe/tracing';
import { registerInRegistry } from '@cabinet/kit/registry/registration';
import { type GatewayConfig, rateSettings, sidecarOf } from './config.js';
import { RequestDurations } from './durations.js';
import { Overview } from './fallbacks/overview.js';
import { FrontDoor } from './front-door.js';
import { gatherLines } from './gather-lines.js';
import { Directory } from './instances/directory.js';
import { RegistryReader } from './instances/registry-reader.js';
import { type UpstreamSettings, usualUpstreamSettings } from './instances/upstream.js';
import { Upstreams } from './instances/upstreams.js';
import { CrossOrigin } from './limits/cross-origin.js';
import { LoadShedder } from './limits/load-shedder.js';
import { RateLimits } from './limits/rate-limits.js';
import { openSharedCounts } from './limits/shared-counts.js';
import { createObserver, observeInstances } from './observe.js';
import { overHttp2 } from './pages/over-http2.js';
import { createPages } from './pages/pages.js';
import type { Exchange } from './proxy/exchange.js';
import { Forwarder, type ForwarderParts } from './proxy/forward.js';
import { Tunnels } from './proxy/tunnel.js';
import { Resilience, type ResilienceSettings, usualResilience } from './resilience.js';
import { routeTable } from './route-table.js';
import { type DeclaredRoute, RouteTable } from './routes.js';
import { listenToCallers } from './server.js';
import { listenWithTls } from './tls.js';
import { spanStarter } from './trace.js';
import { Siblings } from './workers/siblings.js';

/** What tests and benchmarks may replace. */
export interface Overrides {
  /** In place of what the services declare. */
  routes?: readonly DeclaredRoute[];
  log?: Logger;
  verifier?: TokenVerifier;
  upstreams?: Partial<UpstreamSettings>;
  resilience?: Partial<ResilienceSettings>;
  limitsFor?: ForwarderParts['limitsFor'];
  /** How often a registry is asked while none pushes, in milliseconds. */
  pollMs?: number;
  /** After how much silence a feed is given up, in milliseconds. */
  silenceMs?: number;
  drainMsMax?: number;
  /** How long a service may take to answer a request for a WebSocket, in milliseconds. */
  tunnelAnswerMs?: number;
  /** How long what a page reports may be on its way, in milliseconds. */
  reportMsMax?: number;
  server?: ServerOptions;
  /** How late the event loop may be before requests have to wait, in milliseconds. */
  lagMsMax?: number;
}

export interface RunningGateway extends RunningProcess {
  tlsPort?: number;
}

/** Starts the gateway; resolves when it accepts requests, which may be before a registry is heard. */
export async function startGateway(config: GatewayConfig, overrides: Overrides = {}): Promise<RunningGateway> {
  const lines = gatherLines();
  const log = overrides.log ?? createLogger('gateway', config.LOG_LEVEL, { lines });
  const metrics = createMetrics('gateway');
  const durations = new RequestDurations(metrics.registry);
  const routes = new RouteTable(overrides.routes ?? routeTable);
  const observer = createObserver(log, lines, metrics, durations, routes.services);
  const closers = new AsyncDisposableStack();
  const spansGoTo = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (spansGoTo !== undefined) closers.defer(await startTracing('gateway', spansGoTo));
  const siblings = cluster.isWorker ? new Siblings() : undefined;
  siblings?.shareMetrics(metrics);
  closers.defer(() => siblings?.stop());
  let stopping = false;

  const directory = new Directory();
  const upstreams = new Upstreams(directory, {
    ...usualUpstreamSettings,
    zone: config.ZONE,
    sidecar: sidecarOf(config),
    ...overrides.upstreams,
  });
  closers.defer(() => upstreams.close());
  const reader = new RegistryReader({
    urls: config.REGISTRY_URLS,
    token: config.REGISTRY_TOKEN,
    directory,
    log,
    pollMs: overrides.pollMs ?? 5_000,
    silenceMs: overrides.silenceMs ?? 15_000,
  });
  reader.start();
  closers.defer(() => reader.stop());
  observeInstances(metrics, { upstreams, reader });

  const tokenRules = { jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER };
  const verifier = overrides.verifier ?? followTokens(tokenRules, log, closers);
  const resilience = new Resilience({ ...usualResilience, ...overrides.resilience }, observer.breakerChanged);
  const isReady = () => directory.isLoaded && !stopping;
  const sharedCounts =
    config.RATE_LIMIT_REDIS_URL === undefined ? undefined : await openSharedCounts(config.RATE_LIMIT_REDIS_URL, log);
  closers.defer(() => sharedCounts?.close());
  const rateLimits = new RateLimits(
    rateSettings(config),
    sharedCounts?.createLimiter,
    sharedCounts ? undefined : siblings?.count,
  );
  siblings?.onCounted((counts) => rateLimits.add(counts));
  const forwarder = new Forwarder({ upstreams, resilience, limitsFor: overrides.limitsFor });
  const pages = createPages({
    routes,
    forwarder,
    portalFolder: config.PORTAL_FOLDER,
    metricsReaders: config.METRICS_READERS,
    rateLimits,
    reportMsMax: overrides.reportMsMax ?? 10_000,
    upstreams,
    resilience,
    registry: () => reader.state(),
    verifier,
    metrics,
    metricsOfAll: siblings && (() => siblings.allMetrics()),
    log,
    isReady,
  });
  const shedder = new LoadShedder(overrides.lagMsMax ?? 100);
  shedder.start();
  const streams = new Set<Exchange>();
  const tunnels = new Tunnels(upstreams, overrides.tunnelAnswerMs);
  const frontDoor = new FrontDoor({
    routes,
    forwarder,
    overview: new Overview(forwarder),
    tunnels,
    verifier,
    rateLimits,
    shedder,
    crossOrigin: new CrossOrigin(config.CORS_ORIGINS),
    pages,
    pagesOverHttp2: overHttp2(pages),
    redirectToPort: config.TLS_REDIRECT_PORT,
    log,
    exchanges: {
      startSpan: spanStarter(spansGoTo !== undefined),
      trustedProxies: config.TRUSTED_PROXIES,
      isStopping: () => stopping,
      strictTransport: `max-age=31536000${config.HSTS_SUBDOMAINS ? '; includeSubDomains' : ''}`,
      onFinish: (exchange) => {
        streams.delete(exchange);
        if (exchange.hasEntered) shedder.leave(exchange.connection);
        observer.finished(exchange);
      },
      onStream: (exchange) => {
        streams.add(exchange);
        // Whoever only listens keeps nobody from being served.
        if (exchange.hasEntered) shedder.leave();
        exchange.hasEntered = false;
      },
    },
  });
  const listener = await listenToCallers(frontDoor.take, {
    host: config.APP_HOST,
    port: config.APP_PORT,
    drainMsMax: overrides.drainMsMax ?? 20_000,
    onUpgrade: frontDoor.takeUpgrade,
    limits: overrides.server,
  });
  const tls = await startTls(config, frontDoor, log, overrides.drainMsMax ?? 20_000);
  // Of several workers, the process that started them is the one that registers.
  siblings?.followReadiness(isReady);
  const registration = registerInRegistry({
    urls: siblings ? [] : config.REGISTRY_URLS,
    app: 'gateway',
    host: config.APP_HOST,
    port: listener.port,
    version: config.CABINET_VERSION,
    token: config.REGISTRY_TOKEN,
    isReady: async () => isReady(),
    log,
  });
  log.info({ port: listener.port }, 'listening');
  return {
    ...listener,
    tlsPort: tls?.port,
    stop: async () => {
      // Whoever asks is told before the door closes, so that nobody is sent here in vain.
      stopping = true;
      shedder.stop();
      await registration.stop();
      await delay(config.DRAIN_NOTICE_MS);
      tunnels.closeAll();
      // Who listens comes back, to another gateway.
      for (const { res } of streams) res.destroy();
      await Promise.all([listener.stop(), tls?.stop()]);
      await closers.disposeAsync();
      log.info('stopped');
    },
  };
}

async function startTls(config: GatewayConfig, frontDoor: FrontDoor, log: Logger, drainMsMax: number) {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_PORT: port, APP_HOST: host } = config;
  if (!certFile || !keyFile) return undefined;
  const onUpgrade = frontDoor.takeUpgrade;
  return listenWithTls(frontDoor.take, { host, port, certFile, keyFile, drainMsMax, onUpgrade, log });
}
