import type { Orm } from '@cabinet/postgres/orm';
import type { VisitNow } from '../domain/neighbours.js';
import type { NightlyBooks } from '../domain/nightly/sum-night.js';
import type { NightlySum } from '../domain/ports.js';
import type { PlanVisits } from './planning/plan-visits.js';

interface Row {
  day: string;
  expected: number;
  sent: number;
  suppressed: number;
  failed: number;
  held: number;
  unaccounted: number;
}

export class PostgresNightlyBooks implements NightlyBooks {
  constructor(
    private readonly orm: Orm,
    private readonly plan: PlanVisits,
  ) {}

  async lastDay(): Promise<string | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ day: string | null }[]>(`select to_char(max(day), 'YYYY-MM-DD') as day from nightly_sum`);
    return row?.day ?? undefined;
  }

  // What is still planned is under way as long as it is of use; then nobody knows of it.
  async sum({
    day,
    from,
    to,
    missing,
    now,
  }: {
    day: string;
    from: Date;
    to: Date;
    missing: number;
    now: Date;
  }): Promise<NightlySum> {
    const [row] = await this.orm.em.fork().execute<Row[]>(
      `insert into nightly_sum
       select ?::date, count(*), count(*) filter (where state in ('sent', 'delivered')),
         count(*) filter (where state = 'suppressed'), count(*) filter (where state = 'failed'),
         count(*) filter (where state = 'held'), count(*) filter (where state = 'planned' and expires_at <= ?), ?, ?
       from decision where due_at >= ? and due_at < ? and not (state = 'planned' and expires_at > ?)
       on conflict (day) do update set expected = excluded.expected, sent = excluded.sent, suppressed = excluded.suppressed,
         failed = excluded.failed, held = excluded.held, unaccounted = excluded.unaccounted,
         missing = nightly_sum.missing + excluded.missing, summed_at = excluded.summed_at
       returning to_char(day, 'YYYY-MM-DD') as day, expected, sent, suppressed, failed, held, unaccounted`,
      [day, now, missing, now, from, to, now],
    );
    if (!row) throw new Error(`the sum of ${day} was not stored`);
    return row;
  }

  async heal(visits: readonly VisitNow[]): Promise<number> {
    if (visits.length === 0) return 0;
    const heard = visits.map(({ id, version, patientId, appointmentTypeId, status, start, ...its }) => ({
      ...{ appointmentId: id, version, patientId, appointmentTypeId, status, start },
      ...{ practitionerId: its.practitionerId, placeId: its.placeId, keptFromGuardians: its.keptFromGuardians },
    }));
    return this.orm.em.fork().transactional((tx) => this.plan.hear(tx, heard, true));
  }

  async forget({ texts, receipts }: Parameters<NightlyBooks['forget']>[0]): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute(
      `delete from receipt where at < ? and not exists (select from decision
         where decision.provider = receipt.provider and decision.provider_id = receipt.provider_id and state = 'sent')`,
      [receipts],
    );
    await em.execute('update decision set text_values = null where sent_at < ? and text_values is not null', [texts]);
  }
}
