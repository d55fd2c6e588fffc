import { Batches, newId, staleVersion } from '@cabinet/kit';
import { type EntityManager, type Fact, type Orm, sqlState, tell, toOutboxRow } from '@cabinet/kit/postgres';
import { type FilterQuery, OptimisticLockError } from '@mikro-orm/core';
import type { Appointment, Happening } from '../domain/appointment.js';
import type { Taken } from '../domain/availability.js';
import type { Interval } from '../domain/intervals.js';
import type { AppointmentFilter, AppointmentRepository, Overlap, PatientTime, ResourceUse } from '../domain/ports.js';
import { type AppointmentRow, AppointmentSchema } from './appointment.schema.js';

export interface Telling {
  /** The process that tells. */
  source: string;
  toFact(appointment: Appointment, happening: Happening): Fact;
  /** Called after a commit that told something. @param hasFreed true when it may have freed time that somebody waits for */
  told(hasFreed?: boolean): void;
}

interface Look {
  practitionerId: string;
  range: Interval;
  now: Date;
}

export class PostgresAppointments implements AppointmentRepository {
  /** Who books while another booking is being stored shares the next transaction with all who do. */
  private readonly additions = new Batches(async (appointments: Appointment[]) => {
    const stored = await this.addAll(appointments);
    return appointments.map(({ id }): 'stored' | Overlap => (stored.has(id) ? 'stored' : 'overlap'));
  });

  /** All who lose a slot at the same time ask for it. */
  private readonly releases = new Batches(async (times: Date[]) => {
    const count = await this.releaseBy(times.reduce((latest, time) => (time > latest ? time : latest)));
    return times.map(() => count);
  });

