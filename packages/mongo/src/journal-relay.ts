import type { Logger } from '@cabinet/kit/observe/log';
import { startProducerSpans } from '@cabinet/kit/observe/tracing';
import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { ToldEvent } from '@cabinet/service/sidecar/facts';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { isDuplicateKey } from './duplicate-key.js';
import {
  abandonedMs,
  type JournalNote,
  noteId,
  notesOf,
  removeNote,
  toldOf,
  type VersionedDocument,
} from './journal-notes.js';
import { documentsOf, type MongoOrm } from './orm.js';

export interface JournalRelayOptions {
  orm: MongoOrm;
  /** The collection of the documents that change by the journal. */
  documents: string;
  publisher: EventPublisher;
  log: Logger;
  /** How often to look for notes that no process works on (theirs died), in milliseconds. */
  rescueMs?: number;
  /** Documents whose events are published at the same time. */
  workersMax?: number;
  /** Longest time for running publications to end on stop, in milliseconds. */
  drainMsMax?: number;
}

const queueMs = 25;

/**
 * Publishes the events of changes that were made, in order for each document, and takes the note away once the broker
 * has them. A crash in between publishes again with the same event ids. The partition key is the
 * document's id.
 */
export class JournalRelay {
  /** By document; the oldest version first. */
  private readonly waiting = new Map<string, JournalNote[]>();
  private readonly working = new Map<string, Promise<void>>();
  /** Documents of which another replica has still something earlier to tell. */
  private readonly queueing = new Set<string>();
  private readonly rescue: PeriodicTask;
  private isFirstLook = true;
  private restTimer?: NodeJS.Timeout;
  private failuresInRow = 0;
  private stopped = false;
  private readonly givenUp = Promise.withResolvers<never>();

  constructor(private readonly options: JournalRelayOptions) {
    // Nobody may be waiting for a publication when it is given up.
    this.givenUp.promise.catch(() => {});
    this.rescue = new PeriodicTask(() => this.settleAll(), {
      everyMs: options.rescueMs ?? 15_000,
      failed: (error) => options.log.warn({ err: error }, 'the journal could not be looked at'),
    });
  }

  /** Looks for everything that an earlier run left behind. */
  start(): void {
    this.rescue.start(0);
  }

  /** Publishes the events of a change that has been made. */
  tell(note: JournalNote): void {
    if (this.stopped) return;
    const notes = this.waiting.get(note.subject) ?? [];
    if (notes.some(({ _id }) => _id === note._id)) return;
    notes.push(note);
    notes.sort((one, next) => one.version - next.version);
    this.waiting.set(note.subject, notes);
    this.work();
  }

  /** Finds out what became of a note whose process may have died: the change was made and is told, or it is forgotten. */
  async settle(note: JournalNote): Promise<void> {
    const { orm } = this.options;
    const documents = documentsOf<VersionedDocument>(orm, this.options.documents);
    const document = await documents.findOne({ _id: note.subject }, { projection: { version: 1 } });
    const isReached = document !== null && document.version >= note.version;
    // The change that led to this version is told already, so this is another one that came too late.
    const isLate = isReached && ((await toldOf(orm).findOne({ _id: note.subject }))?.version ?? 0) >= note.version;
    if (isReached && !isLate) this.tell(note);
    else if (isLate || Date.now() - note.at.getTime() > abandonedMs) await removeNote(this.options.orm, note);
  }

  /** Lets running publications end, for a while: one that is given up is published again, with the same event id. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.restTimer);
    const giveUp = () => this.givenUp.reject(new Error('stopped before the broker had answered'));
    const patience = setTimeout(giveUp, this.options.drainMsMax ?? 3_000);
    await this.rescue.stop();
    await Promise.all(this.working.values());
    clearTimeout(patience);
  }

  private async settleAll(): Promise<void> {
    const before = new Date(Date.now() - (this.isFirstLook ? 0 : abandonedMs));
    for await (const note of notesOf(this.options.orm).find({ at: { $lte: before } })) {
      if (this.stopped) return;
      await this.settle(note);
    }
    this.isFirstLook = false;
  }

  private work(): void {
    if (this.restTimer) return;
    for (const subject of this.waiting.keys()) {
      if (this.stopped || this.working.size >= (this.options.workersMax ?? 8)) return;
      // One worker a document, or its events could overtake each other.
      if (this.working.has(subject) || this.queueing.has(subject)) continue;
      const work = this.tellAllOf(subject)
        .then((isDone) => {
          this.failuresInRow = 0;
          if (!isDone) this.queue(subject);
        })
        .catch((error) => this.rest(error))
        .finally(() => {
          this.working.delete(subject);
          this.work();
        });
      this.working.set(subject, work);
    }
  }

  // When one cannot be published, most likely none can: wait a little longer each time.
  private rest(error: unknown): void {
    this.failuresInRow += 1;
    this.options.log.warn({ err: error, tries: this.failuresInRow }, 'events wait in the journal');
    if (this.restTimer || this.stopped) return;
    const pause = Math.min(250 * 2 ** Math.min(this.failuresInRow, 6), 15_000);
    this.restTimer = setTimeout(() => {
      this.restTimer = undefined;
      this.work();
    }, pause);
    this.restTimer.unref();
  }

  private queue(subject: string): void {
    this.queueing.add(subject);
    const again = () => {
      this.queueing.delete(subject);
      this.work();
    };
    setTimeout(again, queueMs).unref();
  }

  /** @returns false when something earlier has to be told first, by another replica */
  private async tellAllOf(subject: string): Promise<boolean> {
    const notes = this.waiting.get(subject) ?? [];
    for (let note = notes[0]; note && !this.stopped; note = notes[0]) {
      if (await this.isSomethingBefore(note)) return false;
      for (const event of note.events) await this.publish(event, subject);
      await this.keepAsTold(note);
      await removeNote(this.options.orm, note);
      notes.splice(notes.indexOf(note), 1);
    }
    if (notes.length === 0) this.waiting.delete(subject);
    return true;
  }

  // Another replica may still be telling of the version before; if it died, its note is taken over here.
  private async isSomethingBefore({ subject, version }: JournalNote): Promise<boolean> {
    if (version === 1) return false;
    const before = await notesOf(this.options.orm).findOne({ _id: noteId(subject, version - 1) });
    if (before && Date.now() - before.at.getTime() > abandonedMs) await this.settle(before);
    return before !== null;
  }

  // Once the note is away, one that comes late could be written in its place.
  private async keepAsTold({ subject, version }: JournalNote): Promise<void> {
    try {
      await toldOf(this.options.orm).updateOne({ _id: subject }, { $set: { version } }, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // another replica has told the same
    }
  }

  private async publish({ topic, event }: ToldEvent, partitionKey: string): Promise<void> {
    const spans = startProducerSpans([event]);
    const told = { event: { ...event, ...spans.headers[0] }, partitionKey };
    const refused = await spans.run(() =>
      Promise.race([this.options.publisher.publish(topic, [told]), this.givenUp.promise]),
    );
    if (refused.length > 0) throw new Error(`the broker did not take an event for ${topic}`);
  }
}
