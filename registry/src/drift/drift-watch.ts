import { Gauge, type Metrics } from '@cabinet/kit/observe/metrics';
import type { InstanceKey } from '../domain/instance.js';
import type { Registration } from '../domain/lease.js';
import type { Registry } from '../domain/registry.js';
import type { Time } from '../time.js';
import { type DriftKind, driftKinds, driftOf } from './drift.js';
import { type Probe, probe } from './probe.js';

export interface Watched extends Probe {
  askedAt: Date;
  /** When it last answered that it is ready. */
  succeededAt?: Date;
}

export interface DriftEntry {
  registration: Registration;
  watched?: Watched;
  drift?: DriftKind;
}

export interface DriftWatchOptions {
  registry: Registry;
  time: Time;
  metrics: Metrics;
  /** How often each instance is asked; 0 never. */
  everyMs: number;
  timeoutMs: number;
}

// More are not asked: a registry for thousands has other means to watch them.
const watchedMax = 200;
const atOnce = 8;

/**
 * Asks every instance from time to time how it is, beside what its lease says; at the address that it has called from and
 * nowhere else, or whoever may register could send this registry to any host. Those that peers told are the peers' to ask.
 */
export class DriftWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly addresses = new Map<string, string>();
  private readonly end: () => void;
  private isAsking = false;

  constructor(private readonly options: DriftWatchOptions) {
    const { registry, time, metrics, everyMs } = options;
    this.end = everyMs > 0 ? time.every(everyMs, () => void this.askAll()) : () => {};
    registry.subscribe(({ type, registration }) => {
      if (type !== 'DELETED') return;
      this.watched.delete(nameOf(registration.instance));
      this.addresses.delete(nameOf(registration.instance));
    });
    const entries = () => this.entries();
    new Gauge({
      name: 'registry_drift_instances',
      help: 'Instances whose lease and own word do not agree, by how',
      labelNames: ['kind'],
      registers: [metrics.registry],
      collect() {
        for (const kind of driftKinds) this.set({ kind }, 0);
        for (const { drift } of entries()) if (drift) this.inc({ kind: drift });
      },
    });
  }

  /** Takes note of where a registered instance itself has called from. */
  noteAddress(key: InstanceKey, address: string): void {
    const known = this.options.registry.find(key)?.instance;
    if (known) this.addresses.set(nameOf(known), address);
  }

  entries(): DriftEntry[] {
    return Array.from(this.options.registry.registrations())
      .slice(0, watchedMax)
      .map((registration) => {
        const watched = this.watched.get(nameOf(registration.instance));
        return { registration, watched, drift: watched && driftOf(registration.instance, watched) };
      });
  }

  async askAll(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    const queue = this.entries().values();
    const work = async () => {
      for (const { registration } of queue) await this.ask(registration);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    this.isAsking = false;
  }

  stop(): void {
    this.end();
  }

  private async ask(registration: Registration): Promise<void> {
    const { registry, time, timeoutMs } = this.options;
    const address = this.addresses.get(nameOf(registration.instance));
    if (address === undefined) return;
    const answer = await probe(registration.instance, address, timeoutMs);
    // It may have left meanwhile.
    if (!registry.find(registration.instance)) return;
    const askedAt = time.now();
    const succeededAt =
      answer.readiness === 'healthy' ? askedAt : this.watched.get(nameOf(registration.instance))?.succeededAt;
    this.watched.set(nameOf(registration.instance), { ...answer, askedAt, succeededAt });
  }
}

const nameOf = ({ app, instanceId }: InstanceKey): string => JSON.stringify([app, instanceId]);
