import type { Alert } from '../domain/alert.js';
import { priorities } from '../domain/engine/rule.js';
import { dateOf, dateOrNone, ms } from './fragments.js';

/** As the database gives a row of `alert`: times in milliseconds. */
export interface AlertRow extends Omit<Alert, 'priority' | DateKey | OptionalKey> {
  priority: number;
  startedAt: string;
  since: string;
  raisedAt: string;
  clearedAt: string | null;
  retractedAt: string | null;
  acknowledgedAt: string | null;
  snoozedUntil: string | null;
  acknowledgedBy: string | null;
  owner: string | null;
  inhibitedBy: string | null;
}
type DateKey = 'startedAt' | 'since' | 'raisedAt' | 'clearedAt' | 'retractedAt' | 'acknowledgedAt' | 'snoozedUntil';
type OptionalKey = 'acknowledgedBy' | 'owner' | 'inhibitedBy';

const time = (column: string, name: string) => `${ms(column)} as "${name}"`;

export const alertColumns = [
  'id, key, version, patient_id as "patientId", rule_id as "ruleId", rule_version as "ruleVersion", priority, count',
  time('started_at', 'startedAt'),
  time('since', 'since'),
  time('raised_at', 'raisedAt'),
  time('cleared_at', 'clearedAt'),
  time('retracted_at', 'retractedAt'),
  time('acknowledged_at', 'acknowledgedAt'),
  time('snoozed_until', 'snoozedUntil'),
  'worst, because, missing, is_late as "isLate", acknowledged_by as "acknowledgedBy", owner',
  'to_jsonb(watchers) as watchers, group_id as "groupId", inhibited_by as "inhibitedBy", generation',
].join(', ');

export const toAlert = (row: AlertRow): Alert => ({
  ...row,
  priority: priorities[row.priority] ?? 'high',
  startedAt: dateOf(row.startedAt),
  since: dateOf(row.since),
  raisedAt: dateOf(row.raisedAt),
  clearedAt: dateOrNone(row.clearedAt),
  retractedAt: dateOrNone(row.retractedAt),
  acknowledgedAt: dateOrNone(row.acknowledgedAt),
  snoozedUntil: dateOrNone(row.snoozedUntil),
  acknowledgedBy: row.acknowledgedBy ?? undefined,
  owner: row.owner ?? undefined,
  inhibitedBy: row.inhibitedBy ?? undefined,
});
