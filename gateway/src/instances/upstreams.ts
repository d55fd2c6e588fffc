import type { Directory } from './directory.js';
import type { Instance } from './instance.js';
import { Upstream, type UpstreamSettings, usualUpstreamSettings } from './upstream.js';

interface Choice {
  all: Upstream[];
  /** Those of the gateway's own zone, or all when it has none there. */
  near: Upstream[];
  turn: number;
}

/** The instances that may be chosen now, by service. */
export class Upstreams {
  private byService = new Map<string, Choice>();
  private readonly closing = new Set<Promise<void>>();

  constructor(
    private readonly directory: Directory,
    private readonly settings: UpstreamSettings = usualUpstreamSettings,
    readonly now: () => number = () => performance.now(),
  ) {
    directory.onChange(() => this.follow());
    this.follow();
  }

  of(service: string): readonly Upstream[] {
    return this.byService.get(service)?.all ?? [];
  }

  /** Those that were registered once, though nobody of them may be there any more. */
  services(): string[] {
    return [...this.byService.keys()];
  }

  /**
   * Of two usable instances, the next in turn and a random one, the one with fewer requests under way; the own zone comes
   * first. One that is left out, or is to be avoided, is taken only when there is no other: a try that may fail is better
   * than none.
   */
  choose(service: string, avoided?: ReadonlySet<Upstream>): Upstream | undefined {
    const choice = this.byService.get(service);
    if (!choice || choice.all.length === 0) return undefined;
    const { all, near } = choice;
    const turn = choice.turn++;
    return (
      this.lessBusy(near, turn, avoided) ??
      (near === all ? undefined : this.lessBusy(all, turn, avoided)) ??
      all.find((upstream) => !avoided?.has(upstream)) ??
      all[turn % all.length]
    );
  }

  /** Leaves the instance out for a short while. */
  skip(upstream: Upstream): void {
    upstream.skippedUntil = this.now() + this.settings.skipMs;
  }

  isSkipped(upstream: Upstream): boolean {
    return !upstream.isUsable(this.now());
  }

  hasOther(upstream: Upstream): boolean {
    return this.of(upstream.instance.service).some((other) => other !== upstream && !this.isSkipped(other));
  }

  /** Tells whether this instance answered nobody since then while another of its service did: it is to blame, not the service. */
  isOutlierSince(upstream: Upstream, then: number): boolean {
    return upstream.wellAt < then && this.of(upstream.instance.service).some(({ wellAt }) => wellAt >= then);
  }

  /** Takes note of how a try ended; an instance that fails again and again is ejected, but never more than half of them. */
  note(upstream: Upstream, hasFailed: boolean): void {
    if (!hasFailed) {
      if (upstream.failuresInARow === 0 && upstream.ejections > 0) upstream.ejections -= 1;
      upstream.failuresInARow = 0;
      upstream.wellAt = this.now();
      return;
    }
    upstream.failuresInARow += 1;
    if (upstream.failuresInARow < this.settings.failuresMax || !this.mayEject(upstream)) return;
    upstream.failuresInARow = 0;
    upstream.ejections += 1;
    upstream.ejectedUntil = this.now() + Math.min(this.settings.ejectMs * upstream.ejections, this.settings.ejectMsMax);
  }

  /** Closes all connections; running requests are cut. */
  async close(): Promise<void> {
    const upstreams = this.everyOne();
    this.byService = new Map();
    await Promise.all([...upstreams.map((upstream) => upstream.destroy()), ...this.closing]);
  }

  private lessBusy(from: Upstream[], turn: number, avoided?: ReadonlySet<Upstream>): Upstream | undefined {
    const inTurn = this.usableFrom(from, turn, avoided);
    if (from.length === 1 || !inTurn || inTurn.inFlight === 0) return inTurn;
    const other = this.usableFrom(from, Math.floor(Math.random() * from.length), avoided);
    return other && other.inFlight < inTurn.inFlight ? other : inTurn;
  }

  private usableFrom(from: Upstream[], start: number, avoided?: ReadonlySet<Upstream>): Upstream | undefined {
    const now = this.now();
    let warming: Upstream | undefined;
    for (let i = 0; i < from.length; i++) {
      const candidate = from[(start + i) % from.length] as Upstream;
      if (!candidate.isUsable(now) || avoided?.has(candidate)) continue;
      const share = candidate.share(now);
      if (share === 1 || Math.random() < share) return candidate;
      warming ??= candidate;
    }
    return warming;
  }

  private mayEject(upstream: Upstream): boolean {
    const now = this.now();
    const all = this.of(upstream.instance.service);
    const ejected = all.filter((one) => one.ejectedUntil > now).length;
    return ejected + 1 <= all.length / 2;
  }

  private follow(): void {
    const { sidecar } = this.settings;
    const instances = this.directory.all().filter(({ service }) => !sidecar?.services.has(service));
    const bySidecar = [...(sidecar?.services ?? [])].map((service) => sidecarFor(service, sidecar?.origin ?? ''));
    const wanted = Map.groupBy([...instances, ...bySidecar], ({ service }) => service);
    // Whoever is in the first list was there before this gateway, and is as warm as it gets.
    const joinedAt = this.byService.size === 0 ? undefined : this.now();
    const before = this.everyOne();
    const known = new Map(before.map((upstream) => [keyOf(upstream.instance), upstream]));
    const turns = new Map([...this.byService].map(([service, { turn }]) => [service, turn]));
    this.byService = new Map();
    for (const service of new Set([...turns.keys(), ...wanted.keys()])) {
      const up = (wanted.get(service) ?? []).filter(({ isUp }) => isUp);
      const all = up.map((instance) => this.keepOrOpen(instance, known.get(keyOf(instance)), joinedAt));
      const inZone = all.filter(({ instance }) => this.settings.zone && instance.zone === this.settings.zone);
      this.byService.set(service, { all, near: inZone.length > 0 ? inZone : all, turn: turns.get(service) ?? 0 });
    }
    const kept = new Set(this.everyOne());
    for (const upstream of before) if (!kept.has(upstream)) this.letFinish(upstream);
  }

  private keepOrOpen(instance: Instance, known: Upstream | undefined, joinedAt?: number): Upstream {
    if (!known) {
      const { sidecar } = this.settings;
      const added = sidecar?.services.has(instance.service) ? sidecarHeaders(instance.service, sidecar.token) : [];
      return new Upstream(instance, this.settings, joinedAt, added);
    }
    // It was announced again, so it is worth a try again.
    if (known.instance !== instance) known.skippedUntil = 0;
    known.instance = instance;
    return known;
  }

  // Requests under way are answered; new ones can no longer be sent there.
  private letFinish(upstream: Upstream): void {
    const closed = upstream.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  private everyOne(): Upstream[] {
    return [...this.byService.values()].flatMap(({ all }) => all);
  }
}

const keyOf = ({ service, id, origin }: Instance): string => `${service} ${id} ${origin}`;

const sidecarFor = (service: string, origin: string): Instance => ({
  id: `sidecar:${service}`,
  service,
  origin,
  isUp: true,
  leaseMs: Number.POSITIVE_INFINITY,
});

const sidecarHeaders = (service: string, token?: string): string[] => [
  'dapr-app-id',
  service,
  ...(token ? ['dapr-api-token', token] : []),
];
