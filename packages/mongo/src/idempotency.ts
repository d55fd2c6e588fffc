import type { Clock } from '@cabinet/kit/clock';
import type { HeldClaim, IdempotencyKey } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import {
  anImport,
  type Claim,
  type IdempotencyStore,
  type KeptAnswer,
  keptMs,
  lapsesMs,
} from '@cabinet/service/http/kept-answers';
import { isDuplicateKey } from './duplicate-key.js';
import { type Documents, documentsOf, type MongoOrm } from './orm.js';

interface Entry {
  /** Caller, operation and key: the uniqueness of ids makes one of several claims win. */
  _id: string;
  claimId: string;
  effectId: string;
  bodyHash: string;
  claimedAt: Date;
  answer: KeptAnswer | null;
  /** The patients whose data is in the answer. */
  subjects: string[];
}

const idOf = ({ caller, operation, key }: IdempotencyKey) => JSON.stringify([caller, operation, key]);

export class MongoIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly orm: MongoOrm,
    private readonly clock: Clock,
  ) {}

  async claim(key: IdempotencyKey, bodyHash: string): Promise<Claim> {
    const id = newId();
    const claim: HeldClaim = { ...key, id, effect: { id, wasBegun: false, wasStored: false } };
    const fresh: Entry = {
      _id: idOf(key),
      claimId: id,
      effectId: id,
      bodyHash,
      claimedAt: this.clock.now(),
      answer: null,
      subjects: [],
    };
    try {
      await this.entries().insertOne(fresh);
      return { kind: 'first', claim };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const kept = await this.entries().findOne({ _id: fresh._id });
    if (!kept) return this.claim(key, bodyHash);
    if (this.isOver(kept)) {
      if (kept.answer === null && kept.bodyHash === bodyHash && kept.effectId) {
        // There is no transaction to note in that something is stored: the document says by this id what it came of.
        claim.effect = { id: kept.effectId, wasBegun: true, wasStored: false };
        fresh.effectId = kept.effectId;
      }
      return (await this.takeOver(kept, fresh)) ? { kind: 'first', claim } : { kind: 'in-flight' };
    }
    if (kept.bodyHash !== bodyHash) return { kind: 'other-body' };
    return kept.answer ? { kind: 'done', answer: kept.answer } : { kind: 'in-flight' };
  }

  async extend(claim: HeldClaim): Promise<void> {
    await this.entries().updateOne(theClaim(claim), { $set: { claimedAt: this.clock.now() } });
  }

  async complete(claim: HeldClaim, answer: KeptAnswer): Promise<void> {
    await this.entries().updateOne(theClaim(claim), { $set: { answer, subjects: answer.subjects ?? [] } });
  }

  async release(claim: HeldClaim): Promise<void> {
    await this.entries().deleteOne(theClaim(claim));
  }

  async lapse(claim: HeldClaim): Promise<void> {
    const lapsed = new Date(this.clock.now().getTime() - lapsesMs - 1);
    await this.entries().updateOne(theClaim(claim), { $set: { claimedAt: lapsed } });
  }

  // Kept answers hold what was created, persons' data among it: not a day longer than they serve.
  async sweep(): Promise<void> {
    await this.entries().deleteMany({ claimedAt: { $lt: new Date(this.clock.now().getTime() - keptMs) } });
  }

  /** Forgets the kept answers that hold data of this patient, and those to imports: their lines may be of whomever. */
  async forgetAnswersOf(patientId: string): Promise<void> {
    const toImports = { _id: { $regex: `,"${anImport}[?"]` }, answer: { $ne: null } };
    // Those that an earlier release keeps for a day yet name them in the answer alone.
    await this.entries().deleteMany({ $or: [{ subjects: patientId }, { 'answer.subjects': patientId }, toImports] });
  }

  /**
   * A lapsed claim (its process died) and a key older than a day are taken over as if they were new, by one caller. Not every
   * server updates in one step (decision 8): who takes over has inserted a document of this id meanwhile, which one can.
   */
  private async takeOver({ _id, claimId, claimedAt }: Entry, fresh: Entry): Promise<boolean> {
    const { _id: _, ...changes } = fresh;
    const turn = { ...fresh, _id: `${_id} after ${claimId}` };
    try {
      await this.entries().insertOne(turn);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // It may be of a process that died: the next to come can take over then.
      const lapsedAt = new Date(this.clock.now().getTime() - lapsesMs);
      await this.entries().deleteOne({ _id: turn._id, claimedAt: { $lt: lapsedAt } });
      return false;
    }
    const taken = await this.entries().updateOne({ _id, claimId, claimedAt }, { $set: changes });
    await this.entries().deleteOne({ _id: turn._id });
    return taken.modifiedCount === 1;
  }

  private isOver({ claimedAt, answer }: Entry): boolean {
    const age = this.clock.now().getTime() - claimedAt.getTime();
    return age > keptMs || (answer === null && age > lapsesMs);
  }

  private entries(): Documents<Entry> {
    return documentsOf(this.orm, 'idempotency_key');
  }
}

const theClaim = (claim: HeldClaim) => ({ _id: idOf(claim), claimId: claim.id, answer: null });
