import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { type Alert, decideStep } from '../domain/alert.js';
import { rankOf } from '../domain/engine/rule.js';
import { type AlertEvents, lockAlerts, noteAlert, sayChanged } from './alert-writes.js';
import { dateOrNone, ms } from './fragments.js';

interface DueStep {
  alertId: string;
  generation: number;
  step: number;
  isLastResort: boolean;
  recipients: string[];
}

const atOnceMax = 500;
/** A first step of an alert that is not of high priority joins what the same people were told of the patient so shortly before. */
const togetherMs = 5 * 60_000;

/**
 * Does the steps that are due. Each is one transaction with what is told of it, which holds its alert: it is done once, whoever of
 * several processes comes to it, whatever is killed in between and however the clock is moved.
 */
export class Escalation {
  constructor(
    private readonly orm: Orm,
    private readonly events: AlertEvents,
    private readonly clock: Clock,
  ) {}

  /** @returns how many steps were looked at */
  async round(): Promise<number> {
    let done = 0;
    while (done < atOnceMax && (await this.orm.em.fork().transactional((tx) => this.next(tx)))) done += 1;
    if (done > 0) this.events.committed();
    return done;
  }

  private async next(tx: EntityManager): Promise<boolean> {
    const now = this.clock.now();
    // Whoever changes an alert holds it before they touch its steps: in another order two of them would wait for each other.
    const [free] = await tx.execute<{ id: string }[]>(
      `select alert.id from alert join alert_step on alert_id = alert.id where done_at is null and due_at <= ?
       order by due_at, alert_id, alert_step.generation, step limit 1 for update of alert skip locked`,
      [now],
    );
    if (!free) return false;
    const [alert] = await lockAlerts(tx, 'id = ?', [free.id]);
    const [due] = await tx.execute<DueStep[]>(
      `select alert_id as "alertId", generation, step, is_last_resort as "isLastResort", recipients from alert_step
       where alert_id = ? and done_at is null and due_at <= ? order by due_at, generation, step limit 1`,
      [free.id, now],
    );
    // Somebody else has done it between the look and the lock.
    if (!alert || !due) return true;
    const decision = decideStep(alert, due.generation, await silencedUntil(tx, alert, now), now);
    if (decision.kind === 'postpone') {
      await this.postpone(tx, alert, due, decision.until, now);
    } else if (decision.kind === 'stop') {
      await end(tx, due, 'stopped', now);
    } else if (due.step === 0 && (await wereToldOfPatient(tx, alert, due.recipients, now))) {
      await end(tx, due, 'told-with', now);
      await noteAlert(tx, alert.id, { at: now, kind: 'told-with', details: { recipients: due.recipients } });
    } else {
      await this.tell(tx, alert, due, now);
    }
    return true;
  }

  private async tell(tx: EntityManager, alert: Alert, due: DueStep, now: Date): Promise<void> {
    const { step, isLastResort, recipients } = due;
    await end(tx, due, 'told', now);
    await noteAlert(tx, alert.id, { at: now, kind: 'called', details: { step, isLastResort, recipients } });
    await this.events.enqueue(tx, alert, { kind: 'called', step, isLastResort, recipients });
    await sayChanged(tx, [alert], now);
  }

  /** The later steps keep their distance, or all would come at once. */
  private async postpone(tx: EntityManager, { id }: Alert, due: DueStep, until: Date, now: Date): Promise<void> {
    await tx.execute(
      `update alert_step set due_at = due_at + (?::timestamptz - (
         select due_at from alert_step where alert_id = ? and generation = ? and step = ?))
       where alert_id = ? and generation = ? and done_at is null`,
      [until, id, due.generation, due.step, id, due.generation],
    );
    await noteAlert(tx, id, { at: now, kind: 'postponed', details: { step: due.step, until: until.toISOString() } });
  }
}

const end = (tx: EntityManager, { alertId, generation, step }: DueStep, outcome: string, now: Date): Promise<unknown> =>
  tx.execute(`update alert_step set done_at = ?, outcome = ? where alert_id = ? and generation = ? and step = ?`, [
    now,
    outcome,
    alertId,
    generation,
    step,
  ]);

async function silencedUntil(tx: EntityManager, alert: Alert, now: Date): Promise<Date | undefined> {
  // Whatever a silence says: what is most urgent, and that nothing comes, is never silenced.
  const [row] = await tx.execute<{ until: string | null }[]>(
    `select ${ms('max(until_at)')} as until from silence
     where ended_at is null and from_at <= ? and until_at > ? and up_to >= ? and up_to < 2
       and (patient_id is null or patient_id = ?) and (rule_id is null or rule_id = ?)
       and not exists (select from alert_rule_version v where v.rule_id = ? and v.version = ?
         and v.document->'condition'->>'kind' = 'gap')`,
    [now, now, rankOf(alert.priority), alert.patientId, alert.ruleId, alert.ruleId, alert.ruleVersion],
  );
  return dateOrNone(row?.until ?? null);
}

/** Whether all of them were told a moment ago of another alert of the group that is no less urgent and nobody has answered. */
async function wereToldOfPatient(tx: EntityManager, alert: Alert, recipients: string[], now: Date): Promise<boolean> {
  if (alert.priority === 'high') return false;
  const rows = await tx.execute(
    `select from alert a join alert_step s on s.alert_id = a.id
     where a.group_id = ? and a.id <> ? and a.is_active and a.acknowledged_at is null and a.priority >= ?
       and (a.snoozed_until is null or a.snoozed_until <= ?)
       and s.outcome = 'told' and s.done_at > ? and s.recipients @> ?::jsonb limit 1`,
    [
      alert.groupId,
      alert.id,
      rankOf(alert.priority),
      now,
      new Date(now.getTime() - togetherMs),
      JSON.stringify(recipients),
    ],
  );
  return rows.length > 0;
}
