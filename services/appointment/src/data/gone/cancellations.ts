import type { EntityManager } from '@cabinet/postgres/orm';
import type { Appointment, Cancellation, Happening } from '../../domain/booking/appointment.js';
import { AppointmentSchema, toAppointment } from '../booking/appointment.schema.js';
import type { AppointmentEvents } from '../booking/appointment-events.js';

/**
 * Cancels what happened elsewhere leaves without sense, and tells of it; what was pending, nobody was told of.
 * @param which a condition on appointment `a`, and its values
 */
export async function cancelAll(
  tx: EntityManager,
  events: AppointmentEvents,
  [which, ...values]: [string, ...unknown[]],
  cancellation: Cancellation,
): Promise<void> {
  const cancelled = await tx.execute<{ id: string; was: string }[]>(
    `with before as (select id, status as was from appointment a where ${which} for update)
     update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
     from before where appointment.id = before.id returning appointment.id, was`,
    [...values, JSON.stringify(cancellation)],
  );
  const known = cancelled.filter(({ was }) => was !== 'pending').map(({ id }) => id);
  // As they stand now, whatever was read before in this transaction.
  const rows = await tx.find(AppointmentSchema, { id: { $in: known } }, { disableIdentityMap: true });
  await events.enqueueAll(
    tx,
    rows.map((row): [Appointment, Happening] => [toAppointment(row), 'cancelled']),
  );
}
