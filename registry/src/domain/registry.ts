import type { Clock } from '@cabinet/kit/clock';
import { Capacity, type CapacityLimits } from './capacity.js';
import { type ChangeListener, type ChangeReason, RecentChanges } from './changes.js';
import {
  type ActionType,
  type Instance,
  type InstanceFacts,
  type InstanceKey,
  type InstanceStatus,
  toAppName,
} from './instance.js';
import { Lease, type LeaseTerms, type Registration } from './lease.js';
import { LeaseTable } from './lease-table.js';
import { RenewalRate } from './renewal-rate.js';
import { resolveStatus } from './status.js';
import { type Application, type Applications, groupByApplication, hashOf } from './views.js';
import type { Origin, Renewal, Word } from './word.js';

// Clients poll the delta every 30 seconds, so six polls may fail before one must fetch everything.
const deltaRetentionMs = 3 * 60_000;

export interface RegistryOptions extends CapacityLimits {
  /** Netflix's server adds the duration of a lease twice when it is renewed, so that it really lasts for two. */
  doubleLeaseDuration: boolean;
}

const defaults: RegistryOptions = { doubleLeaseDuration: false, instancesMax: 10_000, charactersMax: 40_000_000 };

/** Who is there: the leases of all instances, and what changed lately. */
export class Registry {
  private readonly leases = new LeaseTable();
  private readonly recent: RecentChanges;
  private readonly listeners = new Set<ChangeListener>();
  private readonly renewals = new RenewalRate();
  private readonly capacity: Capacity;
  private readonly durations: 1 | 2;
  private lastSequence = 0;

  constructor(
    private readonly clock: Clock,
    options: Partial<RegistryOptions> = {},
  ) {
    const { doubleLeaseDuration, ...limits } = { ...defaults, ...options };
    this.durations = doubleLeaseDuration ? 2 : 1;
    this.capacity = new Capacity(limits);
    this.recent = new RecentChanges(deltaRetentionMs, limits.charactersMax);
  }

  /** The number of the latest change; 0 before the first. */
  get sequence(): number {
    return this.lastSequence;
  }

  /** How many instances have a lease. */
  get size(): number {
    return this.capacity.size;
  }

  /** Lists an instance, or replaces what it said before unless that was newer. @throws RegistryFull */
  register(facts: InstanceFacts, terms: LeaseTerms, { isReplication }: Origin = {}): void {
    const now = this.now();
    const previous = this.leases.get(facts);
    const registrant = previous && previous.instance.lastDirtyAt > facts.lastDirtyAt ? previous.instance : facts;
    this.capacity.replace(previous?.instance, registrant);
    const brought = registrant.overriddenStatus === 'UNKNOWN' ? undefined : registrant.overriddenStatus;
    const override = previous?.override ?? brought;
    const current = previous?.instance.status;
    const instance: Instance = {
      ...registrant,
      status: resolveStatus(registrant.status, { override, current, isReplication }),
      overriddenStatus: override ?? 'UNKNOWN',
      lastUpdatedAt: now,
      actionType: 'ADDED',
    };
    const lease = new Lease(instance, override, terms, now, previous);
    this.leases.put(lease);
    this.announce('ADDED', 'registered', lease.toRegistration());
  }

  /**
   * Prolongs a lease by its duration from now.
   * @returns `register` when the client must register (again): the lease is unknown, its status is unknown because an
   * override was removed, or the client has changed since it registered.
   */
  renew(key: InstanceKey, { lastDirtyAt, isReplication, override }: Word = {}): Renewal {
    const lease = this.leases.get(key);
    if (!lease || lease.instance.status === 'UNKNOWN') return 'register';
    const now = this.now();
    lease.renew(now, this.durations);
    this.renewals.note(now);
    if (lastDirtyAt === undefined || lastDirtyAt === lease.instance.lastDirtyAt) return 'renewed';
    if (lastDirtyAt < lease.instance.lastDirtyAt) return isReplication ? 'conflict' : 'renewed';
    if (isReplication && override) lease.override = override;
    return 'register';
  }

  /** @returns false when there is no such lease. */
  cancel(key: InstanceKey): boolean {
    return this.end(key, 'cancelled');
  }

  /** Lets an operator decide the status, whatever the instance says later. @returns false when there is no such lease. */
  overrideStatus(key: InstanceKey, status: InstanceStatus, { lastDirtyAt = 0 }: Word = {}): boolean {
    const lease = this.leases.get(key);
    if (!lease) return false;
    lease.renew(this.now(), this.durations);
    if (lease.instance.status !== status) {
      lease.override = status;
      this.modify(lease, { status, overriddenStatus: status, ...newer(lastDirtyAt, lease) }, 'status');
    }
    return true;
  }

