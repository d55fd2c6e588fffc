import type { ReceivedEvent } from '../sidecar/deliveries.js';
import type { Failure } from '../sidecar/failures.js';
import type { WaitingEvent, WaitingEvents } from '../sidecar/waiting-events.js';
import { isDuplicateKey } from './duplicate-key.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

/** All that waits for one key; what is said of failures and tries is said of the first. */
interface WaitingKey {
  _id: string;
  topic: string;
  partitionKey: string;
  events: { event: ReceivedEvent; firstAt: Date }[];
  failure: Failure;
  tries: number;
  faults: number;
  lastAt: Date;
  nextAt: Date;
  leasedUntil: Date;
}

const idOf = ({ topic, partitionKey }: Pick<WaitingEvent, 'topic' | 'partitionKey'>) =>
  JSON.stringify([topic, partitionKey]);

export const waitingKeysOf = (orm: MongoOrm): Documents<WaitingKey> => documentsOf<WaitingKey>(orm, 'waiting_event');

const never = new Date(0);

/** One document a key, so that each step is one change of one document. */
export class MongoWaitingEvents implements WaitingEvents {
  constructor(private readonly orm: MongoOrm) {}

  async keysThatWait(topic: string, keys: string[]): Promise<Set<string>> {
    const ids = keys.map((partitionKey) => idOf({ topic, partitionKey }));
    const found = await this.keys()
      .find({ _id: { $in: ids } }, { projection: { partitionKey: 1 } })
      .toArray();
    return new Set(found.map(({ partitionKey }) => partitionKey));
  }

  async add(events: WaitingEvent[]): Promise<void> {
    for (const waiting of events) await this.append(waiting);
  }

  async due(now: Date, limit: number): Promise<WaitingEvent[]> {
    const keys = await this.keys()
      .find({ nextAt: { $lte: now }, leasedUntil: { $lte: now } })
      .sort({ nextAt: 1 })
      .limit(limit)
      .toArray();
    return keys.flatMap(firstOf);
  }

  async lease(waiting: WaitingEvent, now: Date, until: Date): Promise<boolean> {
    const first = { _id: idOf(waiting), 'events.0.event.id': waiting.event.id };
    const leased = await this.keys().updateOne(
      { ...first, leasedUntil: { $lte: now } },
      { $set: { leasedUntil: until } },
    );
    return leased.modifiedCount === 1;
  }

  async remove(waiting: WaitingEvent): Promise<WaitingEvent | undefined> {
    const _id = idOf(waiting);
    await this.keys().updateOne({ _id, 'events.0.event.id': waiting.event.id }, { $pop: { events: -1 } });
    // Only while it is empty: another may have come to wait in this moment.
    const { deletedCount } = await this.keys().deleteOne({ _id, events: { $size: 0 } });
    if (deletedCount === 1) return undefined;
    const fresh = { failure: behind, tries: 0, faults: 0 };
    await this.keys().updateOne({ _id }, { $set: fresh });
    const next = await this.keys().findOne({ _id });
    return next ? firstOf(next)[0] : undefined;
  }

  async postpone(waiting: WaitingEvent): Promise<void> {
    const { event, failure, tries, faults, lastAt, nextAt } = waiting;
    await this.keys().updateOne(
      { _id: idOf(waiting), 'events.0.event.id': event.id },
      { $set: { failure, tries, faults, lastAt, nextAt, leasedUntil: never } },
    );
  }

  async hurry(code: string, now: Date): Promise<void> {
    const waitForThis = { 'failure.cause': 'away' as const, 'failure.code': code, nextAt: { $gt: now } };
    await this.keys().updateMany(waitForThis, { $set: { nextAt: now } });
  }

  private async append({ event, firstAt, topic, partitionKey, ...rest }: WaitingEvent): Promise<void> {
    const _id = idOf({ topic, partitionKey });
    const entry = { event, firstAt };
    const { failure, tries, faults, lastAt, nextAt } = rest;
    const asFirst = { topic, partitionKey, failure, tries, faults, lastAt, nextAt, leasedUntil: never };
    try {
      await this.keys().updateOne(
        { _id, 'events.event.id': { $ne: event.id } },
        { $push: { events: entry }, $setOnInsert: asFirst },
        { upsert: true },
      );
    } catch (error) {
      // The key is there, so the event is: it waits already. Or another process made the key in this moment.
      if (!isDuplicateKey(error)) throw error;
      const isThere = await this.keys().findOne({ _id, 'events.event.id': event.id });
      if (!isThere) await this.append({ event, firstAt, topic, partitionKey, ...rest });
    }
  }

  private keys(): Documents<WaitingKey> {
    return waitingKeysOf(this.orm);
  }
}

const behind: Failure = { cause: 'away', code: 'EVENT.BEHIND_ANOTHER' };

function firstOf({ _id, leasedUntil: _, events: [first], ...key }: WaitingKey): WaitingEvent[] {
  return first ? [{ ...key, ...first }] : [];
}
