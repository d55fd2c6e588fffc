import { type Fact, toToldEvent } from '@cabinet/service/sidecar/facts';
import type { EntityManager } from './orm.js';

/**
 * Puts what happened into the outbox, with the change itself, from where it is published once that is committed.
 * @typeParam Happened what a fact is made of, such as a patient and what happened to them
 */
export class EventSource<Happened extends unknown[]> {
  /**
   * @param name the process that tells
   * @param onCommit called when something was committed
   */
  constructor(
    readonly name: string,
    private readonly toFact: (...happened: Happened) => Fact,
    private readonly onCommit: () => void,
  ) {}

  /** Call it with the entity manager of the transaction that makes the change. */
  enqueue(tx: EntityManager, ...happened: Happened): Promise<void> {
    return this.enqueueAll(tx, [happened]);
  }

  async enqueueAll(tx: EntityManager, all: Happened[]): Promise<void> {
    if (all.length === 0) return;
    await tx.execute(
      `insert into outbox (event_id, topic, partition_key, event)
       select * from jsonb_to_recordset(?::jsonb) as row (event_id uuid, topic text, partition_key text, event jsonb)`,
      [JSON.stringify(all.map((happened) => this.toRow(...happened)))],
    );
  }

  /** A row of the outbox, for a statement that stores it together with the change. */
  toRow(...happened: Happened) {
    const fact = this.toFact(...happened);
    const { topic, event } = toToldEvent(this.name, fact);
    return { event_id: event.id, topic, partition_key: fact.partitionKey, event };
  }

  /** To be called after the commit: what was enqueued is published at once. */
  committed(): void {
    this.onCommit();
  }
}
