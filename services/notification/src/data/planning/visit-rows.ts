import type { EntityManager } from '@cabinet/postgres/orm';
import type { KnownVisit } from '../../domain/visit.js';

interface VisitRow {
  appointment_id: string;
  version: number;
  since_version: number;
  since: string | Date;
  patient_id: string;
  appointment_type_id: string;
  status: KnownVisit['status'];
  starts_at: string | Date;
  first_starts_at: string | Date;
  kept_from_guardians: boolean;
  is_found: boolean;
  practitioner_id: string | null;
  place_id: string | null;
  first_practitioner_id: string | null;
  first_place_id: string | null;
}

const toVisit = (row: VisitRow): KnownVisit => ({
  appointmentId: row.appointment_id,
  version: row.version,
  sinceVersion: row.since_version,
  since: new Date(row.since),
  patientId: row.patient_id,
  appointmentTypeId: row.appointment_type_id,
  status: row.status,
  start: new Date(row.starts_at),
  practitionerId: row.practitioner_id ?? undefined,
  placeId: row.place_id ?? undefined,
  first: {
    start: new Date(row.first_starts_at),
    practitionerId: row.first_practitioner_id ?? undefined,
    placeId: row.first_place_id ?? undefined,
  },
  keptFromGuardians: row.kept_from_guardians,
  isFound: row.is_found,
});

/** Those that `rest` selects. */
export const selectVisits = async (tx: EntityManager, rest: string, values: unknown[]): Promise<KnownVisit[]> =>
  (await tx.execute<VisitRow[]>(`select * from visit ${rest}`, values)).map(toVisit);

/**
 * Stores them as planned by a policy; whoever stored a newer version meanwhile wins.
 * @returns those of which nothing was known, also to whoever stored one at the same time
 */
export async function storeVisits(
  tx: EntityManager,
  visits: readonly KnownVisit[],
  plannedBy: number,
): Promise<Set<string>> {
  const rows = visits.map((visit) => ({
    appointment_id: visit.appointmentId,
    version: visit.version,
    since_version: visit.sinceVersion,
    since: visit.since,
    patient_id: visit.patientId,
    appointment_type_id: visit.appointmentTypeId,
    status: visit.status,
    starts_at: visit.start,
    first_starts_at: visit.first.start,
    kept_from_guardians: visit.keptFromGuardians,
    planned_by: plannedBy,
    is_found: visit.isFound,
    practitioner_id: visit.practitionerId ?? null,
    place_id: visit.placeId ?? null,
    first_practitioner_id: visit.first.practitionerId ?? null,
    first_place_id: visit.first.placeId ?? null,
  }));
  const stored = await tx.execute<{ id: string; is_new: boolean }[]>(
    `insert into visit select * from jsonb_to_recordset(?::jsonb) as row (appointment_id uuid, version integer,
       since_version integer, since timestamptz, patient_id uuid, appointment_type_id uuid, status text, starts_at timestamptz,
       first_starts_at timestamptz, kept_from_guardians boolean, planned_by integer, is_found boolean,
       practitioner_id uuid, place_id uuid, first_practitioner_id uuid, first_place_id uuid)
     on conflict (appointment_id) do update set version = excluded.version, since_version = excluded.since_version,
       since = excluded.since, patient_id = excluded.patient_id, appointment_type_id = excluded.appointment_type_id,
       status = excluded.status, starts_at = excluded.starts_at, kept_from_guardians = excluded.kept_from_guardians,
       planned_by = excluded.planned_by, is_found = excluded.is_found,
       practitioner_id = excluded.practitioner_id, place_id = excluded.place_id
     where visit.version <= excluded.version
     -- Nobody has ever changed a row that was just made.
     returning visit.appointment_id as id, visit.xmax = 0 as is_new`,
    [JSON.stringify(rows)],
  );
  return new Set(stored.filter(({ is_new }) => is_new).map(({ id }) => id));
}
