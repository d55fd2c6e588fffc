import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterReason,
  DeadLetterStore,
} from '@cabinet/service/sidecar/dead-letters';
import type { WaitingEvent } from '@cabinet/service/sidecar/waiting-events';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';
import { idOfWaiting, insertWaiting } from './waiting-events.js';

type Letter = DeadLetter & { _id: string };

/** Another one each time it is kept, so that what is taken away by its id is never what was kept anew meanwhile. */
const idOf = ({ topic, eventId, lastAt }: DeadLetter) => JSON.stringify([topic, eventId, lastAt]);
/** As earlier releases kept it. */
const earlierIdOf = ({ topic, eventId }: DeadLetter) => JSON.stringify([topic, eventId]);

export const deadLettersOf = (orm: MongoOrm): Documents<Letter> => documentsOf<Letter>(orm, 'dead_letter');

/** By what dead letters are looked for. */
export const deadLetterIndexes = [
  { firstAt: 1, _id: 1 },
  { topic: 1, eventId: 1 },
] as const;

/** Few enough that two round trips for so many are short. */
const movedAtOnce = 100;

export class MongoDeadLetterStore implements DeadLetterStore {
  constructor(private readonly orm: MongoOrm) {}

  async keep(letter: DeadLetter): Promise<void> {
    const { topic, eventId, lastAt } = letter;
    const earlier = { topic, eventId, lastAt: { $lt: lastAt } };
    const [first] = await this.letters().find(earlier).sort({ firstAt: 1 }).limit(1).toArray();
    const firstAt = first && first.firstAt < letter.firstAt ? first.firstAt : letter.firstAt;
    await this.letters().replaceOne({ _id: idOf(letter) }, { ...letter, firstAt }, { upsert: true });
    await this.letters().deleteMany(earlier);
    // Of two that keep it at the same time the later one stays.
    const later = await this.letters().findOne({ topic, eventId, lastAt: { $gt: lastAt } });
    if (later) await this.letters().deleteOne({ _id: idOf(letter) });
  }

  async list(filter: DeadLetterFilter, limit: number, after?: DeadLetter): Promise<DeadLetter[]> {
    const behind = after && [
      { firstAt: { $gt: after.firstAt } },
      // As an earlier release kept it, it stands behind what would be its own id.
      { firstAt: after.firstAt, _id: { $gt: idOf(after), $ne: earlierIdOf(after) } },
    ];
    const letters = await this.letters()
      .find({ ...conditionsOf(filter), ...(behind && { $or: behind }) })
      .sort({ firstAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
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

  /** First in, then out: what stands in both, as it is when the process dies between the two, waits, and stays here until then. */
  async letGo(letters: DeadLetter[], as: Pick<WaitingEvent, 'faults' | 'nextAt'>): Promise<number> {
    let count = 0;
    for (let at = 0; at < letters.length; at += movedAtOnce) {
      const some = letters.slice(at, at + movedAtOnce);
      const waiting = some.flatMap(({ eventId: _, type: __, event, ...rest }) =>
        event ? [{ ...rest, event, ...as }] : [],
      );
      const added = new Set(await insertWaiting(this.orm, waiting));
      const moved = some.filter(({ topic, event }) => event && added.has(idOfWaiting({ topic, event })));
      if (moved.length === 0) continue;
      const { deletedCount } = await this.letters().deleteMany({
        _id: { $in: moved.flatMap((letter) => [idOf(letter), earlierIdOf(letter)]) },
      });
      count += deletedCount;
    }
    return count;
  }

  async drop(filter: DeadLetterFilter): Promise<number> {
    return (await this.letters().deleteMany(conditionsOf(filter))).deletedCount;
  }

  private letters(): Documents<Letter> {
    return deadLettersOf(this.orm);
  }
}

function conditionsOf({ topic, eventId, code, type, exceptCause }: DeadLetterFilter) {
  return {
    ...(topic !== undefined && { topic }),
    ...(eventId !== undefined && { eventId }),
    ...(type !== undefined && { type }),
    ...(code !== undefined && { 'failure.code': code }),
    ...(exceptCause !== undefined && { 'failure.cause': { $ne: exceptCause } }),
  };
}
