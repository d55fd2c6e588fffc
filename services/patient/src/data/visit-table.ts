import type { EntityManager } from '@cabinet/kit/postgres';
import { summarise, type Visit, type VisitStatus, type VisitSummaries } from '../domain/visits.js';

interface VisitRow {
  owner: string;
  appointment_id: string;
  version: number;
  patient_id: string;
  status: VisitStatus;
  start: Date;
}

/** Keeps what was told of an appointment, unless something newer is known of it or its patient has been erased. */
export async function keepVisit(tx: EntityManager, visit: Visit): Promise<void> {
  await tx.execute(
    `insert into visit as known (appointment_id, version, patient_id, status, "start")
     select ?, ?, ?, ?, ?::timestamptz
     where not exists (select from patient where id = ? and erased_at is not null)
     on conflict (appointment_id) do update
       set version = excluded.version, patient_id = excluded.patient_id, status = excluded.status, "start" = excluded."start"
       where known.version < excluded.version`,
    [visit.appointmentId, visit.version, visit.patientId, visit.status, visit.start, visit.patientId],
  );
}

export async function forgetVisits(tx: EntityManager, patientId: string): Promise<void> {
  await tx.execute('delete from visit where patient_id = ?', [patientId]);
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
