import type { Orm } from '@cabinet/postgres/orm';
import type { FeedAddresses } from '../../../domain/calendars/private-feeds.js';

export class PostgresPrivateFeeds implements FeedAddresses {
  constructor(private readonly orm: Orm) {}

  async keep(practitionerId: string, tokenHash: string, by: string, at: Date): Promise<void> {
    await this.orm.em.fork().transactional((tx) =>
      tx.execute(
        `insert into private_feed (practitioner_id, token_hash, created_by, created_at) values (?, ?, ?, ?)
         on conflict (practitioner_id) do update
           set token_hash = excluded.token_hash, created_by = excluded.created_by, created_at = excluded.created_at`,
        [practitionerId, tokenHash, by, at],
      ),
    );
  }

  async remove(practitionerId: string, madeUntil?: Date): Promise<void> {
    const statement = `delete from private_feed where practitioner_id = ? and created_at <= coalesce(?::timestamptz, 'infinity')`;
    await this.orm.em.fork().transactional((tx) => tx.execute(statement, [practitionerId, madeUntil ?? null]));
  }

  async practitionerOf(tokenHash: string): Promise<string | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ practitioner_id: string }[]>('select practitioner_id from private_feed where token_hash = ?', [
        tokenHash,
      ]);
    return row?.practitioner_id;
  }
}
