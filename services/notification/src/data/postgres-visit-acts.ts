import type { Orm } from '@cabinet/postgres/orm';
import { sqlState } from '@cabinet/postgres/sql-state';
import type { Act, VisitAct, VisitActResult, VisitActs } from '../domain/links/visit-link.js';
import type { AnswerRefused } from '../domain/neighbours.js';

interface Row {
  decision_id: string;
  act: Act;
  state: VisitAct['state'];
  due_at: string | Date;
  start: string | null;
  minutes: number | null;
  is_begun: boolean;
  why: AnswerRefused | null;
}

const columns = 'decision_id, act, state, due_at, "start", minutes, is_begun, why';

const uniqueViolation = '23505';

export class PostgresVisitActs implements VisitActs {
  constructor(private readonly orm: Orm) {}

  async of(decisionId: string): Promise<VisitAct[]> {
    const rows = await this.execute<Row>(
      `select ${columns} from visit_act where decision_id = ? order by asked_at desc, act`,
      [decisionId],
    );
    return rows.map(toAct);
  }

  async plan(
    { decisionId, act, dueAt, start, minutes }: Pick<VisitAct, 'decisionId' | 'act' | 'dueAt' | 'start' | 'minutes'>,
    now: Date,
  ): Promise<void> {
    // Of one that was erased meanwhile there is no message; of two at once the index lets one be planned.
    await this.execute(
      `insert into visit_act (decision_id, act, state, asked_at, due_at, next_at, "start", minutes)
       select id, ?, 'planned', ?, ?, ?, ?, ?::integer from decision where id = ?
         and not exists (select from visit_act where decision_id = decision.id and state = 'planned')
       on conflict (decision_id, act) do update set state = 'planned', asked_at = excluded.asked_at, due_at = excluded.due_at,
         next_at = excluded.next_at, "start" = excluded."start", minutes = excluded.minutes, is_begun = false, why = null
         where visit_act.state in ('undone', 'refused')`,
      [act, now, dueAt, dueAt, start ?? null, minutes ?? null, decisionId],
    ).catch((error) => {
      // Another act of the message was planned at the same time.
      if (sqlState(error) !== uniqueViolation) throw error;
    });
  }

  async undo(decisionId: string, act: Act): Promise<void> {
    await this.execute(
      `update visit_act set state = 'undone' where decision_id = ? and act = ? and state = 'planned' and not is_begun`,
      [decisionId, act],
    );
  }

  async claim(now: Date, limit: number, lease: { id: string; ms: number }): Promise<VisitAct[]> {
    const rows = await this.execute<Row>(
      `update visit_act set lease = ?, leased_until = ?, is_begun = true where (decision_id, act) in (
         select decision_id, act from visit_act
         where state = 'planned' and next_at <= ? and (leased_until is null or leased_until < ?)
         order by next_at limit ? for update skip locked)
       returning ${columns}`,
      [lease.id, new Date(now.getTime() + lease.ms), now, now, limit],
    );
    return rows.map(toAct);
  }

  async finish(
    { decisionId, act }: Pick<VisitAct, 'decisionId' | 'act'>,
    result: VisitActResult,
    lease: string,
  ): Promise<void> {
    const nextAt = result.state === 'planned' ? result.nextAt : null;
    const why = result.state === 'refused' ? result.why : null;
    await this.execute(
      `update visit_act set state = ?, why = ?, next_at = coalesce(?::timestamptz, next_at), lease = null, leased_until = null
       where decision_id = ? and act = ? and lease = ?`,
      [result.state, why, nextAt, decisionId, act, lease],
    );
  }

  private execute<T>(sql: string, values: unknown[]): Promise<T[]> {
    return this.orm.em.fork().execute<T[]>(sql, values);
  }
}

const toAct = (row: Row): VisitAct => ({
  ...{ decisionId: row.decision_id, act: row.act, state: row.state, dueAt: new Date(row.due_at) },
  ...(row.start !== null && { start: row.start }),
  ...(row.minutes !== null && { minutes: row.minutes }),
  ...(row.why !== null && { why: row.why }),
  isBegun: row.is_begun,
});
