import type { Logger } from '@cabinet/kit/observe/log';
import type { Registry } from '../domain/registry.js';
import type { Time } from '../time.js';
import { withoutPassword } from './peer.js';
import { PeerIsSelf } from './peer-client.js';
import type { Peers } from './peers.js';

export interface StartUpSyncOptions {
  registry: Registry;
  peers: Peers;
  time: Time;
  log: Logger;
  /** How long to go on asking peers that do not answer. */
  waitMsMax: number;
}

const retryMs = 1_000;

/**
 * Fills a registry that starts with what a peer knows. Until then it tells nobody who is there: an empty list would read as
 * "nobody". When every peer answers and none knows anybody, or the wait is over, it opens all the same.
 */
export class StartUpSync {
  private isOpenNow = false;
  private isStopped = false;
  private cancelRetry?: () => void;
  private readonly deadline: number;

  constructor(private readonly options: StartUpSyncOptions) {
    this.deadline = options.time.now().getTime() + options.waitMsMax;
    void this.run();
  }

  get isOpen(): boolean {
    return this.isOpenNow;
  }

  stop(): void {
    this.isStopped = true;
    this.cancelRetry?.();
  }

  private async run(): Promise<void> {
    const { peers, time } = this.options;
    let haveAllAnswered = true;
    for (const url of peers.urls) {
      const known = await this.askPeer(url);
      if (known === undefined) haveAllAnswered = false;
      else if (known > 0) return this.open(`synchronised with ${withoutPassword(url)}`);
    }
    if (haveAllAnswered) this.open(peers.urls.length > 0 ? 'no peer knows anybody' : 'there are no peers');
    else if (time.now().getTime() >= this.deadline) this.open('peers did not answer in time');
    else if (!this.isStopped) this.cancelRetry = time.after(retryMs, () => void this.run());
  }

  /** @returns how many instances the peer knew, or undefined when it did not answer. */
  private async askPeer(url: string): Promise<number | undefined> {
    const { registry, peers, time } = this.options;
    try {
      const instances = await peers.clientOf(url).instances(time.now().getTime());
      for (const { facts, terms } of instances) registry.register(facts, terms, { isReplication: true });
      return instances.length;
    } catch (error) {
      if (!(error instanceof PeerIsSelf)) return undefined;
      peers.noteSelf(url);
      return 0;
    }
  }

  private open(why: string): void {
    this.isOpenNow = true;
    this.options.log.info({ why, instances: this.options.registry.size }, 'open');
  }
}
