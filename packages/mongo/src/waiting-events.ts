import { newId } from '@cabinet/kit/ids';
import type { WaitingEvent, WaitingEvents } from '@cabinet/service/sidecar/waiting-events';
import { indexesTaken } from './duplicate-key.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

interface Stored extends WaitingEvent {
  _id: string;
  /** In the order in which they came to wait. */
  position: string;
  leasedUntil: Date;
}

export const idOfWaiting = ({ topic, event }: Pick<WaitingEvent, 'topic' | 'event'>) =>
  JSON.stringify([topic, event.id]);

export const waitingEventsOf = (orm: MongoOrm): Documents<Stored> => documentsOf<Stored>(orm, 'waiting_event');

/** The event as it waits, of one time that it does where that is known. */
const thisTime = ({ position, ...waiting }: WaitingEvent) => ({
  _id: idOfWaiting(waiting),
  ...(position !== undefined && { position }),
});

const never = new Date(0);

/** Puts events at the end of their keys, in their order. @returns the ids of those that did not wait already */
export async function insertWaiting(orm: MongoOrm, events: WaitingEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  const stored = events.map((waiting) => ({
    ...waiting,
    _id: idOfWaiting(waiting),
    position: newId(),
    leasedUntil: never,
  }));
  const taken = await waitingEventsOf(orm)
    .insertMany(stored, { ordered: false })
    .then(() => new Set<number>(), indexesTaken);
  return stored.filter((_, index) => !taken.has(index)).map(({ _id }) => _id);
}

const inOrder = { position: 1 } as const;
type WithoutEvent = Omit<Stored, 'event'>;
const withoutEvent = { event: 0 } as const;
/** Of how many is asked at once which is the first of its key. */
const keysAtOnce = 100;

const keyOf = ({ topic, partitionKey }: Pick<WaitingEvent, 'topic' | 'partitionKey'>) =>
  JSON.stringify([topic, partitionKey]);

/** By what waiting events are looked for. */
export const waitingEventIndexes = [
  { topic: 1, partitionKey: 1, position: 1 },
  { nextAt: 1 },
  { 'failure.code': 1, nextAt: 1 },
  { firstAt: 1 },
] as const;

/** A document for each, so that the only steps that several processes may take at once are to insert an id and to remove it. */
export class MongoWaitingEvents implements WaitingEvents {
  constructor(private readonly orm: MongoOrm) {}

  async keysThatWait(topic: string, keys: string[]): Promise<Set<string>> {
    const found = await this.events()
      .find({ topic, partitionKey: { $in: keys } }, { projection: { partitionKey: 1 } })
      .toArray();
    return new Set(found.map(({ partitionKey }) => partitionKey));
  }

  async add(events: WaitingEvent[]): Promise<void> {
    await insertWaiting(this.orm, events);
  }

  async due(now: Date, limit: number): Promise<WaitingEvent[]> {
    const isDue = { nextAt: { $lte: now }, leasedUntil: { $lte: now } };
    const keys = new Set<string>();
    const fresh: WithoutEvent[] = [];
    const due: WithoutEvent[] = [];
    const addFirsts = async () => {
      const firsts = await this.firstsOf(fresh.splice(0));
      due.push(...firsts.filter(({ nextAt, leasedUntil }) => nextAt <= now && leasedUntil <= now));
    };
    // From what is due to the first of its key, some at a time: thousands may wait that are neither.
    for await (const event of this.events().find(isDue, { projection: withoutEvent }).sort({ nextAt: 1 })) {
      if (keys.has(keyOf(event))) continue;
      keys.add(keyOf(event));
      fresh.push(event);
      if (fresh.length < keysAtOnce) continue;
      await addFirsts();
      if (due.length >= limit) break;
    }
    await addFirsts();
    const longest = due.sort((a, b) => a.nextAt.getTime() - b.nextAt.getTime()).slice(0, limit);
    if (longest.length === 0) return [];
    const events = await this.events()
      .find({ _id: { $in: longest.map(({ _id }) => _id) } })
      .toArray();
    return events.map(toWaitingEvent).sort((a, b) => a.nextAt.getTime() - b.nextAt.getTime());
  }

  async lease(waiting: WaitingEvent, now: Date, until: Date): Promise<WaitingEvent | undefined> {
    const leased = await this.events().findOneAndUpdate(
      { ...thisTime(waiting), nextAt: { $lte: now }, leasedUntil: { $lte: now } },
      { $set: { leasedUntil: until } },
    );
    return leased ? toWaitingEvent(leased) : undefined;
  }

  async remove(waiting: WaitingEvent): Promise<WaitingEvent | undefined> {
    const removed = await this.events().findOneAndDelete(thisTime(waiting));
    const { topic, partitionKey } = waiting;
    const [next] = await this.events().find({ topic, partitionKey }).sort(inOrder).limit(1).toArray();
    if (!removed || !next) return undefined;
    // The lease goes over to the next, unless another process has begun with it meanwhile: who leases later leases longer. Two
    // at one event could each keep it as dead and take away what waits of it, while it is let go again between the two.
    const { leasedUntil } = removed;
    const handedOn = await this.events().updateOne(
      { _id: next._id, position: next.position, leasedUntil: { $lt: leasedUntil } },
      { $set: { leasedUntil } },
    );
    return handedOn.matchedCount === 1 ? toWaitingEvent(next) : undefined;
  }

  async postpone(waiting: WaitingEvent): Promise<void> {
    const { failure, tries, faults, lastAt, nextAt } = waiting;
    const change = { failure, tries, faults, lastAt, nextAt, leasedUntil: never };
    await this.events().updateOne(thisTime(waiting), { $set: change });
  }

  async hurry(code: string, now: Date): Promise<void> {
    const waitForThis = { 'failure.cause': 'away' as const, 'failure.code': code, nextAt: { $gt: now } };
    await this.events().updateMany(waitForThis, { $set: { nextAt: now } });
  }

  private async firstsOf(ofKeys: WithoutEvent[]): Promise<WithoutEvent[]> {
    if (ofKeys.length === 0) return [];
    const topics = [...new Set(ofKeys.map(({ topic }) => topic))];
    const meant = { topic: { $in: topics }, partitionKey: { $in: ofKeys.map(({ partitionKey }) => partitionKey) } };
    const firsts = new Map<string, WithoutEvent>();
    for await (const event of this.events().find(meant, { projection: withoutEvent }).sort(inOrder)) {
      if (!firsts.has(keyOf(event))) firsts.set(keyOf(event), event);
    }
    // Topics and keys are asked for apart, so there may be others among them.
    return ofKeys.flatMap((each) => firsts.get(keyOf(each)) ?? []);
  }

  private events(): Documents<Stored> {
    return waitingEventsOf(this.orm);
  }
}

const toWaitingEvent = ({ _id, leasedUntil: _, ...waiting }: Stored): WaitingEvent => waiting;
