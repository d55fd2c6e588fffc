import { Batches, staleVersion } from '@cabinet/kit';
import { type EntityManager, type Fact, type Orm, sqlState, tell, toOutboxRow } from '@cabinet/kit/postgres';
import { type FilterQuery, OptimisticLockError } from '@mikro-orm/core';
import type { Appointment, Happening } from '../domain/appointment.js';
import type { AppointmentFilter, AppointmentRepository, Overlap } from '../domain/ports.js';
import type { Interval } from '../domain/time.js';
import { type AppointmentRow, AppointmentSchema } from './appointment.schema.js';

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(appointment: Appointment, happening: Happening): Fact;
  /** Called after a commit that told something. */
  told(): void;
}

export class PostgresAppointments implements AppointmentRepository {
  /** Who books while another booking is being stored shares the next transaction with all who do. */
  private readonly additions = new Batches(async (appointments: Appointment[]) => {
    const stored = await this.addAll(appointments);
    return appointments.map(({ id }): 'stored' | Overlap => (stored.has(id) ? 'stored' : 'overlap'));
  });

  constructor(
    private readonly orm: Orm,
    private readonly telling: Telling,
  ) {}

  async find(id: string): Promise<Appointment | undefined> {
    const row = await this.orm.em.fork().findOne(AppointmentSchema, { id });
    return row ? toAppointment(row) : undefined;
  }

  async list(filter: AppointmentFilter, limit: number, after?: { start: Date; id: string }): Promise<Appointment[]> {
    const rows = await this.orm.em.fork().find(AppointmentSchema, toQuery(filter, after), {
      orderBy: { start: 'asc', id: 'asc' },
      limit: limit + 1,
    });
    return rows.map(toAppointment);
  }

  add(appointment: Appointment): Promise<'stored' | Overlap> {
    return this.additions.add(appointment);
  }

