import { staleVersion } from '@cabinet/kit/http/etag';
import type { EntityManager } from '@cabinet/postgres/orm';
import { sqlState } from '@cabinet/postgres/sql-state';
import type { ChangeNote } from '@cabinet/service/audit/change-notes';
import { OptimisticLockError } from '@mikro-orm/core';
import type { Appointment } from '../../domain/booking/appointment.js';
import type { Overlap } from '../../domain/booking/ports.js';
import { arrayOf } from '../fragments.js';
import { appointmentColumns } from './appointment-columns.js';
import type { AppointmentEvents } from './appointment-events.js';

// Two writers that do not take all the locks may still meet as a deadlock: PostgreSQL ends one of them, which then finds the
// other's row when it tries again.
export async function orOverlap(work: () => Promise<void>): Promise<'stored' | Overlap> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return 'stored';
    } catch (error) {
      if (error instanceof OptimisticLockError) throw staleVersion();
      if (error instanceof NotAllStored) return 'overlap';
      const code = sqlState(error);
      if (code === exclusionViolation || code === uniqueViolation) return 'overlap';
      if (code !== deadlockDetected || tries === 3) throw error;
    }
  }
}

/** The classes of the advisory locks of agendas and patients. */
const agendaLock = 1;
const patientLock = 2;

// The constraints alone would do, but of many who want one slot at once each pair waits for the other until PostgreSQL's
// deadlock check, a second later, ends one of them. So each takes advisory locks first: those of practitioners before those of
// patients and resources, and ids in order, so that nobody waits in a circle.
export const partyLocks = (rows: string) => `
  select pg_advisory_xact_lock(kind, key) from (
    select ${agendaLock} as kind, hashtext("practitionerId"::text) as key from ${rows}
    union select ${patientLock}, hashtext("patientId"::text) from ${rows}
    union select 3, unnest(resources) from ${rows} order by kind, key) as locks`;

export type StoredRow = Pick<Appointment, 'id'>;

/** A row for `storeAndTell`. Of what is pending nothing is told. */
export const toStoredRow = (appointment: Appointment, events: AppointmentEvents): StoredRow =>
  appointment.status === 'pending' ? appointment : { ...appointment, ...events.toRow(appointment, 'booked') };

/** The same for a statement that is a transaction of its own, which then stores the note of its request as well. */
export const toNotedRow = (
  appointment: Appointment,
  events: AppointmentEvents,
  note: ChangeNote | undefined,
): NotedRow => ({ row: { ...toStoredRow(appointment, events), note_id: note?.id }, note });

export interface NotedRow {
  row: StoredRow & { note_id?: string };
  note?: ChangeNote;
}

/** What `storeAndTell` is given: rows of several requests may come together, and each of an import with the same note. */
export const rowsAndNotes = (noted: NotedRow[]): [rows: string, notes: string] => {
  const notes = new Map(noted.flatMap(({ note }) => (note ? [[note.id, note]] : [])));
  return [JSON.stringify(noted.map(({ row }) => row)), JSON.stringify([...notes.values()])];
};

/** Within a transaction, which stores its note at its end. */
export const storeWithin = (tx: EntityManager, rows: StoredRow[]): Promise<unknown[]> =>
  tx.execute(storeAndTell, [JSON.stringify(rows), '[]']);

export const storeAndTell = `
  with wanted as materialized (
    select * from jsonb_to_recordset(?::jsonb) as row (${appointmentColumns.record},
      event_id uuid, topic text, partition_key text, event jsonb, note_id uuid)
  ), locks as materialized (${partyLocks('wanted')}
  ), stored as (
    insert into appointment (${appointmentColumns.stored})
    select ${appointmentColumns.given} from wanted, (select count(*) from locks) as taken
    on conflict do nothing returning id
  ), told as (
    insert into outbox (event_id, topic, partition_key, event)
    select event_id, topic, partition_key, event from wanted join stored using (id) where event_id is not null
  ), noted as (
    insert into audit_note (id, at, event)
    select id, (event ->> 'at')::timestamptz, event from jsonb_to_recordset(?::jsonb) as note (id uuid, event jsonb)
    where id in (select note_id from wanted join stored using (id))
    on conflict (id) do update set event = excluded.event
  )
  select id from stored`;

export const lockParties = (
  tx: EntityManager,
  { practitionerId, patientId, resources }: Appointment,
): Promise<unknown> => {
  const row = `(select ?::uuid as "practitionerId", ?::uuid as "patientId", ?::int[] as resources) as row`;
  const values = [practitionerId, patientId, resources ? arrayOf(resources) : null];
  return tx.execute(partyLocks(row), [...values, ...values, ...values]);
};

/** Nothing is booked meanwhile at the practitioner, but what is forced. */
export const lockAgenda = (tx: EntityManager, practitionerId: string): Promise<unknown> =>
  tx.execute(`select pg_advisory_xact_lock(${agendaLock}, hashtext(?::uuid::text))`, [practitionerId]);

/** Also for who merges or erases patients: nothing is stored of them meanwhile. */
export const lockPatients = (tx: EntityManager, patientIds: string[]): Promise<unknown> =>
  tx.execute(
    `select pg_advisory_xact_lock(${patientLock}, key)
     from (select distinct hashtext(id::text) as key from unnest(?::uuid[]) as id order by key) as locks`,
    [arrayOf(patientIds)],
  );

/** The store left out what overlaps with something, of what belongs together. */
export class NotAllStored extends Error {}

const exclusionViolation = '23P01';
const uniqueViolation = '23505';
const deadlockDetected = '40P01';
