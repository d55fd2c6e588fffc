import type { Logger } from '@cabinet/kit/observe/log';
import {
  type AuditEvent,
  type AuditKeys,
  chainStart,
  type Head,
  keptFromGuardians,
  type SealedEvent,
  seal,
} from '@cabinet/service/audit/chain';
import { type ChangeNote, changeAtHand, readNote } from '@cabinet/service/audit/change-notes';
import { type AuditQuestion, type AuditTrail, wordsOf } from '@cabinet/service/audit/trail';
import { Batches } from '@cabinet/service/batches';
import { isDuplicateKey } from './duplicate-key.js';
import { documentsOf, type MongoOrm } from './orm.js';

/** The collection of the audit trail; a document's id is its place in the chain. */
export const auditCollection = 'audit_event';

type Stored = SealedEvent & { _id: string };

/**
 * The audit trail on a database without transactions: an event is chained to the last one and stored under the next
 * number. Of two processes that take the same number one is refused, and chains anew to what the other has stored.
 */
export class MongoAuditTrail implements AuditTrail {
  private readonly batches = new Batches(async (waiting: { event: AuditEvent; noteIds: readonly string[] }[]) => {
    await this.store(waiting.map(({ event }) => event));
    const noteIds = waiting.flatMap(({ noteIds }) => noteIds);
    if (noteIds.length > 0) await this.forget(noteIds);
    return [];
  });

  /** As this process left it; another may have gone on since, which the next insert shows. */
  private last?: Head;
  /** Notes whose events are stored, and that are still to be removed. */
  private readonly told = new Set<string>();

  constructor(
    private readonly orm: MongoOrm,
    private readonly keys: AuditKeys,
    private readonly log: Logger,
  ) {}

  append(event: AuditEvent, noteIds: readonly string[] = []): Promise<void> {
    return this.batches.add({ event, noteIds });
  }

  async sealLeft(before: Date): Promise<void> {
    const turn = await this.takeTurn(before);
    if (!turn) return;
    try {
      const left = await notesOf(this.orm)
        .find({ at: { $lt: before } })
        .toArray();
      for (const { _id, event } of left) if (!this.told.has(_id)) await this.append(readNote(event), [_id]);
    } finally {
      await this.turns().deleteOne(turn);
    }
  }

  /**
   * One process at a time seals: else each would say what every note says. That an id is there once holds on every server; an
   * update by a condition does not.
   * @returns undefined while it is another's turn
   */
  private async takeTurn(now: Date): Promise<Turn | undefined> {
    const turn = { _id: 'sealing', until: new Date(now.getTime() + turnMs) };
    // Of a process that died in its turn.
    await this.turns().deleteOne({ _id: turn._id, until: { $lt: now } });
    return (await isInserted(this.turns().insertOne(turn))) ? turn : undefined;
  }

  private turns() {
    return documentsOf<Turn>(this.orm, 'audit_turn');
  }

  /** Events are stored: that their notes stay must not look as if they were not. They go with the next ones. */
  private async forget(noteIds: string[]): Promise<void> {
    for (const id of noteIds) this.told.add(id);
    const ids = [...this.told];
    try {
      await notesOf(this.orm).deleteMany({ _id: { $in: ids } });
      for (const id of ids) this.told.delete(id);
    } catch (error) {
      this.log.error({ err: error }, 'notes of changes that are in the audit trail could not be removed');
    }
  }

