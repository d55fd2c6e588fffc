import { setTimeout as delay } from 'node:timers/promises';
import { AggregatorRegistry, type Metrics } from '@cabinet/kit/observe/metrics';
import type { RatePolicy } from '../limits/rate-limits.js';
import type { Counted, FromWorker, ToWorker } from './messages.js';

/** How long counts are gathered: so much later the others know of them, and may have let in too many until then. */
const gatherMs = 50;
const lookMs = 100;
const metricsMsMax = 5_000;

/** The other workers of this gateway, reached through the process that started them all. */
export class Siblings {
  private counts = new Map<RatePolicy, Map<string, number>>();
  private gathering?: NodeJS.Timeout;
  private looking?: NodeJS.Timeout;
  private readonly asked = new Map<number, (text?: string) => void>();
  private lastRequest = 0;
  private takeCounts: (counts: Counted[]) => void = () => {};

  constructor() {
    process.on('message', this.hear);
  }

  /** Tells the others of a request, soon. */
  readonly count = (policy: RatePolicy, key: string): void => {
    const ofPolicy = this.counts.get(policy) ?? new Map<string, number>();
    this.counts.set(policy, ofPolicy.set(key, (ofPolicy.get(key) ?? 0) + 1));
    this.gathering ??= setTimeout(() => this.tellCounts(), gatherMs).unref();
  };

  onCounted(take: (counts: Counted[]) => void): void {
    this.takeCounts = take;
  }

  /** From now on the registration of the whole gateway follows what `isReady` says of this worker. */
  followReadiness(isReady: () => boolean): void {
    let told: boolean | undefined;
    const look = () => {
      const now = isReady();
      if (now !== told) tell({ kind: 'ready', isReady: now });
      told = now;
    };
    this.looking = setInterval(look, lookMs).unref();
  }

  /** Lets the metrics of this worker be added to those of the others. */
  shareMetrics({ registry }: Metrics): void {
    new AggregatorRegistry(); // answers when it is asked for them
    AggregatorRegistry.setRegistries(registry);
  }

  /** @returns the metrics of all workers together, in Prometheus' text format. @throws Error when they are not told in time. */
  async allMetrics(): Promise<string> {
    this.lastRequest += 1;
    const request = this.lastRequest;
    const told = new Promise<string | undefined>((resolve) => this.asked.set(request, resolve));
    tell({ kind: 'metrics-wanted', request });
    const text = await Promise.race([told, delay(metricsMsMax, undefined, { ref: false })]);
    this.asked.delete(request);
    if (text === undefined) throw new Error('the metrics of the other workers were not told');
    return text;
  }

  stop(): void {
    clearInterval(this.looking);
    clearTimeout(this.gathering);
    process.off('message', this.hear);
  }

  private readonly hear = (message: ToWorker): void => {
    if (message.kind === 'counted') this.takeCounts(message.counts);
    else if (message.kind === 'metrics') this.asked.get(message.request)?.(message.text);
  };

  private tellCounts(): void {
    this.gathering = undefined;
    const counts = [...this.counts].flatMap(([policy, ofPolicy]) =>
      [...ofPolicy].map(([key, requests]): Counted => [policy, key, requests]),
    );
    tell({ kind: 'counted', counts });
    this.counts = new Map();
  }
}

// When the process that started this one has gone, nobody is left to be told, and this one ends as well.
function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
