import type { Logger } from '@cabinet/kit/observe/log';
import type { Time } from '../time.js';
import { PeerBusy, type PeerClient, PeerIsSelf, PeerRefused } from './peer-client.js';
import type { Task, TaskResult } from './task.js';
import { TaskQueue } from './task-queue.js';

// Together as many as Netflix's server sends at once, but sooner: a registry that hears late routes to who has left.
const batchMax = 250;
const batchDelayMs = 50;
const congestionDelayMs = 1_000;
const networkRetryMsMin = 100;
const networkRetryMsMax = 5_000;

export interface PeerState {
  url: string;
  isReachable: boolean;
  /** How many tasks it has yet to hear. */
  pending: number;
  /** When it last answered. */
  heardAt?: Date;
  problem?: string;
}

export interface PeerOptions {
  url: string;
  client: PeerClient;
  time: Time;
  log: Logger;
  /** What to do with the answer to a task. */
  onResult: (peer: Peer, task: Task, result: TaskResult) => void;
  /** Called when the peer turns out to be this registry. */
  onSelf: (peer: Peer) => void;
}

/** Another registry, told in batches what happens here; one that is away or busy hears it later. */
export class Peer {
  private readonly queue = new TaskQueue();
  private cancelTimer?: () => void;
  private isSending = false;
  private isStopped = false;
  private failures = 0;
  private current: Pick<PeerState, 'heardAt' | 'problem'> = {};

  constructor(private readonly options: PeerOptions) {}

  get url(): string {
    return this.options.url;
  }

  get state(): PeerState {
    const { heardAt, problem } = this.current;
    const isReachable = heardAt !== undefined && problem === undefined;
    return { url: withoutPassword(this.url), isReachable, pending: this.queue.size, heardAt, problem };
  }

  tell(task: Task): void {
    this.queue.add(task);
    this.sendAfter(batchDelayMs);
  }

  /** Drops what it was to be told of an instance. */
  forget(task: Pick<Task, 'key'>): void {
    this.queue.forget(task);
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTimer?.();
  }

  private sendAfter(milliseconds: number): void {
    if (this.isSending || this.isStopped || this.cancelTimer) return;
    this.cancelTimer = this.options.time.after(milliseconds, () => {
      this.cancelTimer = undefined;
      void this.send();
    });
  }

  private async send(): Promise<void> {
    const { client, time, onResult } = this.options;
    const batch = this.queue.take(batchMax, time.now().getTime());
    if (batch.length === 0) return;
    this.isSending = true;
    let waitMs = batchDelayMs;
    try {
      const results = await client.replicate(batch);
      this.noteAnswer();
      for (const [index, task] of batch.entries()) onResult(this, task, results[index] ?? { statusCode: 500 });
    } catch (error) {
      waitMs = this.noteFailure(error, batch);
    }
    this.isSending = false;
    if (this.queue.size > 0) this.sendAfter(waitMs);
  }

  /** @returns how long to wait before the next batch. */
  private noteFailure(error: unknown, batch: Task[]): number {
    const { log, onSelf } = this.options;
    if (error instanceof PeerIsSelf) {
      onSelf(this);
      return 0;
    }
    const problem = reasonOf(error);
    if (this.current.problem !== problem)
      log.warn({ peer: withoutPassword(this.url), problem }, 'peer does not take changes');
    this.current = { ...this.current, problem };
    if (error instanceof PeerRefused) return batchDelayMs;
    this.queue.putBack(batch);
    if (error instanceof PeerBusy) return congestionDelayMs;
    this.failures += 1;
    return Math.min(networkRetryMsMin * 2 ** (this.failures - 1), networkRetryMsMax);
  }

  private noteAnswer(): void {
    if (this.current.problem) this.options.log.info({ peer: withoutPassword(this.url) }, 'peer takes changes again');
    this.failures = 0;
    this.current = { heardAt: this.options.time.now() };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** For logs and pages. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
