import { Counter, Gauge, type Metrics } from '@cabinet/kit/process';
import { instanceStatuses } from '../domain/instance.js';
import type { Registry } from '../domain/registry.js';
import type { ChangeFeed } from './change-feed.js';

/** Adds what the registry knows of itself to the metrics of the process. */
export function observeRegistry(metrics: Metrics, registry: Registry, feed: ChangeFeed): void {
  const registers = [metrics.registry];
  const changes = new Counter({
    name: 'registry_changes_total',
    help: 'Changes by what happened to the instance',
    labelNames: ['reason'],
    registers,
  });
  registry.subscribe(({ reason }) => changes.inc({ reason }));

  new Gauge({
    name: 'registry_instances',
    help: 'Instances with a lease, by status',
    labelNames: ['status'],
    registers,
    collect() {
      for (const status of instanceStatuses) this.set({ status }, 0);
      for (const { instance } of registry.registrations()) this.inc({ status: instance.status });
    },
  });
  new Gauge({
    name: 'registry_feed_readers',
    help: 'Readers connected to the change feed',
    registers,
    collect() {
      this.set(feed.readerCount);
    },
  });
}
