import type { BreakerState } from '../resilience.js';
import type { RouteTable } from '../routes.js';
import type { Sample } from './read-metrics.js';

/** How a service fares, as all workers of this gateway see it together. */
export interface Fares {
  name: string;
  instances: number;
  /** Instances that are spared for a while. */
  leftOut: number;
  breaker: BreakerState;
  underWay: number;
  /** Since the gateway started. */
  requests: number;
  /** Of these, answered with 500 or above. */
  failed: number;
  /** False for what was neither registered since the gateway started nor missed by anybody: this practice may not run it. */
  isInUse: boolean;
  /** The bound in seconds within which this share of the requests was answered; Infinity when it is beyond the largest. */
  within(share: number): number | undefined;
}

const breakers: BreakerState[] = ['closed', 'half-open', 'open'];
const durations = 'http_server_request_duration_seconds';

/** @param samples of all metrics of the gateway. */
export function readFares(samples: readonly Sample[], { routes, services }: RouteTable): Fares[] {
  const serviceOf = new Map(routes.map(({ prefix, service }) => [prefix, service]));
  const ofService = Map.groupBy(samples, ({ labels }) => serviceOf.get(labels.route ?? '') ?? labels.service ?? '');
  return services.toSorted().map((name) => faresOf(name, ofService.get(name) ?? []));
}

function faresOf(name: string, samples: readonly Sample[]): Fares {
  const sum = (wanted: string, isMeant = (_labels: Sample['labels']) => true) =>
    samples.reduce((all, { name, labels, value }) => (name === wanted && isMeant(labels) ? all + value : all), 0);
  const requests = sum(`${durations}_count`);
  const failed = sum(`${durations}_count`, ({ status }) => Number(status) >= 500);
  const answered = sum(`${durations}_count`, ({ status }) => Number(status) < 400);
  const instances = sum('gateway_instances');
  const bounds = new Map<number, number>();
  for (const { name, labels, value } of samples) {
    if (name !== `${durations}_bucket`) continue;
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    bounds.set(bound, (bounds.get(bound) ?? 0) + value);
  }
  return {
    name,
    instances,
    leftOut: sum('gateway_instances_left_out'),
    breaker: breakers[sum('gateway_breaker_state')] ?? 'open',
    underWay: sum('gateway_requests_under_way'),
    requests,
    failed,
    // Strangers who are refused make no service one that is missed.
    isInUse: samples.some((sample) => sample.name === 'gateway_instances') || answered > 0 || failed > 0,
    within(share) {
      if (requests === 0) return undefined;
      return Math.min(...[...bounds].filter(([, count]) => count >= share * requests).map(([bound]) => bound));
    },
  };
}
