import type { Orm } from '@cabinet/postgres/orm';
import type { Count, Counts, DecisionCounts } from '../../domain/decisions/count-decisions.js';

/** What is kept of an earlier attempt says nothing of a message that has left since. */
const why = `case state when 'suppressed' then reason when 'held' then hold when 'failed' then failure_class
  when 'planned' then failure_class end`;

export class PostgresDecisionCounts implements DecisionCounts {
  constructor(private readonly orm: Orm) {}

  async count(from: Date, to: Date, zone: string): Promise<Count[]> {
    const rows = await this.orm.em.fork().execute<(Omit<Count, 'why'> & { why: Count['why'] | null })[]>(
      `select to_char(due_at at time zone ?, 'YYYY-MM-DD') as day, channel, state, ${why} as why, count(*)::int as count
       from decision where due_at >= ? and due_at < ? group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      [zone, from, to],
    );
    return rows.map((row) => ({ ...row, why: row.why ?? undefined }));
  }

  async overdue(now: Date): Promise<Counts['overdue']> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ count: number; since: string | Date | null }[]>(
        `select count(*)::int as count, min(next_at) as since from decision where state = 'planned' and next_at <= ?`,
        [now],
      );
    return { count: row?.count ?? 0, since: row?.since ? new Date(row.since) : undefined };
  }
}
