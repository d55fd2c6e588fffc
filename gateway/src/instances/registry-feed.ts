import { type Agent, request } from 'undici';
import type { Directory } from './directory.js';
import { EventStreamReader, type StreamEvent } from './event-stream.js';
import { readInstance } from './instance.js';
import { drop } from './read-whole.js';
import type { RegistryAddress } from './registry-address.js';

export interface RegistryFeedOptions {
  /** Its body time-out ends a feed that has fallen silent. */
  agent: Agent;
  directory: Directory;
  signal: AbortSignal;
  /** Called whenever anything comes, a heartbeat as well. */
  onHeard: (url: string) => void;
}

interface Snapshot {
  startedAt: number;
  instances: unknown[];
}

interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  app: string;
  instanceId: string;
  instance: unknown;
}

/** Follows the change feed of a registry, `GET /eureka/changes`, and keeps the directory like it. */
export class RegistryFeed {
  constructor(private readonly options: RegistryFeedOptions) {}

  /**
   * Resolves when the registry ends the feed.
   * @param onOpen called when the feed has given its first snapshot.
   * @throws when there is no feed at this address, or it breaks off or falls silent.
   */
  async follow({ url, headers }: RegistryAddress, onOpen: () => void): Promise<void> {
    const { agent, signal } = this.options;
    const answer = await request(`${url}/changes`, {
      dispatcher: agent,
      headers: { accept: 'text/event-stream', ...headers },
      signal,
    });
    const isFeed = answer.statusCode === 200 && /^text\/event-stream/.test(String(answer.headers['content-type']));
    if (!isFeed) {
      drop(answer.body);
      throw new Error(`the registry has no change feed (it answered ${answer.statusCode})`);
    }
    // Both times are the registry's own, so that its clock need not agree with this one.
    const registryNow = Date.parse(String(answer.headers.date)) || Date.now();
    let isOpen = false;
    const reader = new EventStreamReader((event) => {
      this.take(event, registryNow);
      if (isOpen || event.type !== 'snapshot') return;
      isOpen = true;
      onOpen();
    });
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      reader.take(decoder.decode(part, { stream: true }));
      if (isOpen) this.options.onHeard(url);
    }
  }

  private take({ type, data }: StreamEvent, registryNow: number): void {
    const { directory } = this.options;
    if (type === 'snapshot') {
      const { instances, startedAt } = JSON.parse(data) as Snapshot;
      const readable = instances.map(readInstance).filter((instance) => instance !== undefined);
      directory.takeList(readable, Math.max(0, registryNow - startedAt));
    } else if (type === 'change') {
      this.takeChange(JSON.parse(data) as Change);
    }
  }

  private takeChange(change: Change): void {
    const { directory } = this.options;
    const instance = change.type === 'DELETED' ? undefined : readInstance(change.instance);
    if (instance) directory.put(instance);
    else directory.remove({ service: change.app.toLowerCase(), id: change.instanceId });
  }
}
