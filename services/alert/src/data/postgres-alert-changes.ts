import type { Orm } from '@cabinet/postgres/orm';
import type { AlertChanges, NotedChange } from '../domain/ports.js';

export class PostgresAlertChanges implements AlertChanges {
  constructor(private readonly orm: Orm) {}

  async last(): Promise<number> {
    const [row] = await this.execute<{ position: string | null }>('select max(position) as position from alert_change');
    return Number(row?.position ?? 0);
  }

  async since(position: number, limit: number): Promise<NotedChange[]> {
    const rows = await this.execute<Omit<NotedChange, 'position'> & { position: string }>(
      `select position, alert_id as "alertId", to_jsonb(watchers) as watchers from alert_change
       where position > ? order by position limit ${limit}`,
      [position],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  async knows(position: number): Promise<boolean> {
    const [row] = await this.execute<{ first: string | null; taken: string }>(
      `select (select min(position) from alert_change) as first,
         (select case when is_called then last_value else 0 end from alert_change_position_seq) as taken`,
    );
    const { first, taken } = row ?? { first: null, taken: '0' };
    if (position > Number(taken)) return false;
    return first === null ? position === Number(taken) : position >= Number(first) - 1;
  }

  async forgetOld(before: Date): Promise<void> {
    await this.execute('delete from alert_change where at < ?', [before]);
  }

  private execute<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}
