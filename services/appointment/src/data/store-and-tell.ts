import { staleVersion } from '@cabinet/kit';
import { type EntityManager, type Fact, sqlState, toOutboxRow } from '@cabinet/kit/postgres';
import { OptimisticLockError } from '@mikro-orm/core';
import type { Appointment, Happening } from '../domain/appointment.js';
import type { Overlap } from '../domain/ports.js';
import { arrayOf } from './fragments.js';

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(appointment: Appointment, happening: Happening): Fact;
  /** Called after a commit that told something. @param hasFreed true when it may have freed time that somebody waits for */
  told(hasFreed?: boolean): void;
}

// Those who do not take turns (a merge of patients) may meet as a deadlock: PostgreSQL ends one of them, which then finds
// the other's row when it tries again.
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

// The constraints alone would do, but of many who want one slot at once each pair waits for the other until PostgreSQL's
// deadlock check, a second later, ends one of them. So they take turns: practitioners first and ids in order, so that nobody
// waits in a circle.
export const turns = (rows: string) => `
  select pg_advisory_xact_lock(kind, key) from (
    select 1 as kind, hashtext("practitionerId"::text) as key from ${rows}
    union select 2, hashtext("patientId"::text) from ${rows}
    union select 3, unnest(resources) from ${rows} order by kind, key) as turns`;

/** A row for `storeAndTell`. Of what is pending nothing is told. */
export function toStoredRow(appointment: Appointment, { source, toFact }: Telling): object {
  if (appointment.status === 'pending') return appointment;
  return { ...appointment, ...toOutboxRow(source, toFact(appointment, 'booked')) };
}

export const storeAndTell = `
  with wanted as materialized (
    select * from jsonb_to_recordset(?::jsonb) as row (id uuid, status text, "patientId" uuid, "practitionerId" uuid,
      "appointmentTypeId" uuid, "placeId" uuid, zone text, "start" timestamptz, "end" timestamptz, mode text,
      "busyFrom" timestamptz, "busyUntil" timestamptz, session uuid, seat smallint, day date, "dayPlace" smallint,
      resources int[], "heldUntil" timestamptz, overbooking jsonb, "calendarCheck" jsonb, "seriesId" uuid,
      occurrence timestamptz, reason text, "createdAt" timestamptz, "createdBy" text, event_id uuid, topic text, partition_key text, event jsonb)
  ), turns as materialized (${turns('wanted')}
  ), stored as (
    insert into appointment (id, status, patient_id, practitioner_id, appointment_type_id, place_id, zone, "start", "end",
      mode, busy_from, busy_until, session, seat, day, day_place, resources, held_until, overbooking, calendar_check,
      series_id, occurrence, reason, created_at, created_by)
    select id, status, "patientId", "practitionerId", "appointmentTypeId", "placeId", zone, "start", "end",
      mode, "busyFrom", "busyUntil", session, seat, day, "dayPlace", resources, "heldUntil", overbooking, "calendarCheck",
      "seriesId", occurrence, reason, "createdAt", "createdBy"
    from wanted, (select count(*) from turns) as taken
    on conflict do nothing returning id
  ), told as (
    insert into outbox (event_id, topic, partition_key, event)
    select event_id, topic, partition_key, event from wanted join stored using (id) where event_id is not null
  )
  select id from stored`;

export const takeTurns = (
  tx: EntityManager,
  { practitionerId, patientId, resources }: Appointment,
): Promise<unknown> => {
  const row = `(select ?::uuid as "practitionerId", ?::uuid as "patientId", ?::int[] as resources) as row`;
  const values = [practitionerId, patientId, resources ? arrayOf(resources) : null];
  return tx.execute(turns(row), [...values, ...values, ...values]);
};

/** The store left out what overlaps with something, of what belongs together. */
export class NotAllStored extends Error {}

const exclusionViolation = '23P01';
const uniqueViolation = '23505';
const deadlockDetected = '40P01';
