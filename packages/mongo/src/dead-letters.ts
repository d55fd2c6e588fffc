import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterReason,
  DeadLetterStore,
} from '@cabinet/service/sidecar/dead-letters';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

type Letter = DeadLetter & { _id: string };

const idOf = ({ topic, eventId }: Pick<DeadLetter, 'topic' | 'eventId'>) => JSON.stringify([topic, eventId]);

export const deadLettersOf = (orm: MongoOrm): Documents<Letter> => documentsOf<Letter>(orm, 'dead_letter');

export class MongoDeadLetterStore implements DeadLetterStore {
  constructor(private readonly orm: MongoOrm) {}

  async keep({ firstAt, ...letter }: DeadLetter): Promise<void> {
    await this.letters().updateOne(
      { _id: idOf(letter) },
      { $set: letter, $setOnInsert: { firstAt } },
      { upsert: true },
    );
  }

  async list(filter: DeadLetterFilter, limit: number): Promise<DeadLetter[]> {
    const letters = await this.letters().find(conditionsOf(filter)).sort({ firstAt: 1, _id: 1 }).limit(limit).toArray();
    return letters.map(({ _id, ...letter }) => letter);
  }

  async reasons(): Promise<DeadLetterReason[]> {
    const reasons = new Map<string, DeadLetterReason>();
    // Counted here, since not every server of this protocol can.
    for await (const { topic, type, failure, firstAt, lastAt } of this.letters().find(
      {},
      { projection: { event: 0 } },
    )) {
      const key = JSON.stringify([topic, type, failure.cause, failure.code]);
      const known = reasons.get(key) ?? { topic, type, failure, count: 0, firstAt, lastAt };
      reasons.set(key, {
        ...known,
        count: known.count + 1,
        firstAt: known.firstAt < firstAt ? known.firstAt : firstAt,
        lastAt: known.lastAt > lastAt ? known.lastAt : lastAt,
      });
    }
    return [...reasons.values()].sort((a, b) => b.count - a.count);
  }

  async remove(letters: Pick<DeadLetter, 'topic' | 'eventId'>[]): Promise<void> {
    if (letters.length > 0) await this.letters().deleteMany({ _id: { $in: letters.map(idOf) } });
  }

  async drop(filter: DeadLetterFilter): Promise<number> {
    return (await this.letters().deleteMany(conditionsOf(filter))).deletedCount;
  }

  private letters(): Documents<Letter> {
    return deadLettersOf(this.orm);
  }
}

function conditionsOf({ eventId, code, type, exceptCause }: DeadLetterFilter) {
  return {
    ...(eventId !== undefined && { eventId }),
    ...(type !== undefined && { type }),
    ...(code !== undefined && { 'failure.code': code }),
    ...(exceptCause !== undefined && { 'failure.cause': { $ne: exceptCause } }),
  };
}
