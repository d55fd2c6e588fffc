import { randomUUID } from 'node:crypto';
import type { Logger } from '@cabinet/kit/observe/log';
import { readInstance } from '../codecs/read-instance.js';
import type { Registry } from '../domain/registry.js';
import type { Time } from '../time.js';
import { Peer, type PeerState, withoutPassword } from './peer.js';
import { PeerClient } from './peer-client.js';
import type { Task, TaskResult } from './task.js';

export interface PeersOptions {
  registry: Registry;
  time: Time;
  log: Logger;
  /** Longest wait for an answer of a peer. */
  timeoutMs: number;
}

/** The other registries. What happens here is told to each of them; what they tell is not told on. */
export class Peers {
  /** Names this registry to others. */
  readonly identity = randomUUID();
  private readonly peers = new Map<string, Peer>();
  private readonly selves = new Set<string>();

  constructor(private readonly options: PeersOptions) {
    // A lease that ran out here has nothing left to tell; peers see by themselves that it does.
    options.registry.subscribe(({ reason, registration }) => {
      if (reason === 'expired') for (const peer of this.peers.values()) peer.forget({ key: registration.instance });
    });
  }

  get urls(): string[] {
    return [...this.peers.keys()];
  }

  states(): PeerState[] {
    return Array.from(this.peers.values(), (peer) => peer.state);
  }

  /** Makes these the peers; those that stay keep what they have yet to hear. */
  update(urls: string[]): void {
    const wanted = new Set(urls.filter((url) => !this.selves.has(url)));
    for (const peer of this.peers.values()) if (!wanted.has(peer.url)) this.remove(peer);
    for (const url of wanted) if (!this.peers.has(url)) this.peers.set(url, this.open(url));
  }

  tell(task: Task): void {
    for (const peer of this.peers.values()) peer.tell(task);
  }

  clientOf(url: string): PeerClient {
    return new PeerClient(url, { identity: this.identity, timeoutMs: this.options.timeoutMs });
  }

  /** Leaves out an address that turned out to be this registry's own. */
  noteSelf(url: string): void {
    this.selves.add(url);
    this.options.log.info({ url: withoutPassword(url) }, 'this registry is in its own list of peers, left out');
    const peer = this.peers.get(url);
    if (peer) this.remove(peer);
  }

  stop(): void {
    this.update([]);
  }

  private open(url: string): Peer {
    const { time, log } = this.options;
    return new Peer({
      url,
      client: this.clientOf(url),
      time,
      log,
      onResult: (peer, task, result) => this.takeResult(peer, task, result),
      onSelf: (peer) => this.noteSelf(peer.url),
    });
  }

  private remove(peer: Peer): void {
    peer.stop();
    this.peers.delete(peer.url);
  }

  // A peer that does not know who renews must be told who it is; one that knows it better is believed.
  private takeResult(peer: Peer, task: Task, { statusCode, responseEntity }: TaskResult): void {
    const { registry, time, log } = this.options;
    if (statusCode < 300 || task.action === 'Cancel') return;
    const registration = registry.find(task.key);
    if (statusCode === 404) {
      if (registration && task.action === 'Heartbeat') peer.tell({ action: 'Register', key: task.key, registration });
    } else if (statusCode === 409 && responseEntity) {
      try {
        const { facts, terms } = readInstance(responseEntity, task.key.app, time.now().getTime());
        registry.register(facts, terms, { isReplication: true });
      } catch (error) {
        log.warn(
          { peer: withoutPassword(peer.url), problem: String(error) },
          'peer sent an instance that cannot be taken',
        );
      }
    }
  }
}
