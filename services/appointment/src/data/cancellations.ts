import { type EntityManager, tellAll } from '@cabinet/kit/postgres';
import type { Appointment, Cancellation } from '../domain/appointment.js';
import type { Telling } from './store-and-tell.js';

interface Row extends Omit<Appointment, 'start' | 'end' | 'createdAt'> {
  start: string;
  end: string;
  isKnown: boolean;
}

const columns = `appointment.id, version, status, patient_id as "patientId", practitioner_id as "practitionerId",
  appointment_type_id as "appointmentTypeId", place_id as "placeId", zone, mode, "start", "end",
  created_by as "createdBy"`;

/**
 * Cancels what happened elsewhere leaves without sense, and tells of it; what was pending, nobody was told of.
 * @param which a condition on appointment `a`, and its values
 */
export async function cancelAll(
  tx: EntityManager,
  telling: Telling,
  [which, ...values]: [string, ...unknown[]],
  cancellation: Cancellation,
): Promise<void> {
  const rows = await tx.execute<Row[]>(
    `with before as (select id, status as was from appointment a where ${which} for update)
     update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
     from before where appointment.id = before.id
     returning ${columns}, was <> 'pending' as "isKnown"`,
    [...values, JSON.stringify(cancellation)],
  );
  const cancelled = rows
    .filter(({ isKnown }) => isKnown)
    .map((row) => ({ ...row, start: new Date(row.start), end: new Date(row.end), createdAt: new Date(0) }));
  await tellAll(
    tx,
    telling.source,
    cancelled.map((appointment) => telling.toFact(appointment, 'cancelled')),
  );
}
