import type { Clock } from '@cabinet/kit/clock';
import { currentContext, type HeldClaim, type IdempotencyKey } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import {
  anImport,
  type Claim,
  type IdempotencyStore,
  inFlight,
  type KeptAnswer,
  keptMs,
  lapsesMs,
} from '@cabinet/service/http/kept-answers';
import type { EntityManager, Orm } from './orm.js';

interface Row {
  body_hash: string;
  answer: KeptAnswer | null;
}

const columns = ({ caller, operation, key }: IdempotencyKey) => [caller, operation, key];

export class PostgresIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
  ) {}

  async claim(key: IdempotencyKey, bodyHash: string): Promise<Claim> {
    const id = newId();
    // A lapsed claim (its process died) and a key older than a day are taken over as if they were new.
    const [claimed] = await this.execute<{ effect_id: string; was_stored: boolean }>(
      `insert into idempotency_key as k (caller, operation, key, claim_id, effect_id, body_hash, claimed_at)
         values (?, ?, ?, ?, ?, ?, ?)
       on conflict (caller, operation, key) do update
         set claim_id = excluded.claim_id,
           effect_id = case when k.body_hash = excluded.body_hash and k.answer is null then k.effect_id
             else excluded.effect_id end,
           body_hash = excluded.body_hash, claimed_at = excluded.claimed_at, answer = null
         where (k.answer is null and k.claimed_at < ?) or k.claimed_at < ?
       returning effect_id, stored_effect_id is not distinct from effect_id as was_stored`,
      [...columns(key), id, id, bodyHash, this.clock.now(), this.before(lapsesMs), this.before(keptMs)],
    );
    if (claimed) {
      const effect = {
        id: claimed.effect_id,
        wasBegun: claimed.effect_id !== id,
        wasStored: claimed.was_stored,
      };
      return { kind: 'first', claim: { ...key, id, effect } };
    }
    const [row] = await this.execute<Row>(
      'select body_hash, answer from idempotency_key where caller = ? and operation = ? and key = ?',
      columns(key),
    );
    if (!row) return this.claim(key, bodyHash);
    if (row.body_hash !== bodyHash) return { kind: 'other-body' };
    return row.answer ? { kind: 'done', answer: row.answer } : { kind: 'in-flight' };
  }

  async extend(claim: HeldClaim): Promise<void> {
    await this.execute(`update idempotency_key set claimed_at = ? where ${isClaim}`, [
      this.clock.now(),
      ...columns(claim),
      claim.id,
    ]);
  }

  async complete(claim: HeldClaim, answer: KeptAnswer): Promise<void> {
    await this.execute(`update idempotency_key set answer = ?::jsonb where ${isClaim}`, [
      JSON.stringify(answer),
      ...columns(claim),
      claim.id,
    ]);
  }

  async release(claim: HeldClaim): Promise<void> {
    await this.execute(`delete from idempotency_key where ${isClaim}`, [...columns(claim), claim.id]);
  }

  async lapse(claim: HeldClaim): Promise<void> {
    await this.execute(`update idempotency_key set claimed_at = ? where ${isClaim}`, [
      this.before(lapsesMs + 1),
      ...columns(claim),
      claim.id,
    ]);
  }

  // Kept answers hold what was created, persons' data among it: not a day longer than they serve.
  async sweep(): Promise<void> {
    await this.execute('delete from idempotency_key where claimed_at < ?', [this.before(keptMs)]);
  }

  private before(ms: number): Date {
    return new Date(this.clock.now().getTime() - ms);
  }

  private execute<T>(sql: string, values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

/**
 * For a migration of each service: claims have ids, and the subjects of an answer stand by themselves. Both fill themselves,
 * so that an earlier release can still write beside this one.
 */
export const heldClaims = `
alter table idempotency_key
  add column claim_id uuid not null default gen_random_uuid(),
  add column effect_id uuid not null default gen_random_uuid(),
  add column subjects jsonb generated always as (answer -> 'subjects') stored
`;

/**
 * For a migration of each service: a claim knows that what its request changes is stored. Under another body it has another
 * effect, so that an earlier release, which does not know this, can still write beside this one.
 */
export const storedEffects = 'alter table idempotency_key add column stored_effect_id uuid';

/**
 * Notes that what the request at hand changes is stored, if it has an Idempotency-Key. To be called in the transaction
 * that makes the whole change: a repeat waits for its end, and finds the note if there was a commit.
 * @throws Conflict (409) when a repeat has taken the claim over: what it does holds then, and this transaction is to end
 */
export async function noteStored(tx: EntityManager): Promise<void> {
  const { claim } = currentContext() ?? {};
  if (!claim) return;
  const [noted] = await tx.execute(
    `update idempotency_key set stored_effect_id = effect_id where ${isClaim} returning effect_id`,
    [...columns(claim), claim.id],
  );
  if (!noted) throw inFlight();
}

const isClaim = 'caller = ? and operation = ? and key = ? and claim_id = ? and answer is null';

/**
 * Forgets the kept answers that hold data of this patient, in the transaction in which the patient is erased. Those to
 * imports go with anybody: the lines that they hand back may be of whomever.
 * @returns how many
 */
export async function forgetAnswersOf(tx: EntityManager, patientId: string): Promise<number> {
  const gone = await tx.execute<unknown[]>(
    `delete from idempotency_key where subjects @> to_jsonb(?::text) or answer is not null and operation ~ ? returning key`,
    [patientId, `^${anImport}([?]|$)`],
  );
  return gone.length;
}
