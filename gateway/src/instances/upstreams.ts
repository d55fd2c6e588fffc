import { Pool } from 'undici';
import type { Directory } from './directory.js';
import type { Instance } from './instance.js';

export interface UpstreamSettings {
  connectTimeoutMs: number;
  /** Longest silence within the body of an answer. */
  bodyTimeoutMs: number;
  /** Open connections to one instance; further requests wait for a free one. */
  connectionsMax: number;
  /** How long an instance that refused a connection is left out. */
  skipMs: number;
}

export const usualUpstreamSettings: UpstreamSettings = {
  connectTimeoutMs: 2_000,
  bodyTimeoutMs: 30_000,
  connectionsMax: 256,
  skipMs: 3_000,
};

/** An instance that requests are sent to, with the connections to it. */
export class Upstream {
  readonly pool: Pool;
  inFlight = 0;
  skippedUntil = 0;

  constructor(
    public instance: Instance,
    settings: UpstreamSettings,
  ) {
    this.pool = new Pool(instance.origin, {
      connect: { timeout: settings.connectTimeoutMs },
      connections: settings.connectionsMax,
      // A second request behind a slow or broken first one would share its fate.
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0, // the deadline of the whole request stands in forward.ts
      bodyTimeout: settings.bodyTimeoutMs,
    });
  }
}

/** The instances that may be chosen now, by service. */
export class Upstreams {
  private byService = new Map<string, Upstream[]>();
  private readonly turns = new Map<string, number>();
  private readonly closing = new Set<Promise<void>>();

  constructor(
    private readonly directory: Directory,
    private readonly settings: UpstreamSettings = usualUpstreamSettings,
    private readonly now: () => number = () => performance.now(),
  ) {
    directory.onChange(() => this.follow());
    this.follow();
  }

  of(service: string): readonly Upstream[] {
    return this.byService.get(service) ?? [];
  }

  services(): string[] {
    return [...this.byService.keys()];
  }

  /**
   * The next instance in turn. One that refused a connection a moment ago, or is to be avoided, is taken only when there is
   * no other: a try that may fail is better than none.
   */
  choose(service: string, avoided?: ReadonlySet<Upstream>): Upstream | undefined {
    const all = this.of(service);
    const turn = this.turns.get(service) ?? 0;
    this.turns.set(service, (turn + 1) % Number.MAX_SAFE_INTEGER);
    const now = this.now();
    let lastResort: Upstream | undefined;
    for (let i = 0; i < all.length; i++) {
      const candidate = all[(turn + i) % all.length] as Upstream;
      if (avoided?.has(candidate)) continue;
      if (candidate.skippedUntil <= now) return candidate;
      lastResort ??= candidate;
    }
    return lastResort ?? all[turn % all.length];
  }

  /** Leaves the instance out for a short while. */
  skip(upstream: Upstream): void {
    upstream.skippedUntil = this.now() + this.settings.skipMs;
  }

  isSkipped(upstream: Upstream): boolean {
    return upstream.skippedUntil > this.now();
  }

  hasOther(upstream: Upstream): boolean {
    return this.of(upstream.instance.service).some((other) => other !== upstream && !this.isSkipped(other));
  }

  /** Closes all connections; running requests are cut. */
  async close(): Promise<void> {
    const upstreams = [...this.byService.values()].flat();
    this.byService = new Map();
    await Promise.all([...upstreams.map(({ pool }) => pool.destroy()), ...this.closing]);
  }

  private follow(): void {
    const wanted = Map.groupBy(
      this.directory.all().filter((instance) => instance.isUp),
      (instance) => instance.service,
    );
    const before = this.byService;
    this.byService = new Map();
    for (const [service, instances] of wanted) {
      const known = before.get(service) ?? [];
      this.byService.set(
        service,
        instances.map((instance) => this.keepOrOpen(instance, known)),
      );
    }
    const kept = new Set([...this.byService.values()].flat());
    for (const upstream of [...before.values()].flat()) if (!kept.has(upstream)) this.letFinish(upstream);
  }

  private keepOrOpen(instance: Instance, known: readonly Upstream[]): Upstream {
    const upstream = known.find((one) => one.instance.id === instance.id && one.instance.origin === instance.origin);
    if (!upstream) return new Upstream(instance, this.settings);
    // It was announced again, so it is worth a try again.
    if (upstream.instance !== instance) upstream.skippedUntil = 0;
    upstream.instance = instance;
    return upstream;
  }

  // Requests under way are answered; new ones can no longer be sent there.
  private letFinish(upstream: Upstream): void {
    const closed = upstream.pool.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }
}
