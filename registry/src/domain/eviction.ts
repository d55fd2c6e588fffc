import type { Clock } from '@cabinet/kit/clock';
import type { Registry } from './registry.js';

export interface EvictionRules {
  /** How often `run` is meant to be called. */
  intervalMs: number;
  selfPreservation: boolean;
}

// The part of all instances whose renewals must arrive for the others to be believed lost.
const presentShareMin = 0.85;
const lossMemoryMs = 60_000;

/**
 * Ends the leases that ran out, unless so many did within a minute that the network is the likelier cause: then it keeps all
 * of them until renewals arrive again (self-preservation).
 */
export class Eviction {
  private isPreservingNow = false;
  private lastRunAt: number | undefined;
  private readonly evictedAt: number[] = [];

  constructor(
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly rules: EvictionRules,
  ) {}

  get isPreserving(): boolean {
    return this.isPreservingNow;
  }

  get selfPreservation(): boolean {
    return this.rules.selfPreservation;
  }

  /** @returns how many leases it ended. */
  run(): number {
    const now = this.clock.now().getTime();
    this.registry.extendLeases(compensationMs(this.lastRunAt, now, this.rules.intervalMs));
    this.lastRunAt = now;
    this.forgetLossesBefore(now - lossMemoryMs);

    const lost = this.registry.expiredCount() + this.evictedAt.length;
    const everybody = this.registry.size + this.evictedAt.length;
    this.isPreservingNow = this.rules.selfPreservation && lost > lossMax(everybody);
    if (this.isPreservingNow) return 0;
    const evicted = this.registry.evictExpired(shuffled);
    for (let n = 0; n < evicted; n += 1) this.evictedAt.push(now);
    return evicted;
  }

  private forgetLossesBefore(instant: number): void {
    const kept = this.evictedAt.findIndex((at) => at >= instant);
    this.evictedAt.splice(0, kept < 0 ? this.evictedAt.length : kept);
  }
}

/** How many may be lost and still be believed lost: 15 %, but one at least, for one is no partition of the network. */
export const lossMax = (total: number): number => Math.max(1, total - Math.floor(total * presentShareMin));

/** How much later than meant a run is: that long the process stood still, and no renewal could be heard. */
export const compensationMs = (lastRunAt: number | undefined, now: number, intervalMs: number): number =>
  lastRunAt === undefined ? 0 : Math.max(0, now - lastRunAt - intervalMs);

/** Any order, so that no application is emptied before the others lose anything. */
function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
