import type { Instance } from './instance.js';

interface Entry {
  instance: Instance;
  /** Set while the registry's list lacks the instance although the registry may just not know it yet. */
  doubtedUntil?: number;
}

/**
 * The instances that are believed to be there. What the registry says counts at once, with one exception: a registry that
 * has just started knows nobody yet, so its silence about an instance is believed only after that instance's lease.
 */
export class Directory {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners: (() => void)[] = [];
  private loaded = false;

  /** @param now milliseconds on a clock that never goes back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** True once any registry has given its list. */
  get isLoaded(): boolean {
    return this.loaded;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  all(): Instance[] {
    return [...this.entries.values()].map((entry) => entry.instance);
  }

  put(instance: Instance): void {
    this.entries.set(keyOf(instance), { instance });
    this.tell();
  }

  remove(instance: Pick<Instance, 'service' | 'id'>): void {
    if (this.entries.delete(keyOf(instance))) this.tell();
  }

  /**
   * Takes over a whole list.
   * @param registryUpMs how long the registry that sent it has been collecting registrations; 0 when that is unknown.
   */
  takeList(instances: Instance[], registryUpMs: number): void {
    const listed = new Map(instances.map((instance) => [keyOf(instance), instance]));
    for (const [key, entry] of this.entries) {
      if (listed.has(key)) continue;
      const until = this.now() + entry.instance.leaseMs - registryUpMs;
      entry.doubtedUntil = Math.min(entry.doubtedUntil ?? until, until);
    }
    for (const [key, instance] of listed) this.entries.set(key, { instance });
    this.loaded = true;
    this.dropDoubted();
    this.tell();
  }

  /** Forgets the instances that did not come back within their lease. */
  dropDoubted(): void {
    let dropped = false;
    for (const [key, { doubtedUntil }] of this.entries) {
      if (doubtedUntil === undefined || doubtedUntil > this.now()) continue;
      this.entries.delete(key);
      dropped = true;
    }
    if (dropped) this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const keyOf = ({ service, id }: Pick<Instance, 'service' | 'id'>): string => `${service}/${id}`;
