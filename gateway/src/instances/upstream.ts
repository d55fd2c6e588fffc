import { Pool } from 'undici';
import type { Instance } from './instance.js';

export interface UpstreamSettings {
  connectTimeoutMs: number;
  /** Longest silence within the body of an answer. */
  bodyTimeoutMs: number;
  /** Open connections to one instance; further requests wait for a free one. */
  connectionsMax: number;
  /** The same for those who listen to its events, beside these: each keeps one for minutes. */
  streamsMax: number;
  /** How long an instance that refused a connection is left out. */
  skipMs: number;
  /** An instance that fails so many times in a row is left out … */
  failuresMax: number;
  /** … for this time, and for a multiple of it each further time. */
  ejectMs: number;
  ejectMsMax: number;
  /** How long it takes until an instance that joins gets its full share. */
  warmUpMs: number;
  /** The zone that this gateway runs in; instances of it come first. */
  zone?: string;
  sidecar?: SidecarTransport;
}

/** Services that are called through the gateway's own Dapr sidecar, which finds and chooses the instance itself. */
export interface SidecarTransport {
  origin: string;
  token?: string;
  services: ReadonlySet<string>;
}

export const usualUpstreamSettings: UpstreamSettings = {
  connectTimeoutMs: 2_000,
  bodyTimeoutMs: 30_000,
  connectionsMax: 256,
  streamsMax: 256,
  skipMs: 3_000,
  failuresMax: 5,
  ejectMs: 10_000,
  ejectMsMax: 300_000,
  warmUpMs: 10_000,
};

/** An instance that requests are sent to, with the connections to it and what is known of how it fares. */
export class Upstream {
  readonly pool: Pool;
  /** For answers that go on for as long as somebody listens. */
  readonly streamPool: Pool;
  inFlight = 0;
  skippedUntil = 0;
  ejectedUntil = 0;
  /** How often it was ejected and has not been well since. */
  ejections = 0;
  failuresInARow = 0;
  /** When it last answered well. */
  wellAt = 0;

  constructor(
    public instance: Instance,
    private readonly settings: UpstreamSettings,
    /** Absent for those that were there before this gateway. */
    private readonly joinedAt?: number,
    /** Added to each request, names and values in turn. */
    readonly addedHeaders: readonly string[] = [],
  ) {
    this.pool = this.open(settings.connectionsMax, settings.bodyTimeoutMs);
    this.streamPool = this.open(settings.streamsMax, 0);
  }

  /** Lets requests under way finish. */
  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.streamPool.close()]);
  }

  /** Cuts them. */
  async destroy(): Promise<void> {
    await Promise.all([this.pool.destroy(), this.streamPool.destroy()]);
  }

  isUsable(now: number): boolean {
    return this.skippedUntil <= now && this.ejectedUntil <= now;
  }

  /** The part of its full share that it gets now: a tenth when it joins, and all after the warm-up. */
  share(now: number): number {
    if (this.joinedAt === undefined) return 1;
    const age = now - this.joinedAt;
    return age >= this.settings.warmUpMs ? 1 : Math.max(0.1, age / this.settings.warmUpMs);
  }

  private open(connections: number, bodyTimeout: number): Pool {
    return new Pool(this.instance.origin, {
      connect: { timeout: this.settings.connectTimeoutMs },
      connections,
      // A second request behind a slow or broken first one would share its fate.
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0, // the deadline of the whole request stands in forward.ts
      bodyTimeout,
    });
  }
}