  /**
   * Takes an override back. Until the instance registers again its status is `status`; with UNKNOWN its next renewal is
   * refused, so that it does.
   * @returns false when there is no such lease.
   */
  removeOverride(key: InstanceKey, status: InstanceStatus = 'UNKNOWN', { lastDirtyAt = 0 }: Word = {}): boolean {
    const lease = this.leases.get(key);
    if (!lease) return false;
    lease.renew(this.now(), this.durations);
    if (lease.override) {
      lease.override = undefined;
      this.modify(lease, { status, overriddenStatus: 'UNKNOWN', ...newer(lastDirtyAt, lease) }, 'status');
    }
    return true;
  }

  /** Adds to the metadata or replaces single values. @returns false when there is no such lease. @throws RegistryFull */
  updateMetadata(key: InstanceKey, entries: Iterable<readonly [string, string]>): boolean {
    const lease = this.leases.get(key);
    if (!lease) return false;
    const metadata = new Map([...lease.instance.metadata, ...entries]);
    this.capacity.replace(lease.instance, { ...lease.instance, metadata });
    lease.renew(this.now(), this.durations);
    this.modify(lease, { metadata }, 'metadata');
    return true;
  }

  expiredCount(): number {
    return this.expired().length;
  }

  /** Ends every lease that was not renewed in time. @returns how many. */
  evictExpired(inOrder: (leases: Lease[]) => Lease[] = (leases) => leases): number {
    const expired = inOrder(this.expired());
    for (const lease of expired) this.end(lease.instance, 'expired');
    this.recent.forgetOutdated(this.now());
    return expired.length;
  }

  /** Makes up for time in which no renewal could be heard. */
  extendLeases(milliseconds: number): void {
    if (milliseconds > 0) for (const lease of this.leases) lease.extend(milliseconds);
  }

  renewalsLastMinute(): number {
    return this.renewals.lastMinute(this.now());
  }

  /** How many renewals a minute brings when every instance renews as it said. */
  renewalsExpected(): number {
    let expected = 0;
    for (const { terms } of this.leases) expected += 60 / terms.renewalIntervalSeconds;
    return expected;
  }

  find(key: InstanceKey): Registration | undefined {
    return this.leases.get(key)?.toRegistration();
  }

  findById(instanceId: string): Registration | undefined {
    return this.leases.findById(instanceId)?.toRegistration();
  }

  application(name: string): Application | undefined {
    const leases = this.leases.ofApplication(name);
    return leases && { name: toAppName(name), registrations: leases.map((lease) => lease.toRegistration()) };
  }

  all(): Applications {
    return { version: 1, hash: this.hash(), applications: groupByApplication(this.registrations()) };
  }

  /** The changes of the last three minutes, one an instance, with the hash of the whole registry. */
  delta(): Applications {
    const changed = this.recent.since(this.now()).map((change) => change.registration);
    return { version: this.lastSequence, hash: this.hash(), applications: groupByApplication(changed) };
  }

  hash(): string {
    return hashOf(Array.from(this.leases, (lease) => lease.instance.status));
  }

  *registrations(): Iterable<Registration> {
    for (const lease of this.leases) yield lease.toRegistration();
  }

  /** Calls the listener at once and in order for each change from now on. @returns how to end it. */
  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private end(key: InstanceKey, reason: 'cancelled' | 'expired'): boolean {
    const lease = this.leases.get(key);
    if (!lease) return false;
    this.leases.remove(key);
    this.capacity.replace(lease.instance, undefined);
    const now = this.now();
    lease.instance = { ...lease.instance, actionType: 'DELETED', lastUpdatedAt: now };
    this.announce('DELETED', reason, lease.toRegistration(now));
    return true;
  }

  private modify(lease: Lease, change: Partial<Instance>, reason: ChangeReason): void {
    const now = this.now();
    lease.instance = { ...lease.instance, ...change, actionType: 'MODIFIED', lastUpdatedAt: now };
    lease.noteUp(now);
    this.announce('MODIFIED', reason, lease.toRegistration());
  }

  private announce(type: ActionType, reason: ChangeReason, registration: Registration): void {
    this.lastSequence += 1;
    const change = { sequence: this.lastSequence, type, reason, at: this.now(), registration };
    this.recent.add(change);
    for (const listener of this.listeners) listener(change);
  }

  private expired(): Lease[] {
    const now = this.now();
    return [...this.leases].filter((lease) => lease.isExpired(now));
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

// A peer may know that the client has changed since.
const newer = (lastDirtyAt: number, { instance }: Lease): Partial<Instance> =>
  lastDirtyAt > instance.lastDirtyAt ? { lastDirtyAt } : {};
