import type { Orm } from '@cabinet/postgres/orm';
import type { KeptChannel, KeptChannels } from '../../../domain/calendars/ports.js';

export class PostgresChannels implements KeptChannels {
  constructor(private readonly orm: Orm) {}

  find(id: string): Promise<KeptChannel | undefined> {
    return this.findWhere('id::text = ?', id);
  }

  of(calendarId: string): Promise<KeptChannel | undefined> {
    return this.findWhere('calendar_id = ?', calendarId);
  }

  async keep({ id, calendarId, tokenHash, expiresAt }: KeptChannel): Promise<void> {
    await this.orm.em.fork().execute(
      `insert into calendar_channel (id, calendar_id, token_hash, expires_at) values (?, ?, ?, ?)
       on conflict (calendar_id) do update
         set id = excluded.id, token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
      [id, calendarId, tokenHash, expiresAt],
    );
  }

  private async findWhere(condition: string, value: string): Promise<KeptChannel | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ id: string; calendar_id: string; token_hash: string; expires_at: Date }[]>(
        `select id, calendar_id, token_hash, expires_at from calendar_channel where ${condition}`,
        [value],
      );
    if (!row) return undefined;
    const { id, calendar_id: calendarId, token_hash: tokenHash, expires_at } = row;
    return { id, calendarId, tokenHash, expiresAt: new Date(expires_at) };
  }
}
