import type { Instance } from '../domain/instance.js';
import type { LeaseFacts, Registration } from '../domain/lease.js';
import type { Detail } from './wire.js';

/** How a language writes an instance. */
export interface Writers {
  /** Everything before and everything after the lease. */
  around(instance: Instance): readonly [string, string];
  lease(lease: LeaseFacts): string;
  compact(instance: Instance): string;
}

/**
 * Remembers how each instance is written: an instance changes seldom and never in place, a list of thousands is asked for all
 * the time, and only leases are new in it.
 */
export class Fragments {
  private readonly full = new WeakMap<Instance, readonly [string, string]>();
  private readonly compact = new WeakMap<Instance, string>();

  constructor(private readonly writers: Writers) {}

  write({ instance, lease }: Registration, detail: Detail = 'full'): string {
    if (detail === 'compact') return remember(this.compact, instance, this.writers.compact);
    const [before, after] = remember(this.full, instance, this.writers.around);
    return before + this.writers.lease(lease) + after;
  }
}

function remember<T>(known: WeakMap<Instance, T>, instance: Instance, write: (instance: Instance) => T): T {
  const found = known.get(instance);
  if (found !== undefined) return found;
  const written = write(instance);
  known.set(instance, written);
  return written;
}
