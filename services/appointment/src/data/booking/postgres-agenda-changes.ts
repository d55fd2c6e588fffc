import type { Orm } from '@cabinet/postgres/orm';
import type { AgendaChange, AgendaChanges, Bounds, NotedChange } from '../../domain/booking/agenda-changes.js';
import { arrayOf } from '../fragments.js';

interface Row {
  position: string;
  practitioner_id: string;
  from: Date | null;
  until: Date | null;
}

const columns = 'position, practitioner_id, "from", until';

export class PostgresAgendaChanges implements AgendaChanges {
  constructor(private readonly orm: Orm) {}

  async bounds(): Promise<Bounds> {
    const [row] = await this.orm.em.fork().execute<{ settled: string; taken: string }[]>(`
      select case when is_called then last_value else 0 end as taken,
             coalesce((select position from agenda_change where at <= now() - interval '1 minute'
                       order by position desc limit 1), 0) as settled
      from agenda_change_position_seq`);
    return { settled: Number(row?.settled), taken: Number(row?.taken) };
  }

  async since(position: number, missing: readonly number[], limit: number): Promise<NotedChange[]> {
    return this.read(
      `select ${columns} from agenda_change where position > ? or position = any(?::bigint[]) order by position limit ?`,
      [position, arrayOf(missing), limit],
    );
  }

  async changedSince(position: number, practitionerIds: readonly string[]): Promise<AgendaChange[] | undefined> {
    const [known] = await this.orm.em.fork().execute<{ isKnown: boolean }[]>(
      `select last_value = ? or coalesce((select min(position) <= ? + 1 from agenda_change) and last_value > ?, false)
           as "isKnown" from agenda_change_position_seq`,
      [position, position, position],
    );
    if (!known?.isKnown) return undefined;
    const rows = await this.orm.em.fork().execute<Omit<Row, 'position'>[]>(
      `select practitioner_id,
              case when bool_and("from" is not null) then min("from") end as "from",
              case when bool_and("from" is not null) then max(until) end as until
       from agenda_change where position > ? and practitioner_id = any(?::uuid[]) group by practitioner_id`,
      [position, arrayOf(practitionerIds)],
    );
    return rows.map(toChange);
  }

  async forgetOld(): Promise<void> {
    await this.orm.em.fork().execute(`delete from agenda_change where at < now() - interval '1 hour'`);
  }

  private async read(sql: string, values: unknown[] = []): Promise<NotedChange[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(sql, values);
    return rows.map((row) => ({ ...toChange(row), position: Number(row.position) }));
  }
}

const toChange = (row: Omit<Row, 'position'>): AgendaChange => ({
  practitionerId: row.practitioner_id,
  from: row.from ? new Date(row.from) : undefined,
  until: row.until ? new Date(row.until) : undefined,
});
