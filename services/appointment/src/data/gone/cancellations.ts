import type { EntityManager } from '@cabinet/postgres/orm';
import { tellAll } from '@cabinet/postgres/outbox';
import type { Cancellation } from '../../domain/booking/appointment.js';
import { AppointmentSchema, toAppointment } from '../booking/appointment.schema.js';
import type { Telling } from '../booking/store-and-tell.js';

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
  const cancelled = await tx.execute<{ id: string; was: string }[]>(
    `with before as (select id, status as was from appointment a where ${which} for update)
     update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
     from before where appointment.id = before.id returning appointment.id, was`,
    [...values, JSON.stringify(cancellation)],
  );
  const known = cancelled.filter(({ was }) => was !== 'pending').map(({ id }) => id);
  // As they stand now, whatever was read before in this transaction.
  const rows = await tx.find(AppointmentSchema, { id: { $in: known } }, { disableIdentityMap: true });
  await tellAll(
    tx,
    telling.source,
    rows.map((row) => telling.toFact(toAppointment(row), 'cancelled')),
  );
}
