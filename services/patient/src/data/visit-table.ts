import type { EntityManager } from '@cabinet/postgres/orm';
import { summarise, type Visit, type VisitStatus, type VisitSummaries } from '../domain/visits.js';

interface VisitRow {
  owner: string;
  appointment_id: string;
  version: number;
  patient_id: string;
  status: VisitStatus;
  start: Date;
}

/** Keeps what was told of appointments, unless something newer is known of one or its patient has been erased. */
export async function keepVisits(tx: EntityManager, visits: Visit[]): Promise<void> {
  await tx.execute(
    `insert into visit as known (appointment_id, version, patient_id, status, "start")
     select "appointmentId", told.version, "patientId", status, "start"
     from jsonb_to_recordset(?::jsonb)
       as told ("appointmentId" uuid, version integer, "patientId" uuid, status text, "start" timestamptz)
     where not exists (select from patient where id = "patientId" and erased_at is not null)
     order by "appointmentId"
     on conflict (appointment_id) do update
       set version = excluded.version, patient_id = excluded.patient_id, status = excluded.status, "start" = excluded."start"
       where known.version < excluded.version`,
    [JSON.stringify(visits)],
  );
}

/** @returns how many */
export async function forgetVisits(tx: EntityManager, patientId: string): Promise<number> {
  const gone = 'delete from visit where patient_id = ? returning appointment_id';
  return (await tx.execute<unknown[]>(gone, [patientId])).length;
}

/** Last and next visit of each; visits of those who were merged into a patient are that patient's. */
export async function visitSummaries(
  em: EntityManager,
  patientIds: string[],
  now: Date,
): Promise<Map<string, VisitSummaries>> {
  if (patientIds.length === 0) return new Map();
  const ids = `{${patientIds.join(',')}}`;
  const rows = await em.execute<VisitRow[]>(
    `select owner.id as owner, visit.* from (
       select id, id as as_told from patient where id = any(?::uuid[])
       union all
       select merged_into, id from patient where merged_into = any(?::uuid[])
     ) as owner join visit on visit.patient_id = owner.as_told
     where visit.status not in ('cancelled', 'noshow')`,
    [ids, ids],
  );
  const byOwner = Map.groupBy(rows, ({ owner }) => owner);
  return new Map([...byOwner].map(([owner, visits]) => [owner, summarise(visits.map(toVisit), now)]));
}

const toVisit = (row: VisitRow): Visit => ({
  appointmentId: row.appointment_id,
  version: row.version,
  patientId: row.patient_id,
  status: row.status,
  start: new Date(row.start),
});
