import { Counter, Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { ChangeFeed } from './api/change-feed.js';
import type { Eviction } from './domain/eviction.js';
import { instanceStatuses } from './domain/instance.js';
import type { Registry } from './domain/registry.js';
import type { Peers } from './peers/peers.js';

export interface Observed {
  metrics: Metrics;
  registry: Registry;
  feed: ChangeFeed;
  eviction: Eviction;
  peers: Peers;
}

/** Adds what the registry knows of itself to the metrics of the process. */
export function observeRegistry({ metrics, registry, feed, eviction, peers }: Observed): void {
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
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('registry_feed_readers', 'Readers connected to the change feed', () => feed.readerCount);
  gauge('registry_renewals_last_minute', 'Renewals of the last minute', () => registry.renewalsLastMinute());
  gauge('registry_renewals_expected', 'Renewals a minute when all renew', () => registry.renewalsExpected());
  gauge('registry_self_preservation', '1 while expired leases are kept', () => Number(eviction.isPreserving));
  new Gauge({
    name: 'registry_peer_pending',
    help: 'Changes that a peer has yet to hear',
    labelNames: ['peer'],
    registers,
    collect() {
      this.reset();
      for (const { url, pending } of peers.states()) this.set({ peer: url }, pending);
    },
  });
  new Gauge({
    name: 'registry_peer_reachable',
    help: '1 when the latest call to a peer was answered',
    labelNames: ['peer'],
    registers,
    collect() {
      this.reset();
      for (const { url, isReachable } of peers.states()) this.set({ peer: url }, Number(isReachable));
    },
  });
}