  save(appointment: Appointment, happening: Happening): Promise<'stored' | Overlap> {
    return this.orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        if (happening === 'moved') await takeTurns(tx, appointment);
        const { id, version, ...changes } = appointment;
        const stored = await tx.findOne(AppointmentSchema, { id, version });
        if (!stored) throw staleVersion();
        tx.assign(stored, changes);
        await tx.flush();
        await tell(
          tx,
          this.telling.source,
          this.telling.toFact({ ...appointment, version: stored.version }, happening),
        );
      });
    });
  }

  async addAll(appointments: Appointment[]): Promise<Set<string>> {
    const rows = appointments.map((appointment) => ({
      ...appointment,
      ...toOutboxRow(this.telling.source, this.telling.toFact(appointment, 'booked')),
    }));
    // One statement is one transaction in one round trip.
    const stored = await this.orm.em.fork().execute<{ id: string }[]>(storeAndTell, [JSON.stringify(rows)]);
    this.telling.told();
    return new Set(stored.map(({ id }) => id));
  }

  async alreadyBooked(appointments: Appointment[]): Promise<Set<string>> {
    const rows = await this.orm.em.fork().execute<{ id: string }[]>(
      `select row.id from jsonb_to_recordset(?::jsonb)
         as row (id uuid, "patientId" uuid, "practitionerId" uuid, "start" timestamptz)
       where exists (select from appointment a where a.practitioner_id = row."practitionerId" and a."start" = row."start"
         and a.patient_id = row."patientId" and a.status in ('pending', 'booked', 'arrived', 'fulfilled'))`,
      [JSON.stringify(appointments)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async busyTimes(practitionerId: string, range: Interval): Promise<Interval[]> {
    const rows = await this.orm.em.fork().execute<{ start: Date; end: Date }[]>(
      `select "start", "end" from appointment
       where practitioner_id = ? and during && tstzrange(?, ?) and status in ('pending', 'booked', 'arrived', 'fulfilled')
       order by "start"`,
      [practitionerId, new Date(range.start), new Date(range.end)],
    );
    return rows.map(({ start, end }) => ({ start: +new Date(start), end: +new Date(end) }));
  }

  async haveMet(patientId: string, practitionerId: string): Promise<boolean> {
    const count = await this.orm.em
      .fork()
      .count(AppointmentSchema, { patientId, practitionerId, status: { $in: ['booked', 'arrived', 'fulfilled'] } });
    return count > 0;
  }

  // Those who do not take turns (a merge of patients) may meet as a deadlock: PostgreSQL ends one of them, which then finds
  // the other's row when it tries again.
  private async orOverlap(work: () => Promise<void>): Promise<'stored' | Overlap> {
    for (let tries = 1; ; tries += 1) {
      try {
        await work();
        this.telling.told();
        return 'stored';
      } catch (error) {
        if (error instanceof OptimisticLockError) throw staleVersion();
        const code = sqlState(error);
        if (code === exclusionViolation) return 'overlap';
        if (code !== deadlockDetected || tries === 3) throw error;
      }
    }
  }
}

// The constraints alone would do, but of many who want one slot at once each pair waits for the other until PostgreSQL's
// deadlock check, a second later, ends one of them. So they take turns: practitioners first and ids in order, so that nobody
// waits in a circle.
const turns = (rows: string) => `
  select pg_advisory_xact_lock(kind, key) from (
    select 1 as kind, hashtext("practitionerId"::text) as key from ${rows}
    union select 2, hashtext("patientId"::text) from ${rows} order by kind, key) as turns`;

const storeAndTell = `
  with wanted as materialized (
    select * from jsonb_to_recordset(?::jsonb) as row (id uuid, status text, "patientId" uuid, "practitionerId" uuid,
      "appointmentTypeId" uuid, "placeId" uuid, zone text, "start" timestamptz, "end" timestamptz, reason text,
      "createdAt" timestamptz, "createdBy" text, event_id uuid, topic text, partition_key text, event jsonb)
  ), turns as materialized (${turns('wanted')}
  ), stored as (
    insert into appointment (id, status, patient_id, practitioner_id, appointment_type_id, place_id, zone, "start", "end",
      reason, created_at, created_by)
    select id, status, "patientId", "practitionerId", "appointmentTypeId", "placeId", zone, "start", "end", reason,
      "createdAt", "createdBy"
    from wanted, (select count(*) from turns) as taken
    on conflict do nothing returning id
  ), told as (
    insert into outbox (event_id, topic, partition_key, event)
    select event_id, topic, partition_key, event from wanted join stored using (id)
  )
  select id from stored`;

const takeTurns = (tx: EntityManager, { practitionerId, patientId }: Appointment): Promise<unknown> =>
  tx.execute(turns('(select ?::uuid as "practitionerId", ?::uuid as "patientId") as row'), [
    practitionerId,
    patientId,
    practitionerId,
    patientId,
  ]);

const exclusionViolation = '23P01';
const deadlockDetected = '40P01';

function toQuery(filter: AppointmentFilter, after?: { start: Date; id: string }): FilterQuery<AppointmentRow> {
  const conditions: FilterQuery<AppointmentRow>[] = [];
  if (filter.patientId) conditions.push({ patientId: filter.patientId });
  if (filter.practitionerId) conditions.push({ practitionerId: filter.practitionerId });
  if (filter.statuses) conditions.push({ status: { $in: filter.statuses } });
  if (filter.from) conditions.push({ end: { $gt: filter.from } });
  if (filter.to) conditions.push({ start: { $lt: filter.to } });
  if (after) {
    conditions.push({ $or: [{ start: { $gt: after.start } }, { start: after.start, id: { $gt: after.id } }] });
  }
  return { $and: conditions };
}

const toAppointment = ({ reason, cancellation, ...row }: AppointmentRow): Appointment => ({
  ...row,
  reason: reason ?? undefined,
  cancellation: cancellation ? { ...cancellation, at: new Date(cancellation.at) } : undefined,
});
