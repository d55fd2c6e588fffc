import { noteStored } from '@cabinet/postgres/idempotency';
import type { Orm } from '@cabinet/postgres/orm';
import { priorities, rankOf } from '../domain/engine/rule.js';
import type { Silence, Silences } from '../domain/ports.js';
import { lockAlerts } from './alert-writes.js';
import { arrayOf, dateOf, dateOrNone, ms } from './fragments.js';

interface Row extends Pick<Silence, 'id' | 'reason' | 'author'> {
  patientId: string | null;
  ruleId: string | null;
  upTo: number;
  from: string;
  until: string;
  endedAt: string | null;
  endedBy: string | null;
}

const columns = `id, patient_id as "patientId", rule_id as "ruleId", up_to as "upTo", ${ms('from_at')} as "from",
  ${ms('until_at')} as until, reason, author, ${ms('ended_at')} as "endedAt", ended_by as "endedBy"`;

export class PostgresSilences implements Silences {
  constructor(private readonly orm: Orm) {}

  async find(id: string): Promise<Silence | undefined> {
    return (await this.select('where id = ?', [id]))[0];
  }

  list(now: Date): Promise<Silence[]> {
    return this.select('where ended_at is null and until_at > ? order by until_at, id limit 500', [now]);
  }

  async add({ id, patientId, ruleId, upTo, from, until, reason, author }: Silence): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `insert into silence (id, patient_id, rule_id, up_to, from_at, until_at, reason, author)
         values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
        [id, patientId ?? null, ruleId ?? null, rankOf(upTo), from, until, reason, author],
      );
      await noteStored(tx);
    });
  }

  /** Steps that wait for its end come at once. */
  async end(id: string, at: Date, by: string): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      const [ended] = await tx.execute<{ patient_id: string | null; rule_id: string | null; until: string }[]>(
        `update silence set ended_at = ?, ended_by = ? where id = ? and ended_at is null
         returning patient_id, rule_id, ${ms('until_at')} as until`,
        [at, by, id],
      );
      if (ended) {
        // As whoever changes an alert does: the alerts before their steps.
        const alerts = await lockAlerts(
          tx,
          'is_active and (?::uuid is null or patient_id = ?) and (?::uuid is null or rule_id = ?)',
          [ended.patient_id, ended.patient_id, ended.rule_id, ended.rule_id],
        );
        await tx.execute(
          `update alert_step s set due_at = s.due_at - (?::timestamptz - ?::timestamptz)
           where s.alert_id = any(?::uuid[]) and s.done_at is null and s.due_at >= ?
             and exists (select from alert_note n where n.alert_id = s.alert_id and n.kind = 'postponed'
               and (n.details->>'until')::timestamptz = ?)`,
          [dateOf(ended.until), at, arrayOf(alerts.map((alert) => alert.id)), dateOf(ended.until), dateOf(ended.until)],
        );
      }
      await noteStored(tx);
    });
  }

  private async select(rest: string, values: unknown[]): Promise<Silence[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(`select ${columns} from silence ${rest}`, values);
    return rows.map(({ patientId, ruleId, upTo, from, until, endedAt, endedBy, ...row }) => ({
      ...row,
      patientId: patientId ?? undefined,
      ruleId: ruleId ?? undefined,
      upTo: priorities[upTo] === 'low' ? 'low' : 'medium',
      from: dateOf(from),
      until: dateOf(until),
      endedAt: dateOrNone(endedAt),
      endedBy: endedBy ?? undefined,
    }));
  }
}
