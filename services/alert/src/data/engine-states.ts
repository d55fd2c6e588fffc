import type { EntityManager } from '@cabinet/postgres/orm';
import { type EngineState, type Rule, tickDueAt } from '../domain/engine/evaluate.js';
import { arrayOf } from './fragments.js';

/** What an engine knows of a patient under a rule, and under which version it knows it. */
export interface StateRow {
  patient_id: string;
  rule_id: string;
  rule_version: number;
  state: EngineState;
}

/** When a row has to be looked at though nothing comes stands beside it. */
export type StoredState = ReturnType<typeof rowOf>;

export async function statesOf(tx: EntityManager, patientIds: string[]): Promise<Map<string, StateRow>> {
  const rows = await tx.execute<StateRow[]>(
    'select patient_id, rule_id, rule_version, state from engine_state where patient_id = any(?::uuid[])',
    [arrayOf(patientIds)],
  );
  return new Map(rows.map((row) => [`${row.patient_id} ${row.rule_id}`, row]));
}

/** The patients' own times in which a reading is missed, the latest of each. */
export async function timingsOf(tx: EntityManager, patientIds: string[]): Promise<Map<string, number>> {
  const rows = await tx.execute<{ patient_id: string; rule_id: string; minutes: number }[]>(
    `select distinct on (patient_id, rule_id) patient_id, rule_id, minutes from gap_timing
     where patient_id = any(?::uuid[]) order by patient_id, rule_id, position desc`,
    [arrayOf(patientIds)],
  );
  return new Map(rows.map(({ patient_id, rule_id, minutes }) => [`${patient_id} ${rule_id}`, minutes]));
}

export function rowOf(rule: Rule, state: EngineState, zone: string) {
  const due = tickDueAt(rule, state, zone);
  return {
    patient_id: state.patientId,
    rule_id: rule.id,
    rule_version: rule.version,
    state,
    tick_at: due === undefined ? null : new Date(due),
  };
}

export async function storeStates(tx: EntityManager, rows: readonly StoredState[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `insert into engine_state (patient_id, rule_id, rule_version, state, tick_at)
     select * from jsonb_to_recordset(?::jsonb)
       as row (patient_id uuid, rule_id uuid, rule_version integer, state jsonb, tick_at timestamptz)
     on conflict (patient_id, rule_id) do update set rule_version = excluded.rule_version, state = excluded.state,
       tick_at = excluded.tick_at`,
    [JSON.stringify(rows)],
  );
}
