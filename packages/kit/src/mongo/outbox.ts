import type { Logger } from '../observe/log.js';
import { inSpan, traceHeaders } from '../observe/tracing.js';
import type { CloudEvent, EventPublisher } from '../sidecar/publish.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

/** A document that carries, beside its content, the events that tell of it and have not been published yet. */
export interface DocumentWithOutbox {
  _id: string;
  outbox: CloudEvent[];
}

export interface EmbeddedRelayOptions {
  orm: MongoOrm;
  /** Where the documents are. */
  collection: string;
  publisher: EventPublisher;
  log: Logger;
  /** How often to look for events that no process works on (their process died), in milliseconds. */
  rescueMs?: number;
  /** Documents worked on at the same time. */
  workersMax?: number;
}

// An event of another replica is left to it for so long; to publish it as well would be harmless but useless.
const othersWorkMs = 10_000;

/**
 * Publishes the events that documents carry, in order for each document, and takes them out once the broker has them. A
 * crash in between publishes again with the same event id. The topic is the event's source, the partition key the
 * document's id.
 */
export class EmbeddedOutboxRelay {
  private readonly waiting = new Set<string>();
  private readonly working = new Map<string, Promise<void>>();
  private rescueTimer?: NodeJS.Timeout;
  private restTimer?: NodeJS.Timeout;
  private rescuing?: Promise<void>;
  private failuresInRow = 0;
  private stopped = false;

  constructor(private readonly options: EmbeddedRelayOptions) {}

  /** Looks for everything that waits, whoever wrote it. */
  start(): void {
    this.rescue(0);
  }

  /** Publishes what the document carries; called after every write that told something. */
  wake(id: string): void {
    if (this.stopped) return;
    this.waiting.add(id);
    this.work();
  }

  /** Documents that this process knows to have events waiting. */
  get pending(): number {
    return this.waiting.size + this.working.size;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.rescueTimer);
    clearTimeout(this.restTimer);
    await this.rescuing;
    await Promise.all(this.working.values());
  }

  private rescue(olderThanMs: number): void {
    this.rescuing = this.wakeAllWaiting(olderThanMs)
      .catch((error) => this.options.log.warn({ err: error }, 'the outbox could not be looked at'))
      .finally(() => {
        if (this.stopped) return;
        this.rescueTimer = setTimeout(() => this.rescue(othersWorkMs), this.options.rescueMs ?? 30_000);
        this.rescueTimer.unref();
      });
  }

  private async wakeAllWaiting(olderThanMs: number): Promise<void> {
    const before = new Date(Date.now() - olderThanMs).toISOString();
    const found = this.documents().find({ 'outbox.time': { $lt: before } }, { projection: { _id: 1 } });
    for await (const { _id } of found) this.wake(_id);
  }

  private work(): void {
    if (this.restTimer) return;
    for (const id of this.waiting) {
      if (this.stopped || this.working.size >= (this.options.workersMax ?? 8)) return;
      // One worker a document, or its events could overtake each other.
      if (this.working.has(id)) continue;
      this.waiting.delete(id);
      const work = this.publishAllOf(id)
        .then(() => {
          this.failuresInRow = 0;
        })
        .catch((error) => this.rest(id, error))
        .finally(() => {
          this.working.delete(id);
          this.work();
        });
      this.working.set(id, work);
    }
  }

  // When one cannot be published, most likely none can: wait a little longer each time.
  private rest(id: string, error: unknown): void {
    this.waiting.add(id);
    this.failuresInRow += 1;
    this.options.log.warn({ err: error, tries: this.failuresInRow }, 'events wait in the outbox');
    if (this.restTimer || this.stopped) return;
    this.restTimer = setTimeout(
      () => {
        this.restTimer = undefined;
        this.work();
      },
      Math.min(500 * 2 ** Math.min(this.failuresInRow, 5), 15_000),
    );
    this.restTimer.unref();
  }

  private async publishAllOf(id: string): Promise<void> {
    const documents = this.documents();
    const document = await documents.findOne({ _id: id }, { projection: { outbox: 1 } });
    const published: CloudEvent[] = [];
    try {
      for (const event of document?.outbox ?? []) {
        await this.publish(event, id);
        published.push(event);
      }
    } finally {
      // By value: `$pull` with a condition is understood by MongoDB but not by every server that speaks its protocol.
      if (published.length > 0) await documents.updateOne({ _id: id }, { $pullAll: { outbox: published } });
    }
  }

  private publish(event: CloudEvent, partitionKey: string): Promise<void> {
    return inSpan(
      `publish ${event.type}`,
      'producer',
      () => this.options.publisher.publish(event.source, { ...event, ...traceHeaders() }, partitionKey),
      { traceparent: event.traceparent },
    );
  }

  private documents(): Documents<DocumentWithOutbox> {
    return documentsOf(this.options.orm, this.options.collection);
  }
}