  /** Who loses a slot looks at the agenda, as do all others who lost one of it: they look together. */
  private readonly looks = new Batches(async (looks: Look[]) => {
    const taken = await this.lookAtAll(looks);
    return looks.map(({ practitionerId }) => taken.get(practitionerId) ?? []);
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
    return appointment.overbooking ? this.force(appointment) : this.additions.add(appointment);
  }

  private force(appointment: Appointment): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        await takeTurns(tx, appointment);
        const session = await joinOverlapping(tx, appointment);
        const stored = await tx.execute(storeAndTell, [
          JSON.stringify([toStoredRow({ ...appointment, session }, this.telling)]),
        ]);
        // It overlaps with another of its patient: nobody is in two places.
        if (stored.length === 0) throw new NotAllStored();
      });
      this.telling.told();
    });
  }

  save(appointment: Appointment, happening?: Happening): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        if (happening === 'moved') await takeTurns(tx, appointment);
        const session =
          happening === 'moved' && appointment.overbooking
            ? await joinOverlapping(tx, appointment)
            : appointment.session;
        const { id, version, ...changes } = { ...appointment, session };
        const stored = await tx.findOne(AppointmentSchema, { id, version });
        if (!stored) throw staleVersion();
        tx.assign(stored, { ...emptied, ...present(changes) });
        await tx.flush();
        const { toFact, source } = this.telling;
        if (happening) await tell(tx, source, toFact({ ...appointment, version: stored.version }, happening));
      });
      this.telling.told(true);
    });
  }

  async addAll(appointments: Appointment[]): Promise<Set<string>> {
    const rows = appointments.map((appointment) => toStoredRow(appointment, this.telling));
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

  async taken(practitionerIds: string[], range: Interval, now: Date): Promise<Map<string, Taken[]>> {
    const looks = practitionerIds.map((practitionerId) => ({ practitionerId, range, now }));
    const [one] = looks;
    if (!one || looks.length > 1) return this.lookAtAll(looks);
    return new Map([[one.practitionerId, await this.looks.add(one)]]);
  }

  private async lookAtAll(looks: Look[]): Promise<Map<string, Taken[]>> {
    const ranges = new Map<string, Interval>();
    for (const { practitionerId, range } of looks) {
      const { start, end } = ranges.get(practitionerId) ?? range;
      ranges.set(practitionerId, { start: Math.min(start, range.start), end: Math.max(end, range.end) });
    }
    const asked = [...ranges].map(([id, { start, end }]) => ({ id, from: new Date(start), until: new Date(end) }));
    const rows = await this.orm.em.fork().execute<TakenRow[]>(
      `select practitioner_id, a.id, appointment_type_id, place_id, session_key, seat, day_place,
         ${ms('"start"')} as visit_start, ${ms('"end"')} as visit_end, ${ms('lower(busy)')} as start, ${ms('upper(busy)')} as end
       from jsonb_to_recordset(?::jsonb) as asked (id uuid, "from" timestamptz, until timestamptz)
       join appointment a on practitioner_id = asked.id and busy && tstzrange("from", until) and ${standing}`,
      [JSON.stringify(asked), new Date(Math.max(...looks.map(({ now }) => now.getTime())))],
    );
    const taken = new Map<string, Taken[]>(looks.map(({ practitionerId }) => [practitionerId, []]));
    for (const row of rows) taken.get(row.practitioner_id)?.push(toTaken(row));
    return taken;
  }

  async resourcesTaken(numbers: number[], range: Interval, now: Date): Promise<ResourceUse[]> {
    return this.orm.em.fork().execute<ResourceUse[]>(
      `select number, id as "appointmentId", session_key as session, ${ms('lower(busy)')} as start, ${ms('upper(busy)')} as end
       from appointment, unnest(resources) as number
       where resources && ?::int[] and busy && tstzrange(?, ?) and ${standing}`,
      [`{${numbers.join(',')}}`, new Date(range.start), new Date(range.end), now],
    );
  }

  async isPatientBusy(patientId: string, range: Interval, now: Date, exceptId?: string): Promise<boolean> {
    const rows = await this.orm.em.fork().execute(
      `select from appointment where patient_id = ? and during && tstzrange(?, ?) and ${standing}
         and id is distinct from ?::uuid limit 1`,
      [patientId, new Date(range.start), new Date(range.end), now, exceptId ?? null],
    );
    return rows.length > 0;
  }

  async takenOf(patientIds: string[], range: Interval, now: Date): Promise<Map<string, PatientTime[]>> {
    const rows = await this.orm.em.fork().execute<(PatientTime & { patientId: string })[]>(
      `select patient_id as "patientId", id as "appointmentId", ${ms('"start"')} as start, ${ms('"end"')} as end
       from appointment where patient_id = any(?::uuid[]) and during && tstzrange(?, ?) and ${standing}`,
      [`{${patientIds.join(',')}}`, new Date(range.start), new Date(range.end), now],
    );
    return Map.groupBy(rows, ({ patientId }) => patientId);
  }

  releaseExpired(now: Date): Promise<number> {
    return this.releases.add(now);
  }

  private async releaseBy(now: Date): Promise<number> {
    const cancellation = { reason: 'The hold expired', at: now, by: this.telling.source };
    const released = await this.orm.em.fork().execute(
      `update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
       where status = 'pending' and held_until <= ? returning id`,
      [JSON.stringify(cancellation), now],
    );
    return released.length;
  }

  async holdsOf(patientId: string, now: Date): Promise<Date[]> {
    const rows = await this.orm.em.fork().execute<{ end: number }[]>(
      `select ${ms('held_until')} as end from appointment a where patient_id = ? and status = 'pending' and held_until > ?
         and not exists (select from waiting_offer where appointment_id = a.id) order by held_until`,
      [patientId, now],
    );
    return rows.map(({ end }) => new Date(end));
  }

  async haveMet(patientId: string, practitionerId: string): Promise<boolean> {
    const count = await this.orm.em
      .fork()
      .count(AppointmentSchema, { patientId, practitionerId, status: { $in: ['booked', 'arrived', 'fulfilled'] } });
    return count > 0;
  }
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

const takeTurns = (tx: EntityManager, { practitionerId, patientId, resources }: Appointment): Promise<unknown> => {
  const row = `(select ?::uuid as "practitionerId", ?::uuid as "patientId", ?::int[] as resources) as row`;
  const values = [practitionerId, patientId, resources ? `{${resources.join(',')}}` : null];
  return tx.execute(turns(row), [...values, ...values, ...values]);
};

/** Statuses in which an appointment takes its time; as in the constraints, whose indexes answer what is taken. */
const occupying = `status in ('pending', 'booked', 'arrived', 'fulfilled')`;

/** Of these, all but the holds that have expired by the given time. */
const standing = `${occupying} and (held_until is null or held_until > ?)`;

/** The store left out what overlaps with something, of what belongs together. */
export class NotAllStored extends Error {}

const noSession = '00000000-0000-0000-0000-000000000000';

/**
 * Makes one session of all that the forced appointment overlaps at its practitioner, so that they may overlap with it, and
 * everybody else with none of them.
 * @returns the session, that of a group visit if one is among them
 */
async function joinOverlapping(tx: EntityManager, { id, practitionerId, start, end }: Appointment): Promise<string> {
  const overlapping = await tx.execute<{ id: string; session_key: string; seat: number | null }[]>(
    `select id, session_key, seat from appointment
     where practitioner_id = ? and busy && tstzrange(?, ?) and ${occupying} and id <> ?`,
    [practitionerId, start, end, id],
  );
  const session = overlapping.find(({ seat }) => seat !== null)?.session_key ?? newId();
  const others = overlapping.filter(({ session_key }) => session_key !== session).map((each) => each.id);
  if (others.length === 0) return session;
  const ids = `{${others.join(',')}}`;
  // In two steps: on their way from one session to another they overlap with one another, which is checked row by row.
  await tx.execute('update appointment set session = ?, seat = null where id = any(?::uuid[])', [noSession, ids]);
  await tx.execute('update appointment set session = ?, version = version + 1 where id = any(?::uuid[])', [
    session,
    ids,
  ]);
  return session;
}

const ms = (instant: string) => `(extract(epoch from ${instant}) * 1000)::float8`;

interface TakenRow {
  practitioner_id: string;
  id: string;
  appointment_type_id: string;
  place_id: string;
  session_key: string;
  seat: number | null;
  day_place: number | null;
  visit_start: number;
  visit_end: number;
  start: number;
  end: number;
}

const toTaken = (row: TakenRow): Taken => ({
  appointmentId: row.id,
  appointmentTypeId: row.appointment_type_id,
  placeId: row.place_id,
  session: row.session_key,
  seat: row.seat ?? undefined,
  dayPlace: row.day_place ?? undefined,
  visit: { start: row.visit_start, end: row.visit_end },
  start: row.start,
  end: row.end,
});

const exclusionViolation = '23P01';
const uniqueViolation = '23505';
const deadlockDetected = '40P01';

function toQuery(filter: AppointmentFilter, after?: { start: Date; id: string }): FilterQuery<AppointmentRow> {
  const conditions: FilterQuery<AppointmentRow>[] = [];
  if (filter.patientId) conditions.push({ patientId: filter.patientId });
  if (filter.practitionerId) conditions.push({ practitionerId: filter.practitionerId });
  if (filter.seriesId) conditions.push({ seriesId: filter.seriesId });
  if (filter.statuses) conditions.push({ status: { $in: filter.statuses } });
  if (filter.from) conditions.push({ end: { $gt: filter.from } });
  if (filter.to) conditions.push({ start: { $lt: filter.to } });
  if (after) {
    conditions.push({ $or: [{ start: { $gt: after.start } }, { start: after.start, id: { $gt: after.id } }] });
  }
  return { $and: conditions };
}

/** What an appointment may lack; a change that leaves one out clears it. */
const emptied = {
  busyFrom: null,
  busyUntil: null,
  session: null,
  seat: null,
  day: null,
  dayPlace: null,
  resources: null,
  heldUntil: null,
  overbooking: null,
  calendarCheck: null,
  reason: null,
  cancellation: null,
};

const present = <T extends object>(row: T): Partial<T> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null)) as Partial<T>;

export const toAppointment = (row: AppointmentRow): Appointment => {
  const { cancellation, ...rest } = row;
  return {
    ...(present(rest) as Appointment),
    cancellation: cancellation ? { ...cancellation, at: new Date(cancellation.at) } : undefined,
  };
};
