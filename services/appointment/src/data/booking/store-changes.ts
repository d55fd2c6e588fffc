import { staleVersion } from '@cabinet/kit/http/etag';
import type { EntityManager } from '@cabinet/postgres/orm';
import type { Appointment, Happening } from '../../domain/booking/appointment.js';
import type { Change } from '../../domain/booking/ports.js';
import { appointmentColumns } from './appointment-columns.js';
import type { AppointmentEvents } from './appointment-events.js';
import { partyLocks } from './store-and-tell.js';

/** @throws 412 when one of them was changed since it was read */
export async function storeChanges(tx: EntityManager, changes: Change[], events: AppointmentEvents): Promise<void> {
  const rows = JSON.stringify(changes.map(({ appointment }) => appointment));
  await tx.execute(lockParties, [rows]);
  // In two steps: on their way they overlap with one another, which is checked row by row.
  const vacated = await tx.execute(vacate, [rows]);
  if (vacated.length < changes.length) throw staleVersion();
  await tx.execute(applyChanges, [rows]);
  const happened = changes.flatMap(({ appointment, happening }): [Appointment, Happening][] =>
    happening ? [[{ ...appointment, version: appointment.version + 1 }, happening]] : [],
  );
  await events.enqueueAll(tx, happened);
}

const lockParties = `
  with wanted as materialized (
    select * from jsonb_to_recordset(?::jsonb) as row ("practitionerId" uuid, "patientId" uuid, resources int[])
  ) ${partyLocks('wanted')}`;

/** Takes those that nobody changed in between out of everybody's way. */
const vacate = `
  update appointment a set status = 'proposed'
  from jsonb_to_recordset(?::jsonb) as row (id uuid, version int)
  where a.id = row.id and a.version = row.version returning a.id`;

const applyChanges = `
  update appointment a set version = a.version + 1, ${appointmentColumns.changes}
  from jsonb_to_recordset(?::jsonb) as row (${appointmentColumns.record})
  where a.id = row.id`;
