import type { AppointmentEvents } from './appointment-events.js';

/** Who in this process has something to do once a change of appointments is committed; the first is who publishes its events. */
export class AppointmentCommits {
  private readonly whenCommitted: (() => void)[];
  private readonly whenFreed: (() => void)[] = [];

  constructor(events: AppointmentEvents) {
    this.whenCommitted = [() => events.committed()];
  }

  onCommitted(listener: () => void): void {
    this.whenCommitted.push(listener);
  }

  /** @param listener called after a commit that may have freed time that somebody waits for */
  onFreed(listener: () => void): void {
    this.whenFreed.push(listener);
  }

  committed(): void {
    for (const listener of this.whenCommitted) listener();
  }

  freed(): void {
    this.committed();
    for (const listener of this.whenFreed) listener();
  }
}
