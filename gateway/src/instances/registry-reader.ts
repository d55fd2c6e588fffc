import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@cabinet/kit/observe/log';
import { Agent, request } from 'undici';
import type { Directory } from './directory.js';
import { readApplications } from './instance.js';
import { drop, readJson } from './read-whole.js';
import { type RegistryAddress, registryAddress } from './registry-address.js';
import { RegistryFeed } from './registry-feed.js';

export interface RegistryReaderOptions {
  /** Registries that know the same, tried in turn: `http://127.0.0.1:8761/eureka/`. */
  urls: string[];
  /** What opens them, if they are closed to strangers. */
  token?: string;
  directory: Directory;
  log: Logger;
  /** How often to ask while no registry pushes. */
  pollMs: number;
  /** A feed that is silent for so long is given up. */
  silenceMs: number;
}

export interface RegistryState {
  source: 'feed' | 'poll' | 'none';
  /** The registry heard last. */
  url?: string;
  /** Seconds since any registry was heard; absent before the first time. */
  ageSeconds?: number;
  problem?: string;
}

const listBytesMax = 32 * 1024 * 1024;

/**
 * Keeps the directory as a registry tells it: pushed by its change feed, and asked for every few seconds while there is no
 * feed. When no registry answers, the directory stays as it is.
 */
export class RegistryReader {
  private readonly registries: RegistryAddress[];
  private readonly agent: Agent;
  private readonly stopping = new AbortController();
  private readonly feed: RegistryFeed;
  private loops: Promise<unknown> = Promise.resolve();
  private heardAt?: number;
  private source: RegistryState['source'] = 'none';
  private url?: string;
  private problem?: string;
  private isFeedMissed = false;

  constructor(private readonly options: RegistryReaderOptions) {
    this.registries = options.urls.map((url) => registryAddress(url, options.token));
    this.agent = new Agent({ connect: { timeout: 2_000 }, headersTimeout: 3_000, bodyTimeout: options.silenceMs });
    this.feed = new RegistryFeed({
      agent: this.agent,
      directory: options.directory,
      signal: this.stopping.signal,
      onHeard: (url) => this.heard(url, 'feed'),
    });
  }

  start(): void {
    this.loops = Promise.all([this.followFeeds(), this.pollWithoutFeed()]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loops;
    await this.agent.destroy();
  }

  state(): RegistryState {
    const ageMs = this.heardAt === undefined ? undefined : performance.now() - this.heardAt;
    return {
      source: this.source,
      url: this.url,
      ageSeconds: ageMs === undefined ? undefined : Math.round(ageMs / 100) / 10,
      problem: this.problem,
    };
  }

  private async followFeeds(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      const registry = this.registries[failures % this.registries.length] as RegistryAddress;
      const { url } = registry;
      try {
        await this.feed.follow(registry, () => {
          failures = 0;
        });
        this.lost(url, new Error('the registry ended its feed'));
      } catch (error) {
        this.lost(url, error);
      }
      failures += 1;
      // The next registry is tried at once; only when all have failed is there a pause, longer each time.
      const rounds = Math.floor(failures / this.registries.length);
      if (failures % this.registries.length === 0) await this.pause(Math.min(125 * 2 ** rounds, 2_000));
    }
  }

  private async pollWithoutFeed(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.pause(this.options.pollMs);
      this.options.directory.dropDoubted();
      if (this.source === 'feed' || signal.aborted) continue;
      if (!(await this.pollAny())) this.source = 'none';
    }
  }

  private async pollAny(): Promise<boolean> {
    for (const registry of this.registries) {
      try {
        await this.poll(registry);
        return true;
      } catch (error) {
        this.problem ??= describe(error);
      }
    }
    return false;
  }

  private async poll({ url, headers: opening }: RegistryAddress): Promise<void> {
    const { signal } = this.stopping;
    const headers = { accept: 'application/json', ...opening };
    const { statusCode, body } = await request(`${url}/apps`, { dispatcher: this.agent, headers, signal });
    if (statusCode !== 200) {
      drop(body);
      throw new Error(`the registry answered ${statusCode}`);
    }
    const instances = readApplications(await readJson(body, listBytesMax));
    // The feed may have come back while the list was on its way; what it says is newer.
    if (this.source === 'feed') return;
    this.options.directory.takeList(instances, 0);
    this.heard(url, 'poll');
  }

  private heard(url: string, source: 'feed' | 'poll'): void {
    if (source !== this.source || url !== this.url) this.options.log.info({ url, source }, 'the registry is heard');
    if (source === 'feed') this.isFeedMissed = false;
    this.heardAt = performance.now();
    this.source = source;
    this.url = url;
    this.problem = undefined;
  }

  private lost(url: string, error: unknown): void {
    if (this.stopping.signal.aborted) return;
    if (this.source === 'feed') this.source = 'none';
    this.problem = describe(error);
    if (this.isFeedMissed) return;
    this.isFeedMissed = true;
    this.options.log.warn({ url, problem: this.problem }, 'no feed from the registry, trying on');
  }

  private async pause(ms: number): Promise<void> {
    // Rejects only when woken by stop.
    await delay(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
