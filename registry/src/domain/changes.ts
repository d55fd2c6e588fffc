import { sizeOf } from './capacity.js';
import type { ActionType } from './instance.js';
import type { Registration } from './lease.js';

export type ChangeReason = 'registered' | 'status' | 'metadata' | 'cancelled' | 'expired';

/** Something that readers of the registry must know. Renewals are none. */
export interface Change {
  /** Grows by one a change, from 1. */
  readonly sequence: number;
  readonly type: ActionType;
  readonly reason: ChangeReason;
  /** Milliseconds. */
  readonly at: number;
  /** As it was after the change; for DELETED as it was last known. */
  readonly registration: Registration;
}

export type ChangeListener = (change: Change) => void;

/**
 * The latest change of each instance within the retention time, oldest first. What left is remembered up to a number of
 * characters: a client that misses one sees by the hash that it must fetch everything.
 */
export class RecentChanges {
  // A Map keeps the order of insertion, so the outdated ones are always in front.
  private readonly latest = new Map<string, Change>();
  private characters = 0;

  constructor(
    private readonly retentionMs: number,
    private readonly charactersMax: number,
  ) {}

  add(change: Change): void {
    const { app, instanceId } = change.registration.instance;
    const key = JSON.stringify([app, instanceId]);
    this.forget(key);
    this.latest.set(key, change);
    this.characters += weightOf(change);
    for (const oldest of this.latest.keys()) {
      if (this.characters <= this.charactersMax) return;
      this.forget(oldest);
    }
  }

  since(now: number): Change[] {
    this.forgetOutdated(now);
    return [...this.latest.values()];
  }

  forgetOutdated(now: number): void {
    for (const [key, change] of this.latest) {
      if (now - change.at <= this.retentionMs) return;
      this.forget(key);
    }
  }

  private forget(key: string): void {
    const change = this.latest.get(key);
    if (!change) return;
    this.characters -= weightOf(change);
    this.latest.delete(key);
  }
}

// An instance that is still registered is remembered there anyway; the entry itself is worth a few hundred characters.
const weightOf = ({ type, registration }: Change): number =>
  400 + (type === 'DELETED' ? sizeOf(registration.instance) : 0);