  async after(sequence: number, limit: number): Promise<SealedEvent[]> {
    const found = await this.events()
      .find({ _id: { $gt: placeOf(sequence) } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(toSealedEvent);
  }

  async head(): Promise<Head | undefined> {
    let head = this.last ?? (await this.readLast());
    while (head.sequence > 0) {
      const event = await this.events().findOne({ _id: placeOf(head.sequence) });
      if (!event) return undefined;
      if (!event.witnessed) return { sequence: event.sequence, hash: event.hash };
      head = { ...head, sequence: head.sequence - 1 };
    }
    return undefined;
  }

  async lastWitnessed(service: string): Promise<string | undefined> {
    const [event] = await this.latest({ witnessed: { $exists: true }, actor: service }, 1);
    return event?.witnessed;
  }

  async find(question: AuditQuestion): Promise<SealedEvent[]> {
    const { subjects, exceptKeptOf, actor, action, except, from, to, before, limit } = question;
    const filter: object[] = [];
    if (subjects) filter.push({ subjects: { $in: subjects } });
    if (exceptKeptOf?.length) {
      filter.push({ $nor: [{ $and: [{ subjects: keptFromGuardians }, { subjects: { $in: exceptKeptOf } }] }] });
    }
    if (actor) filter.push({ actor });
    if (action) filter.push(await this.isCalled(action));
    if (except) {
      const { actor: of, actions } = except;
      filter.push({ $nor: [{ ...(of !== undefined && { actor: of }), action: { $in: actions } }] });
    }
    if (from) filter.push({ at: { $gte: from } });
    if (to) filter.push({ at: { $lt: to } });
    if (before) {
      const at = new Date(before.at);
      filter.push({ $or: [{ at: { $lt: at } }, { at, _id: { $lt: placeOf(before.sequence) } }] });
    }
    const found = await this.events()
      .find((filter.length > 0 ? { $and: filter } : {}) as never)
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(toSealedEvent);
  }

  /** What is called so; where nothing is, what has all the words in its name. */
  private async isCalled(action: string): Promise<object> {
    if (await this.events().findOne({ action } as never)) return { action };
    const having = (word: string) => ({ action: { $regex: word.replace(/[^\w\s/]/g, '\\$&'), $options: 'i' } });
    return { $and: wordsOf(action).map(having) };
  }

  private async store(events: AuditEvent[]): Promise<void> {
    for (const event of events) {
      for (let isStored = false; !isStored; ) {
        this.last ??= await this.readLast();
        const next = seal(event, this.last, this.keys);
        isStored = await this.insert(next);
        this.last = isStored ? next : undefined;
      }
    }
  }

  private insert(event: SealedEvent): Promise<boolean> {
    return isInserted(this.events().insertOne({ ...event, _id: placeOf(event.sequence) }));
  }

  private async readLast(): Promise<Head> {
    const [event] = await this.latest({}, 1);
    return event ?? chainStart;
  }

  private latest(filter: object, limit: number): Promise<Stored[]> {
    return this.events()
      .find(filter as never)
      .sort({ _id: -1 })
      .limit(limit)
      .toArray() as Promise<Stored[]>;
  }

  private events() {
    return documentsOf<Stored>(this.orm, auditCollection);
  }
}

interface StoredNote {
  _id: string;
  at: Date;
  event: ChangeNote['event'];
}

interface Turn {
  _id: string;
  until: Date;
}

/** Longer than all notes take that a process can leave. */
const turnMs = 300_000;

/** False when another has the id. */
async function isInserted(inserting: Promise<unknown>): Promise<boolean> {
  try {
    await inserting;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

const notesOf = (orm: MongoOrm) => documentsOf<StoredNote>(orm, 'audit_note');

/** Stores what the trail will say of a change before that is made: there is no transaction to do both in. */
export async function noteChange(orm: MongoOrm): Promise<void> {
  const note = changeAtHand();
  if (!note) return;
  const { id, event } = note;
  await notesOf(orm).replaceOne({ _id: id }, { at: event.at, event }, { upsert: true });
}

/** By what the trail is looked through. */
export const auditIndexes = [{ subjects: 1, at: -1 }, { actor: 1, at: -1 }, { action: 1, at: -1 }, { at: -1 }] as const;

// Numbers with leading zeros are in the order of the chain as texts too.
const placeOf = (sequence: number): string => String(sequence).padStart(15, '0');

/** All audit events in order, page by page; `page` gives the documents after an id, in order of id. */
export async function* mongoAuditEvents(
  page: (afterId: string, limit: number) => Promise<Stored[]>,
): AsyncGenerator<SealedEvent[]> {
  for (let after = '', size = pageSize; size === pageSize; ) {
    const events = await page(after, pageSize);
    size = events.length;
    after = events.at(-1)?._id ?? after;
    yield events.map(toSealedEvent);
  }
}

const pageSize = 1_000;

const toSealedEvent = ({ _id, ...event }: Stored): SealedEvent => event;
