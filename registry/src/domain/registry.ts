import type { Clock } from '@cabinet/kit/process';
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
import { resolveStatus } from './status.js';
import { type Application, type Applications, groupByApplication, hashOf, hasVip } from './views.js';

// Clients poll the delta every 30 seconds, so six polls may fail before one must fetch everything.
const deltaRetentionMs = 3 * 60_000;

/** Who is there: the leases of all instances, and what changed lately. */
export class Registry {
  private readonly apps = new Map<string, Map<string, Lease>>();
  private readonly recent = new RecentChanges(deltaRetentionMs);
  private readonly listeners = new Set<ChangeListener>();
  private lastSequence = 0;

  constructor(private readonly clock: Clock) {}

  /** The number of the latest change; 0 before the first. */
  get sequence(): number {
    return this.lastSequence;
  }

  /** Lists an instance, or replaces what it said before unless that was newer. */
  register(facts: InstanceFacts, terms: LeaseTerms): void {
    const now = this.now();
    const previous = this.lease(facts);
    const registrant = previous && previous.instance.lastDirtyAt > facts.lastDirtyAt ? previous.instance : facts;
    const brought = registrant.overriddenStatus === 'UNKNOWN' ? undefined : registrant.overriddenStatus;
    const override = previous?.override ?? brought;
    const status = resolveStatus(registrant.status, { override, current: previous?.instance.status });
    const instance: Instance = {
      ...registrant,
      status,
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
   * @returns false when the client must register (again): the lease is unknown, its status is unknown because an override
   * was removed, or the client has changed since it registered (`lastDirtyAt`, in milliseconds).
   */
  renew(key: InstanceKey, lastDirtyAt?: number): boolean {
    const lease = this.lease(key);
    if (!lease || lease.instance.status === 'UNKNOWN') return false;
    lease.renew(this.now());
    return lastDirtyAt === undefined || lastDirtyAt <= lease.instance.lastDirtyAt;
  }

  /** @returns false when there is no such lease. */
  cancel(key: InstanceKey): boolean {
    return this.end(key, 'cancelled');
  }

  /** Lets an operator decide the status, whatever the instance says later. @returns false when there is no such lease. */
  overrideStatus(key: InstanceKey, status: InstanceStatus): boolean {
    const lease = this.lease(key);
    if (!lease) return false;
    lease.renew(this.now());
    if (lease.instance.status !== status) {
      lease.override = status;
      this.modify(lease, { status, overriddenStatus: status }, 'status');
    }
    return true;
  }

  /**
   * Takes an override back. Until the instance registers again its status is `status`; with UNKNOWN its next renewal is
   * refused, so that it does.
   * @returns false when there is no such lease.
   */
  removeOverride(key: InstanceKey, status: InstanceStatus = 'UNKNOWN'): boolean {
    const lease = this.lease(key);
    if (!lease) return false;
    lease.renew(this.now());
    if (lease.override) {
      lease.override = undefined;
      this.modify(lease, { status, overriddenStatus: 'UNKNOWN' }, 'status');
    }
    return true;
  }

  /** Adds to the metadata or replaces single values. @returns false when there is no such lease. */
  updateMetadata(key: InstanceKey, entries: Iterable<readonly [string, string]>): boolean {
    const lease = this.lease(key);
    if (!lease) return false;
    lease.renew(this.now());
    this.modify(lease, { metadata: new Map([...lease.instance.metadata, ...entries]) }, 'metadata');
    return true;
  }

  /** Ends every lease that was not renewed in time. @returns how many. */
  evictExpired(): number {
    const now = this.now();
    const expired = [...this.leases()].filter((lease) => lease.isExpired(now));
    for (const lease of expired) this.end(lease.instance, 'expired');
    this.recent.forgetOutdated(now);
    return expired.length;
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

  byVip(vipAddress: string): Applications {
    return listOf(this.registrations(), (instance) => hasVip(instance.vipAddress, vipAddress));
  }

  bySecureVip(vipAddress: string): Applications {
    return listOf(this.registrations(), (instance) => hasVip(instance.secureVipAddress, vipAddress));
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

function listOf(registrations: Iterable<Registration>, isWanted: (instance: Instance) => boolean): Applications {
  const wanted = [...registrations].filter(({ instance }) => isWanted(instance));
  return {
    version: -1,
    hash: hashOf(wanted.map(({ instance }) => instance.status)),
    applications: groupByApplication(wanted),
  };
}
