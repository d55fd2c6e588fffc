import type { InstanceFacts, InstanceKey, InstanceStatus } from '../domain/instance.js';
import type { LeaseTerms } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import type { Origin, Renewal, Word } from '../domain/word.js';
import type { Time } from '../time.js';
import type { Peers } from './peers.js';
import type { Task } from './task.js';

/** The registry as clients change it: what succeeds here is told to the peers, unless a peer said it. */
export class ReplicatedRegistry {
  constructor(
    private readonly registry: Registry,
    private readonly peers: Peers,
    private readonly time: Time,
  ) {}

  /** @throws RegistryFull */
  register(facts: InstanceFacts, terms: LeaseTerms, origin: Origin = {}): void {
    this.registry.register(facts, terms, origin);
    this.tell('Register', facts, origin);
  }

  renew(key: InstanceKey, word: Word = {}): Renewal {
    const renewal = this.registry.renew(key, word);
    if (renewal === 'renewed') this.tell('Heartbeat', key, word);
    return renewal;
  }

  cancel(key: InstanceKey, origin: Origin = {}): boolean {
    const lease = this.registry.find(key)?.lease;
    const isDone = this.registry.cancel(key);
    if (isDone && lease && !origin.isReplication) {
      this.peers.tell({ action: 'Cancel', key, expiresAt: this.inSeconds(lease.durationSeconds) });
    }
    return isDone;
  }

  overrideStatus(key: InstanceKey, status: InstanceStatus, word: Word = {}): boolean {
    const isDone = this.registry.overrideStatus(key, status, word);
    if (isDone) this.tell('StatusUpdate', key, word, status);
    return isDone;
  }

  removeOverride(key: InstanceKey, status: InstanceStatus = 'UNKNOWN', word: Word = {}): boolean {
    const isDone = this.registry.removeOverride(key, status, word);
    if (isDone) this.tell('DeleteStatusOverride', key, word, status);
    return isDone;
  }

  /** Peers have no word for metadata: they hear it as a registration. @throws RegistryFull */
  updateMetadata(key: InstanceKey, entries: Iterable<readonly [string, string]>): boolean {
    const isDone = this.registry.updateMetadata(key, entries);
    if (isDone) this.tell('Register', key, {});
    return isDone;
  }

  private tell(action: Task['action'], key: InstanceKey, { isReplication }: Origin, status?: InstanceStatus): void {
    if (isReplication || this.peers.urls.length === 0) return;
    const registration = this.registry.find(key);
    if (!registration) return;
    const { app, instanceId } = registration.instance;
    const expiresAt = action === 'Heartbeat' ? this.inSeconds(registration.lease.durationSeconds) : undefined;
    this.peers.tell({ action, key: { app, instanceId }, registration, status, expiresAt });
  }

  private inSeconds(seconds: number): number {
    return this.time.now().getTime() + seconds * 1000;
  }
}
