import { readInstances, readResults, writeBatch } from './replication-codec.js';
import type { Task, TaskResult } from './task.js';

/** Marks what comes from another registry; Netflix's name. */
export const replicationHeader = 'x-netflix-discovery-replication';
/** Names the registry that asks or answers, so that one that finds itself in its list of peers knows it. */
export const identityHeader = 'x-registry-identity';

export interface PeerClientOptions {
  /** This registry's own. */
  identity: string;
  timeoutMs: number;
}

/** A peer that is there but cannot take more now, or answered too late. */
export class PeerBusy extends Error {}

/** A peer that refused a whole request: sending it again would not help. */
export class PeerRefused extends Error {}

/** The address is this registry's own. */
export class PeerIsSelf extends Error {}

/** The calls to one other registry. */
export class PeerClient {
  private readonly base: string;
  private readonly headers: Record<string, string>;

  /** @param url such as `http://127.0.0.1:8761/eureka/`; a name and password in it are sent as basic authentication */
  constructor(
    url: string,
    private readonly options: PeerClientOptions,
  ) {
    const { origin, pathname, username, password } = new URL(url);
    this.base = `${origin}${pathname.replace(/\/+$/, '')}`;
    this.headers = {
      Accept: 'application/json',
      [replicationHeader]: 'true',
      [identityHeader]: options.identity,
      'DiscoveryIdentity-Name': 'DefaultServer',
    };
    if (username) {
      const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.headers.Authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    }
  }

  async replicate(tasks: Task[]): Promise<TaskResult[]> {
    const body = writeBatch(tasks);
    const headers = { 'Content-Type': 'application/json' };
    return readResults(await this.ask('/peerreplication/batch/', { method: 'POST', headers, body }));
  }

  async instances(now: number) {
    return readInstances(await this.ask('/apps/', {}), now);
  }

  private async ask(path: string, init: RequestInit): Promise<string> {
    const headers = { ...this.headers, ...init.headers };
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    try {
      const answer = await fetch(`${this.base}${path}`, { ...init, headers, signal });
      const text = await answer.text();
      if (answer.headers.get(identityHeader) === this.options.identity) throw new PeerIsSelf();
      if (answer.status === 503 || answer.status === 429) throw new PeerBusy(`it answered ${answer.status}`);
      if (!answer.ok) throw new PeerRefused(`it answered ${answer.status}`);
      return text;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') throw new PeerBusy('it did not answer in time');
      throw error;
    }
  }
}
