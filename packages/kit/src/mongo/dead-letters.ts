import { type DeadLetter, type DeadLetterStore, topicOf } from '../sidecar/dead-letters.js';
import type { ReceivedEvent } from '../sidecar/event-routes.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

interface Letter {
  /** The event's id. */
  _id: string;
  topic: string;
  type: string;
  event: ReceivedEvent;
  receivedAt: Date;
  replayedAt: Date | null;
}

export const deadLettersOf = (orm: MongoOrm): Documents<Letter> => documentsOf<Letter>(orm, 'dead_letter');

export class MongoDeadLetterStore implements DeadLetterStore {
  constructor(private readonly orm: MongoOrm) {}

  async keep(event: ReceivedEvent): Promise<void> {
    const letter = { topic: topicOf(event), type: event.type, event, receivedAt: new Date(), replayedAt: null };
    await this.letters().updateOne({ _id: event.id }, { $set: letter }, { upsert: true });
  }

  async list(limit: number): Promise<DeadLetter[]> {
    const letters = await this.letters().find({ replayedAt: null }).sort({ receivedAt: 1 }).limit(limit).toArray();
    return letters.map(({ _id, topic, type, receivedAt }) => ({
      eventId: _id,
      topic,
      type,
      receivedAt: receivedAt.toISOString(),
    }));
  }

  async find(eventId: string): Promise<ReceivedEvent | undefined> {
    const letter = await this.letters().findOne({ _id: eventId });
    return letter?.event;
  }

  async markReplayed(eventId: string): Promise<void> {
    await this.letters().updateOne({ _id: eventId }, { $set: { replayedAt: new Date() } });
  }

  private letters(): Documents<Letter> {
    return deadLettersOf(this.orm);
  }
}
