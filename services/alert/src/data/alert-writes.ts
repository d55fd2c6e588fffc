import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Alert, PlannedStep } from '../domain/alert.js';
import type { AlertNote, Happening, Told } from '../domain/ports.js';
import { type AlertRow, alertColumns, toAlert } from './alert-rows.js';
import { arrayOf } from './fragments.js';

export type AlertEvents = EventSource<[Told, Happening]>;

const changesInOrder = 7_410_012;

/** The alerts that a condition picks, which nobody else changes until the end of the transaction. */
export async function lockAlerts(tx: EntityManager, condition: string, values: unknown[]): Promise<Alert[]> {
  const rows = await tx.execute<AlertRow[]>(
    `select ${alertColumns} from alert where ${condition} order by started_at, id for update`,
    values,
  );
  return rows.map(toAlert);
}

const columns: Record<string, string> = {
  key: 'key',
  startedAt: 'started_at',
  since: 'since',
  count: 'count',
  worst: 'worst',
  because: 'because',
  clearedAt: 'cleared_at',
  retractedAt: 'retracted_at',
  acknowledgedAt: 'acknowledged_at',
  acknowledgedBy: 'acknowledged_by',
  owner: 'owner',
  watchers: 'watchers',
  inhibitedBy: 'inhibited_by',
  snoozedUntil: 'snoozed_until',
  generation: 'generation',
};

const toValue = (name: string, value: unknown): unknown => {
  if (name === 'because') return JSON.stringify(value);
  if (name === 'watchers') return arrayOf(value as string[]);
  return value ?? null;
};

/** Stores what has changed of an alert as its next version. @returns it as it is now */
export async function storeAlert(tx: EntityManager, before: Alert, changes: Partial<Alert>): Promise<Alert> {
  const names = Object.keys(changes);
  const sets = names.map((name) => `${columns[name]} = ?`);
  await tx.execute(`update alert set ${[...sets, 'version = version + 1'].join(', ')} where id = ?`, [
    ...names.map((name) => toValue(name, changes[name as keyof Alert])),
    before.id,
  ]);
  return { ...before, ...changes, version: before.version + 1 };
}

/** Nobody is told any more by the steps that have not come. */
export const stopSteps = (tx: EntityManager, alertId: string, at: Date): Promise<unknown> =>
  tx.execute(`update alert_step set done_at = ?, outcome = 'stopped' where alert_id = ? and done_at is null`, [
    at,
    alertId,
  ]);

export async function planSteps(tx: EntityManager, { id, generation }: Alert, steps: PlannedStep[]): Promise<void> {
  await tx.execute(
    `insert into alert_step (alert_id, generation, step, is_last_resort, recipients, due_at)
     select ?, ?, step, "isLastResort", recipients, "dueAt"
     from jsonb_to_recordset(?::jsonb) as row (step integer, "isLastResort" boolean, recipients jsonb, "dueAt" timestamptz)`,
    [id, generation, JSON.stringify(steps)],
  );
}

export const noteAlert = (tx: EntityManager, alertId: string, { at, kind, by, details }: AlertNote): Promise<unknown> =>
  tx.execute('insert into alert_note (alert_id, at, kind, by, details) values (?, ?, ?, ?, ?::jsonb)', [
    alertId,
    at,
    kind,
    by ?? null,
    JSON.stringify(details),
  ]);

/**
 * Says to whoever follows that these have changed. It is the last that a transaction does: from here to its commit no other is
 * between, so that positions grow in the order of commits and nobody who has heard one has missed an earlier one.
 */
export async function sayChanged(tx: EntityManager, alerts: readonly Pick<Alert, 'id' | 'watchers'>[], at: Date) {
  if (alerts.length === 0) return;
  await tx.execute('select pg_advisory_xact_lock(?)', [changesInOrder]);
  const rows = alerts.map(({ id, watchers }) => ({ id, watchers: arrayOf(watchers) }));
  await tx.execute(
    `insert into alert_change (alert_id, watchers, at)
     select id, watchers::uuid[], ? from jsonb_to_recordset(?::jsonb) as row (id uuid, watchers text)`,
    [at, JSON.stringify(rows)],
  );
}
