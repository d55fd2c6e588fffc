import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Appointment, Happening } from '../../domain/booking/appointment.js';

type Source = EventSource<[Appointment, Happening]>;

/** What is told of appointments, and who here has something to do once a change of them is committed. */
export class AppointmentEvents {
  private readonly whenCommitted: (() => void)[] = [];
  private readonly whenFreed: (() => void)[] = [];

  constructor(private readonly source: Source) {}

  /** The process that tells. */
  get name(): string {
    return this.source.name;
  }

  enqueue(tx: EntityManager, ...happened: [Appointment, Happening]): Promise<void> {
    return this.source.enqueue(tx, ...happened);
  }

  enqueueAll(tx: EntityManager, all: [Appointment, Happening][]): Promise<void> {
    return this.source.enqueueAll(tx, all);
  }

  toRow(...happened: [Appointment, Happening]): object {
    return this.source.toRow(...happened);
  }

  onCommitted(listener: () => void): void {
    this.whenCommitted.push(listener);
  }

  /** @param listener called after a commit that may have freed time that somebody waits for */
  onFreed(listener: () => void): void {
    this.whenFreed.push(listener);
  }

  committed(): void {
    this.source.committed();
    for (const listener of this.whenCommitted) listener();
  }

  freed(): void {
    this.committed();
    for (const listener of this.whenFreed) listener();
  }
}
