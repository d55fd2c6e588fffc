import { type AuditEvent, chainStart, type SealedEvent, seal } from '@cabinet/service/audit/chain';
import type { AuditTrail } from '@cabinet/service/audit/trail';
import { Batches } from '@cabinet/service/batches';
import { isDuplicateKey } from './duplicate-key.js';
import { documentsOf, type MongoOrm } from './orm.js';

/** The collection of the audit trail; a document's id is its place in the chain. */
export const auditCollection = 'audit_event';

type Stored = SealedEvent & { _id: string };
type ChainEnd = Pick<SealedEvent, 'sequence' | 'hash'>;

/**
 * The audit trail on a database without transactions: an event is chained to the last one and stored under the next
 * number. Of two processes that take the same number one is refused, and chains anew to what the other has stored.
 */
export class MongoAuditTrail implements AuditTrail {
  private readonly batches = new Batches(async (events: AuditEvent[]) => {
    await this.store(events);
    return [];
  });

  /** As this process left it; another may have gone on since, which the next insert shows. */
  private last?: ChainEnd;

  constructor(private readonly orm: MongoOrm) {}

  append(event: AuditEvent): Promise<void> {
    return this.batches.add(event);
  }

  private async store(events: AuditEvent[]): Promise<void> {
    for (const event of events) {
      for (let isStored = false; !isStored; ) {
        this.last ??= await this.readLast();
        const next = seal(event, this.last.sequence + 1, this.last.hash);
        isStored = await this.insert(next);
        this.last = isStored ? next : undefined;
      }
    }
  }

  private async insert(event: SealedEvent): Promise<boolean> {
    try {
      await this.events().insertOne({ ...event, _id: placeOf(event.sequence) });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async readLast(): Promise<ChainEnd> {
    const [event] = await this.events().find().sort({ _id: -1 }).limit(1).toArray();
    return event ?? { sequence: 0, hash: chainStart };
  }

  private events() {
    return documentsOf<Stored>(this.orm, auditCollection);
  }
}

// Numbers with leading zeros are in the order of the chain as texts too.
const placeOf = (sequence: number): string => String(sequence).padStart(15, '0');

/** All audit events in order; `page` gives the documents after an id, in order of id. */
export async function* mongoAuditEvents(
  page: (afterId: string, limit: number) => Promise<Stored[]>,
): AsyncGenerator<SealedEvent> {
  for (let after = '', size = pageSize; size === pageSize; ) {
    const events = await page(after, pageSize);
    size = events.length;
    for (const { _id, ...event } of events) {
      after = _id;
      yield event;
    }
  }
}

const pageSize = 1_000;
