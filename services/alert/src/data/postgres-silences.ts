import { noteStored } from '@cabinet/postgres/idempotency';
import type { Orm } from '@cabinet/postgres/orm';
import { priorities, rankOf } from '../domain/engine/rule.js';
import type { Silence, Silences } from '../domain/ports.js';
import { dateOf, dateOrNone, ms } from './fragments.js';

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
        await tx.execute(
          `update alert_step s set due_at = s.due_at - (?::timestamptz - ?::timestamptz) from alert a
           where a.id = s.alert_id and s.done_at is null and s.due_at >= ?
             and (?::uuid is null or a.patient_id = ?) and (?::uuid is null or a.rule_id = ?)
             and exists (select from alert_note n where n.alert_id = a.id and n.kind = 'postponed'
               and (n.details->>'until')::timestamptz = ?)`,
          [
            ...[dateOf(ended.until), at, dateOf(ended.until), ended.patient_id, ended.patient_id],
            ...[ended.rule_id, ended.rule_id, dateOf(ended.until)],
          ],
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
