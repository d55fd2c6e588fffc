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

/** The latest change of each instance within the retention time, oldest first. */
export class RecentChanges {
  // A Map keeps the order of insertion, so the outdated ones are always in front.
  private readonly latest = new Map<string, Change>();

  constructor(private readonly retentionMs: number) {}

  add(change: Change): void {
    const { app, instanceId } = change.registration.instance;
    const key = JSON.stringify([app, instanceId]);
    this.latest.delete(key);
    this.latest.set(key, change);
  }

  since(now: number): Change[] {
    this.forgetOutdated(now);
    return [...this.latest.values()];
  }

  forgetOutdated(now: number): void {
    for (const [key, change] of this.latest) {
      if (now - change.at <= this.retentionMs) return;
      this.latest.delete(key);
    }
  }
}
