import type { Clock } from '@cabinet/kit/clock';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { Orm } from '@cabinet/postgres/orm';
import type { Alert } from '../domain/alert.js';
import { existing } from '../domain/errors.js';
import type { AlertChange, AlertFilter, AlertNote, AlertPlace, Alerts } from '../domain/ports.js';
import { type AlertRow, alertColumns, toAlert } from './alert-rows.js';
import {
  type AlertEvents,
  lockAlerts,
  noteAlert,
  planSteps,
  sayChanged,
  stopSteps,
  storeAlert,
} from './alert-writes.js';
import { arrayOf, dateOf, ms } from './fragments.js';

const inOrder = 'order by priority desc, started_at desc, id';

export class PostgresAlerts implements Alerts {
  /** @param committed called when something was: what is told goes out, and steps that are due are looked at */
  constructor(
    private readonly orm: Orm,
    private readonly events: AlertEvents,
    private readonly clock: Clock,
    private readonly committed: () => void,
  ) {}

  async find(id: string): Promise<Alert | undefined> {
    return (await this.select('where id = ?', [id]))[0];
  }

  async list({ watcher, patientId, active }: AlertFilter, limit: number, after?: AlertPlace): Promise<Alert[]> {
    const conditions = ['watchers @> ?::uuid[]'];
    const values: unknown[] = [arrayOf([watcher])];
    if (patientId) {
      conditions.push('patient_id = ?');
      values.push((await currentPatientId(this.orm.em.fork(), patientId)) ?? patientId);
    }
    if (active !== undefined) conditions.push(active ? 'is_active' : 'not is_active');
    if (after) {
      const [priority, startedAt, id] = after;
      conditions.push('(priority, started_at) <= (?, ?) and ((priority, started_at) < (?, ?) or id > ?)');
      const at = new Date(startedAt);
      values.push(priority, at, priority, at, id);
    }
    return this.select(`where ${conditions.join(' and ')} ${inOrder} limit ${limit + 1}`, values);
  }

  ofPatient(patientId: string): Promise<Alert[]> {
    return this.select('where patient_id = ? order by started_at, id', [patientId]);
  }

  async notesOf(alertId: string): Promise<AlertNote[]> {
    const rows = await this.orm.em
      .fork()
      .execute<{ at: string; kind: string; by: string | null; details: AlertNote['details'] }[]>(
        `select ${ms('at')} as at, kind, by, details from alert_note where alert_id = ? order by position`,
        [alertId],
      );
    return rows.map(({ at, by, ...note }) => ({ ...note, at: dateOf(at), by: by ?? undefined }));
  }

  async change(id: string, decide: (current: Alert) => AlertChange | undefined): Promise<Alert> {
    const stored = await this.orm.em.fork().transactional(async (tx) => {
      const [found] = await lockAlerts(tx, 'id = ?', [id]);
      const current = existing(found, 'ALERT.NOT_FOUND');
      const decided = decide(current);
      if (!decided) return current;
      const now = this.clock.now();
      const next = await storeAlert(tx, current, changesBetween(current, decided.alert));
      if (decided.steps) {
        await stopSteps(tx, id, now);
        await planSteps(tx, next, decided.steps);
      }
      await noteAlert(tx, id, { at: now, ...decided.note });
      if (decided.told) await this.events.enqueue(tx, next, decided.told);
      await noteStored(tx);
      await sayChanged(tx, [next], now);
      return next;
    });
    this.committed();
    return stored;
  }

  private async select(rest: string, values: unknown[]): Promise<Alert[]> {
    return (await this.orm.em.fork().execute<AlertRow[]>(`select ${alertColumns} from alert ${rest}`, values)).map(
      toAlert,
    );
  }
}

const changesBetween = (before: Alert, after: Alert): Partial<Alert> =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => name !== 'version' && value !== before[name as keyof Alert]),
  );
