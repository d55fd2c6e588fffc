import { type Metrics, requestDuration } from '@cabinet/kit/observe/metrics';

export interface RequestLabels {
  method: string;
  route: string;
  status: number;
}

/** One line of the exposition. */
interface Value {
  metricName: string;
  labels: Record<string, string | number>;
  value: number;
}

interface Series {
  labels: RequestLabels;
  /** By bucket, each without those before it; the last holds what is longer than all bounds. */
  counts: Float64Array;
  sum: number;
}

const { name, help, buckets: bounds } = requestDuration;

/**
 * A Prometheus histogram of the time of requests, in seconds. The library's own makes text of labels and bounds at each
 * observation, which in the gateway is a tenth of what a request costs; this one does so when it is asked.
 */
export class RequestDurations {
  readonly name = name;
  private readonly routes = new Map<string, Map<string, Map<number, Series>>>();

  constructor(registry: Metrics['registry']) {
    // The library asks a metric for nothing but its name and its values.
    registry.registerMetric(this as unknown as Parameters<Metrics['registry']['registerMetric']>[0]);
  }

  observe(labels: RequestLabels, seconds: number): void {
    const series = this.seriesOf(labels);
    let bucket = 0;
    while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  async get() {
    return { name, help, type: 'histogram', aggregator: 'sum', values: [...this.all()].flatMap(valuesOf) };
  }

  reset(): void {
    this.routes.clear();
  }

  private *all(): Iterable<Series> {
    for (const methods of this.routes.values()) for (const statuses of methods.values()) yield* statuses.values();
  }

  private seriesOf({ method, route, status }: RequestLabels): Series {
    const methods = this.routes.get(route) ?? added(this.routes, route, new Map<string, Map<number, Series>>());
    const statuses = methods.get(method) ?? added(methods, method, new Map<number, Series>());
    return (
      statuses.get(status) ??
      added(statuses, status, {
        labels: { method, route, status },
        counts: new Float64Array(bounds.length + 1),
        sum: 0,
      })
    );
  }
}

function added<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

/** As the exposition format has them: each bucket counts those before it as well. */
function valuesOf({ labels, counts, sum }: Series): Value[] {
  const own = { ...labels };
  let count = 0;
  const buckets = [...counts].map((added, bucket) => {
    count += added;
    return { metricName: `${name}_bucket`, labels: { le: bounds[bucket] ?? '+Inf', ...own }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: own, value: sum },
    { metricName: `${name}_count`, labels: own, value: count },
  ];
}
