import type { Clock } from '@cabinet/kit/process';
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
import { RenewalRate } from './renewal-rate.js';
import { resolveStatus } from './status.js';
import { type Application, type Applications, groupByApplication, hashOf } from './views.js';

// Clients poll the delta every 30 seconds, so six polls may fail before one must fetch everything.
const deltaRetentionMs = 3 * 60_000;

export interface RegistryOptions extends CapacityLimits {
  /** Netflix's server adds the duration of a lease twice when it is renewed, so that it really lasts for two. */
  doubleLeaseDuration: boolean;
}

/** Who a word comes from: another registry has decided already what a client's word only asks for. */
export interface Origin {
  isReplication?: boolean;
}

/** What a renewal, or a change of status, says beside its key. */
export interface Word extends Origin {
  /** When the client last changed what it says of itself, in milliseconds. */
  lastDirtyAt?: number;
  /** What an operator decided, as a peer knows it. */
  override?: InstanceStatus;
}

/** `conflict`: what is known here is newer than what the peer says. */
export type Renewal = 'renewed' | 'register' | 'conflict';

const defaults: RegistryOptions = { doubleLeaseDuration: false, instancesMax: 10_000, charactersMax: 40_000_000 };

/** Who is there: the leases of all instances, and what changed lately. */
export class Registry {
  private readonly apps = new Map<string, Map<string, Lease>>();
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
    const previous = this.lease(facts);
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
    this.leasesOf(facts.app).set(facts.instanceId, lease);
    this.announce('ADDED', 'registered', lease.toRegistration());
  }

  /**
   * Prolongs a lease by its duration from now.
   * @returns `register` when the client must register (again): the lease is unknown, its status is unknown because an
   * override was removed, or the client has changed since it registered.
   */
  renew(key: InstanceKey, { lastDirtyAt, isReplication, override }: Word = {}): Renewal {
    const lease = this.lease(key);
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
    const lease = this.lease(key);
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
    const lease = this.lease(key);
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
    const lease = this.lease(key);
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
    if (milliseconds > 0) for (const lease of this.leases()) lease.extend(milliseconds);
  }

  renewalsLastMinute(): number {
    return this.renewals.lastMinute(this.now());
  }

  /** How many renewals a minute brings when every instance renews as it said. */
  renewalsExpected(): number {
    let expected = 0;
    for (const { terms } of this.leases()) expected += 60 / terms.renewalIntervalSeconds;
    return expected;
  }

  find(key: InstanceKey): Registration | undefined {
    return this.lease(key)?.toRegistration();
  }

  findById(instanceId: string): Registration | undefined {
    for (const leases of this.apps.values()) {
      const lease = leases.get(instanceId);
      if (lease) return lease.toRegistration();
    }
    return undefined;
  }

  application(name: string): Application | undefined {
    const leases = this.apps.get(toAppName(name));
    return (
      leases && { name: toAppName(name), registrations: Array.from(leases.values(), (lease) => lease.toRegistration()) }
    );
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
    return hashOf(Array.from(this.leases(), (lease) => lease.instance.status));
  }

  *registrations(): Iterable<Registration> {
    for (const lease of this.leases()) yield lease.toRegistration();
  }

  /** Calls the listener at once and in order for each change from now on. @returns how to end it. */
  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private end({ app, instanceId }: InstanceKey, reason: 'cancelled' | 'expired'): boolean {
    const lease = this.lease({ app, instanceId });
    const leases = this.apps.get(toAppName(app));
    if (!lease || !leases) return false;
    leases.delete(instanceId);
    if (leases.size === 0) this.apps.delete(toAppName(app));
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
    return [...this.leases()].filter((lease) => lease.isExpired(now));
  }

  private lease({ app, instanceId }: InstanceKey): Lease | undefined {
    return this.apps.get(toAppName(app))?.get(instanceId);
  }

  private leasesOf(app: string): Map<string, Lease> {
    const name = toAppName(app);
    const leases = this.apps.get(name) ?? new Map<string, Lease>();
    this.apps.set(name, leases);
    return leases;
  }

  private *leases(): Iterable<Lease> {
    for (const leases of this.apps.values()) yield* leases.values();
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

// A peer may know that the client has changed since.
const newer = (lastDirtyAt: number, { instance }: Lease): Partial<Instance> =>
  lastDirtyAt > instance.lastDirtyAt ? { lastDirtyAt } : {};
