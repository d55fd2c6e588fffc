import type { Lines, Logger } from '@cabinet/kit/observe/log';
import { Counter, Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import { inSpan } from '@cabinet/kit/observe/tracing';
import { AccessLog } from './access-log.js';
import type { RequestDurations } from './durations.js';
import type { RegistryReader } from './instances/registry-reader.js';
import type { Upstreams } from './instances/upstreams.js';
import type { Exchange } from './proxy/exchange.js';
import type { BreakerState } from './resilience.js';

export interface Observer {
  /** One log line, one span, and the counts of a request that is over. */
  finished(exchange: Exchange): void;
  breakerChanged(service: string, state: BreakerState): void;
}

export interface Observed {
  upstreams: Upstreams;
  reader: RegistryReader;
}

const stateNumbers: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };
const quiet = /^\/(?:health|metrics)/;

/** @param services names of those that requests go to */
export function createObserver(
  log: Logger,
  lines: Lines,
  metrics: Metrics,
  durations: RequestDurations,
  services: readonly string[],
): Observer {
  const registers = [metrics.registry];
  const accessLog = new AccessLog(log, lines);
  const retries = new Counter({
    name: 'gateway_retries_total',
    help: 'Tries after the first, by service',
    labelNames: ['service'],
    registers,
  });
  const breakers = new Gauge({
    name: 'gateway_breaker_state',
    help: 'Circuit breaker by service: 0 closed, 1 half open, 2 open; of several workers the one that is worst off',
    labelNames: ['service'],
    aggregator: 'max',
    registers,
  });
  const stale = new Counter({
    name: 'gateway_stale_answers_total',
    help: 'Answers that were the last good one, by service',
    labelNames: ['service'],
    registers,
  });
  const changes = new Counter({
    name: 'gateway_breaker_changes_total',
    help: 'Changes of circuit breakers, by service and new state',
    labelNames: ['service', 'state'],
    registers,
  });
  // The first change of each would otherwise be no increase.
  for (const service of services) {
    breakers.set({ service }, stateNumbers.closed);
    retries.inc({ service }, 0);
    stale.inc({ service }, 0);
  }
  return {
    finished(exchange) {
      const { method, route, service, res, tries, durationMs } = exchange;
      // As nginx counts a caller who left before the answer began.
      const status = exchange.isTunnel ? 101 : res.headersSent ? res.statusCode : 499;
      // How long somebody listened says nothing of how fast they were answered.
      if (!exchange.isStream) durations.observe({ method: methodLabel(method), route, status }, durationMs / 1000);
      if (tries > 1) retries.inc({ service }, tries - 1);
      if (exchange.isStale) stale.inc({ service });
      exchange.span.end(route, status);
      const level = status >= 500 ? 'warn' : quiet.test(route) ? 'debug' : 'info';
      accessLog.write(
        level,
        {
          request_id: exchange.requestId,
          trace_id: exchange.span.traceId,
          method,
          route,
          status,
          duration_ms: durationMs,
          service_name: service,
          instance: exchange.instanceId,
          stale: exchange.isStale || undefined,
          tries: tries > 1 ? tries : undefined,
        },
        res.writableFinished || exchange.isTunnel ? 'request' : 'request aborted',
      );
    },
    breakerChanged(service, state) {
      breakers.set({ service }, stateNumbers[state]);
      changes.inc({ service, state });
      void inSpan(`circuit breaker ${state}`, 'internal', async (span) => span.setAttribute('service', service));
      log.warn({ service_name: service, state }, 'circuit breaker changed');
    },
  };
}

/** Counts of instances and the age of what is known, read when the metrics are asked for. */
export function observeInstances(metrics: Metrics, { upstreams, reader }: Observed): void {
  const registers = [metrics.registry];
  const observe = (name: string, help: string, aggregator: Aggregator, count: (service: string) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['service'],
      aggregator,
      registers,
      collect() {
        this.reset();
        for (const service of upstreams.services()) this.set({ service }, count(service));
      },
    });
  // Each of several workers knows all instances by itself, and their requests add up.
  observe(
    'gateway_instances',
    'Instances that requests may be sent to, by each service that was registered since the start',
    'min',
    (service) => {
      return upstreams.of(service).length;
    },
  );
  observe('gateway_instances_left_out', 'Instances that are spared for a while, by service', 'max', (service) => {
    return upstreams.of(service).filter((upstream) => upstreams.isSkipped(upstream)).length;
  });
  observe('gateway_requests_under_way', 'Requests that instances have yet to answer, by service', 'sum', (service) => {
    return upstreams.of(service).reduce((sum, { inFlight }) => sum + inFlight, 0);
  });
  new Gauge({
    name: 'gateway_registry_age_seconds',
    help: 'Time since a registry was last heard',
    aggregator: 'max',
    registers,
    collect() {
      const { ageSeconds } = reader.state();
      if (ageSeconds !== undefined) this.set(ageSeconds);
    },
  });
  const startedAt = Date.now() / 1000 - process.uptime();
  new Gauge({
    name: 'gateway_start_time_seconds',
    help: 'When this gateway started, as seconds since 1970; of several workers the first that still runs',
    aggregator: 'min',
    registers,
  }).set(startedAt);
}

type Aggregator = 'sum' | 'min' | 'max';

const usualMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);
const methodLabel = (method: string): string => (usualMethods.has(method) ? method : 'other');
