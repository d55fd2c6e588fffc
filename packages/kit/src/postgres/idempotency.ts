import type { Claim, IdempotencyKey, IdempotencyStore, KeptAnswer } from '../http/idempotency.js';
import type { Orm } from './orm.js';

interface Row {
  body_hash: string;
  answer: KeptAnswer | null;
}

const columns = ({ caller, operation, key }: IdempotencyKey) => [caller, operation, key];

const sweepMs = 60_000;

export class PostgresIdempotencyStore implements IdempotencyStore {
  private sweptAt = 0;

  constructor(private readonly orm: Orm) {}

  async claim(key: IdempotencyKey, bodyHash: string): Promise<Claim> {
    const em = this.orm.em.fork();
    // A lapsed claim (its process died) and a key older than a day are taken over as if they were new.
    const claimed = await em.execute(
      `insert into idempotency_key as k (caller, operation, key, body_hash) values (?, ?, ?, ?)
       on conflict (caller, operation, key) do update
         set body_hash = excluded.body_hash, claimed_at = now(), answer = null
         where (k.answer is null and k.claimed_at < now() - interval '1 minute') or k.claimed_at < now() - interval '1 day'
       returning key`,
      [...columns(key), bodyHash],
    );
    if (claimed.length > 0) {
      await this.sweep();
      return { kind: 'first' };
    }
    const [row] = await em.execute<Row[]>(
      'select body_hash, answer from idempotency_key where caller = ? and operation = ? and key = ?',
      columns(key),
    );
    if (!row) return this.claim(key, bodyHash);
    if (row.body_hash !== bodyHash) return { kind: 'other-body' };
    return row.answer ? { kind: 'done', answer: row.answer } : { kind: 'in-flight' };
  }

  // Kept answers hold what was created, persons' data among it: not a day longer than they serve.
  private async sweep(): Promise<void> {
    if (Date.now() - this.sweptAt < sweepMs) return;
    this.sweptAt = Date.now();
    await this.orm.em.fork().execute("delete from idempotency_key where claimed_at < now() - interval '1 day'");
  }

  async complete(key: IdempotencyKey, answer: KeptAnswer): Promise<void> {
    await this.orm.em
      .fork()
      .execute('update idempotency_key set answer = ?::jsonb where caller = ? and operation = ? and key = ?', [
        JSON.stringify(answer),
        ...columns(key),
      ]);
  }

  async release(key: IdempotencyKey): Promise<void> {
    await this.orm.em
      .fork()
      .execute(
        'delete from idempotency_key where caller = ? and operation = ? and key = ? and answer is null',
        columns(key),
      );
  }
}
