import type { EntityManager } from '@cabinet/postgres/orm';
import {
  type Appointment,
  type Cancellation,
  type Happening,
  toldOfCancellation,
} from '../../domain/booking/appointment.js';
import { AppointmentSchema, toAppointment } from '../booking/appointment.schema.js';
import type { AppointmentEvents } from '../booking/appointment-events.js';

/**
 * Cancels what happened elsewhere leaves without sense, and tells of it; what was pending, nobody was told of.
 * @param which a condition on appointment `a`, and its values
 * @param isByPractice who asked for one, and waits for the word of the practice, is told that it is no
 */
export async function cancelAll(
  tx: EntityManager,
  events: AppointmentEvents,
  [which, ...values]: [string, ...unknown[]],
  cancellation: Cancellation,
  isByPractice = false,
): Promise<void> {
  const cancelled = await tx.execute<{ id: string; was: Appointment['status'] }[]>(
    `with before as (select id, status as was from appointment a where ${which} for update)
     update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
     from before where appointment.id = before.id returning appointment.id, was`,
    [...values, JSON.stringify(cancellation)],
  );
  const before = new Map(cancelled.map(({ id, was }) => [id, was]));
  // As they stand now, whatever was read before in this transaction.
  const rows = await tx.find(AppointmentSchema, { id: { $in: [...before.keys()] } }, { disableIdentityMap: true });
  await events.enqueueAll(
    tx,
    rows.map(toAppointment).flatMap((each): [Appointment, Happening][] => {
      const happening = toldOfCancellation({ ...each, status: before.get(each.id) ?? each.status }, isByPractice);
      return happening ? [[each, happening]] : [];
    }),
  );
}
