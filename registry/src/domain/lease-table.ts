import { type InstanceKey, toAppName } from './instance.js';
import type { Lease } from './lease.js';

/** All leases by application and instance. An application without any is none. */
export class LeaseTable implements Iterable<Lease> {
  private readonly apps = new Map<string, Map<string, Lease>>();

  get({ app, instanceId }: InstanceKey): Lease | undefined {
    return this.apps.get(toAppName(app))?.get(instanceId);
  }

  put(lease: Lease): void {
    const { app, instanceId } = lease.instance;
    const leases = this.apps.get(app) ?? new Map<string, Lease>();
    leases.set(instanceId, lease);
    this.apps.set(app, leases);
  }

  remove({ app, instanceId }: InstanceKey): void {
    const leases = this.apps.get(toAppName(app));
    leases?.delete(instanceId);
    if (leases?.size === 0) this.apps.delete(toAppName(app));
  }

  findById(instanceId: string): Lease | undefined {
    for (const leases of this.apps.values()) {
      const lease = leases.get(instanceId);
      if (lease) return lease;
    }
    return undefined;
  }

  ofApplication(name: string): Lease[] | undefined {
    const leases = this.apps.get(toAppName(name));
    return leases && [...leases.values()];
  }

  *[Symbol.iterator](): Iterator<Lease> {
    for (const leases of this.apps.values()) yield* leases.values();
  }
}
