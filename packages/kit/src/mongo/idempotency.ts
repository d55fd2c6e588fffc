import type { Claim, IdempotencyKey, IdempotencyStore, KeptAnswer } from '../http/idempotency.js';
import { isDuplicateKey } from './duplicate-key.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

interface Entry {
  /** Caller, operation and key: the uniqueness of ids makes one of several claims win. */
  _id: string;
  operation: string;
  bodyHash: string;
  claimedAt: Date;
  answer: KeptAnswer | null;
}

const idOf = ({ caller, operation, key }: IdempotencyKey) => JSON.stringify([caller, operation, key]);

const lapsesMs = 60_000;
const keptMs = 24 * 60 * 60_000;
const sweepMs = 60 * 60_000;

export class MongoIdempotencyStore implements IdempotencyStore {
  private sweptAt = 0;

  constructor(private readonly orm: MongoOrm) {}

  async claim(key: IdempotencyKey, bodyHash: string): Promise<Claim> {
    await this.sweep();
    const fresh: Entry = { _id: idOf(key), operation: key.operation, bodyHash, claimedAt: new Date(), answer: null };
    try {
      await this.entries().insertOne(fresh);
      return { kind: 'first' };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const kept = await this.entries().findOne({ _id: fresh._id });
    if (!kept) return this.claim(key, bodyHash);
    if (isOver(kept)) return (await this.takeOver(kept, fresh)) ? { kind: 'first' } : { kind: 'in-flight' };
    if (kept.bodyHash !== bodyHash) return { kind: 'other-body' };
    return kept.answer ? { kind: 'done', answer: kept.answer } : { kind: 'in-flight' };
  }

  async complete(key: IdempotencyKey, answer: KeptAnswer): Promise<void> {
    await this.entries().updateOne({ _id: idOf(key) }, { $set: { answer } });
  }

  async release(key: IdempotencyKey): Promise<void> {
    await this.entries().deleteOne({ _id: idOf(key), answer: null });
  }

  /** Forgets the kept answers of every operation whose path has this part: they may hold what is to be erased. */
  async forgetAnswersOf(pathPart: string): Promise<void> {
    const pattern = pathPart.replace(/[^\w]/g, '\\$&');
    await this.entries().deleteMany({ operation: { $regex: pattern } });
  }

  // A lapsed claim (its process died) and a key older than a day are taken over as if they were new, by one caller.
  private async takeOver({ _id, claimedAt }: Entry, { bodyHash, claimedAt: now }: Entry): Promise<boolean> {
    const taken = await this.entries().updateOne(
      { _id, claimedAt },
      { $set: { bodyHash, claimedAt: now, answer: null } },
    );
    return taken.modifiedCount === 1;
  }

  // Kept answers hold what was created, persons' data among it: not a day longer than they serve.
  private async sweep(): Promise<void> {
    if (Date.now() - this.sweptAt < sweepMs) return;
    this.sweptAt = Date.now();
    await this.entries().deleteMany({ claimedAt: { $lt: new Date(Date.now() - keptMs) } });
  }

  private entries(): Documents<Entry> {
    return documentsOf(this.orm, 'idempotency_key');
  }
}

function isOver({ claimedAt, answer }: Entry): boolean {
  const age = Date.now() - claimedAt.getTime();
  return age > keptMs || (answer === null && age > lapsesMs);
}
