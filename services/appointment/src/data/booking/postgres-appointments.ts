import { staleVersion } from '@cabinet/kit/http/etag';
import { newId } from '@cabinet/kit/ids';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { Prepared } from '@cabinet/postgres/prepared';
import { changeAtHand } from '@cabinet/service/audit/change-notes';
import { Batches } from '@cabinet/service/batches';
import { type FilterQuery, raw } from '@mikro-orm/core';
import type { Appointment, Happening } from '../../domain/booking/appointment.js';
import type {
  AppointmentFilter,
  Appointments,
  Change,
  Hold,
  Overlap,
  PatientTime,
  ScheduleReason,
  Seen,
} from '../../domain/booking/ports.js';
import type { GoneAs } from '../../domain/refusal.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { Interval } from '../../domain/time/intervals.js';
import { daysAfter } from '../../domain/time/time.js';
import { arrayOf, blocksTime, blocksTimeAt, ms } from '../fragments.js';
import { type GoneRow, goneOfAll, toGoneAs } from '../gone/gone-as.js';
import { saveSchedule } from '../schedule/postgres-schedules.js';
import { type AppointmentRow, AppointmentSchema, present, toAppointment } from './appointment.schema.js';
import { emptied } from './appointment-columns.js';
import type { AppointmentCommits } from './appointment-commits.js';
import type { AppointmentEvents } from './appointment-events.js';
import {
  lockAgenda,
  lockParties,
  NotAllStored,
  type NotedRow,
  orOverlap,
  rowsAndNotes,
  storeAndTell,
  storeWithin,
  toNotedRow,
  toStoredRow,
} from './store-and-tell.js';
import { storeChanges } from './store-changes.js';

export class PostgresAppointments implements Appointments {
  /** Who books while another booking is being stored shares the next transaction with all who do. */
  private readonly additions = new Batches(async (rows: NotedRow[]) => {
    const stored = await this.storeRows(rows);
    return rows.map(({ row: { id } }): 'stored' | Overlap => (stored.has(id) ? 'stored' : 'overlap'));
  });

  /** All who lose a slot at the same time ask for it. */
  private readonly releases = new Batches(async (times: Date[]) => {
    const count = await this.releaseBy(times.reduce((latest, time) => (time > latest ? time : latest)));
    return times.map(() => count);
  });

  private readonly gone = new Batches(async (patientIds: string[]) => {
    const rows = await this.goneRows.run([arrayOf([...new Set(patientIds)])]);
    const known = new Map(rows.map((row) => [row.asked, toGoneAs(row)]));
    return patientIds.map((id) => known.get(id));
  });

  private readonly storing: Prepared<{ id: string }>;
  private readonly goneRows: Prepared<GoneRow>;

  constructor(
    private readonly orm: Orm,
    private readonly events: AppointmentEvents,
    private readonly commits: AppointmentCommits,
  ) {
    this.storing = new Prepared(orm, 'store-and-tell', storeAndTell);
    this.goneRows = new Prepared(orm, 'patients-gone', goneOfAll);
  }

  async find(id: string): Promise<Appointment | undefined> {
    const row = await this.orm.em.fork().findOne(AppointmentSchema, { id });
    return row ? toAppointment(row) : undefined;
  }

  async list(filter: AppointmentFilter, limit: number, after?: [start: number, id: string]): Promise<Appointment[]> {
    const em = this.orm.em.fork();
    // By the id of one who was merged, the appointments of the one they turned out to be.
    const patientId = filter.patientId && ((await currentPatientId(em, filter.patientId)) ?? filter.patientId);
    const exceptKeptOf = exceptKeptOfNow(filter, patientId);
    const rows = await em.find(AppointmentSchema, toQuery({ ...filter, patientId, exceptKeptOf }, after), {
      orderBy: { start: 'asc', id: 'asc' },
      limit: limit + 1,
    });
    return rows.map(toAppointment);
  }

  add(appointment: Appointment, judge?: (holds: Hold[]) => void): Promise<'stored' | Overlap> {
    if (appointment.overbooking || judge) return this.addAlone(appointment, judge);
    // What goes with it is of this request, not of the one that stores it together with others.
    return this.additions.add(toNotedRow(appointment, this.events, changeAtHand()));
  }

  private addAlone(appointment: Appointment, judge?: (holds: Hold[]) => void): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        await lockParties(tx, appointment);
        judge?.(await holdsOf(tx, appointment));
        const session = appointment.overbooking ? await joinOverlapping(tx, appointment) : appointment.session;
        const stored = await storeWithin(tx, [toStoredRow({ ...appointment, session }, this.events)]);
        // It overlaps with another of its patient: nobody is in two places.
        if (stored.length === 0) throw new NotAllStored();
      });
      this.commits.committed();
    });
  }

  save(appointment: Appointment, happening?: Happening): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        if (happening === 'moved') await lockParties(tx, appointment);
        const session =
          happening === 'moved' && appointment.overbooking
            ? await joinOverlapping(tx, appointment)
            : appointment.session;
        const { id, version, patientId, ...changes } = { ...appointment, session };
        const stored = await tx.findOne(AppointmentSchema, { id, version });
        if (!stored) throw staleVersion();
        tx.assign(stored, { ...emptied, ...present(changes) });
        await tx.flush();
        if (happening) await this.events.enqueue(tx, { ...appointment, version: stored.version }, happening);
        await noteStored(tx);
      });
      this.commits.freed();
    });
  }

  saveAll(changes: Change[], reason?: ScheduleReason): Promise<'stored' | Overlap> {
    return orOverlap(async () => {
      await this.orm.em.fork().transactional(async (tx) => {
        if (reason) {
          await lockAgenda(tx, reason.schedule.practitionerId);
          if (await hasMore(tx, reason.schedule, reason.seen)) throw new NotAllStored();
        }
        if (changes.length > 0) await storeChanges(tx, changes, this.events);
        // After the changes, which were decided by what it says until now.
        if (reason) await saveSchedule(tx, reason.schedule, reason.by);
        await noteStored(tx);
      });
      this.commits.freed();
    });
  }

  addAll(appointments: Appointment[]): Promise<Set<string>> {
    const note = changeAtHand();
    return this.storeRows(appointments.map((appointment) => toNotedRow(appointment, this.events, note)));
  }

  private async storeRows(rows: NotedRow[]): Promise<Set<string>> {
    // One statement is one transaction in one round trip.
    const stored = await this.storing.run(rowsAndNotes(rows));
    this.commits.committed();
    return new Set(stored.map(({ id }) => id));
  }

  async alreadyBooked(appointments: Appointment[]): Promise<Set<string>> {
    const rows = await this.orm.em.fork().execute<{ id: string }[]>(
      `select row.id from jsonb_to_recordset(?::jsonb)
         as row (id uuid, "patientId" uuid, "practitionerId" uuid, "start" timestamptz)
       where exists (select from appointment a where a.practitioner_id = row."practitionerId" and a."start" = row."start"
         and a.patient_id = row."patientId" and a.${blocksTime})`,
      [JSON.stringify(appointments)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  goneAs(patientId: string): Promise<GoneAs | undefined> {
    return this.gone.add(patientId.toLowerCase());
  }

  async takenOf(patientIds: string[], range: Interval, now: Date): Promise<Map<string, PatientTime[]>> {
    const rows = await this.orm.em.fork().execute<(PatientTime & { patientId: string })[]>(
      `select patient_id as "patientId", id as "appointmentId", kept_from_guardians as "keptFromGuardians",
         ${ms('"start"')} as start, ${ms('"end"')} as end
       from appointment where patient_id = any(?::uuid[]) and during && tstzrange(?, ?) and ${blocksTimeAt}`,
      [arrayOf(patientIds), new Date(range.start), new Date(range.end), now],
    );
    return Map.groupBy(rows, ({ patientId }) => patientId);
  }

  releaseExpired(now: Date): Promise<number> {
    return this.releases.add(now);
  }

  private async releaseBy(now: Date): Promise<number> {
    const cancellation = { reason: 'The hold expired', at: now, by: this.events.name };
    const released = await this.orm.em.fork().execute(
      `update appointment set status = 'cancelled', version = version + 1, cancellation = ?::jsonb
       where status = 'pending' and held_until <= ? returning id`,
      [JSON.stringify(cancellation), now],
    );
    return released.length;
  }

  async care(
    patientId: string,
    practitionerId: string,
    { since, until }: { since: Date; until?: Date },
  ): Promise<'none' | 'kept' | 'care'> {
    const [found] = await this.orm.em.fork().execute<{ kept: boolean | null }[]>(
      `select bool_and(kept_from_guardians) as kept from appointment where patient_id = ? and practitioner_id = ? and "start" > ?
         and "start" < ? and status in ('booked', 'arrived', 'fulfilled')
         and booked_as <> 'practitioner' and (booked_as <> 'unknown' or status <> 'booked')`,
      [patientId, practitionerId, since, until ?? endOfTime],
    );
    // Null: there is none.
    if (typeof found?.kept !== 'boolean') return 'none';
    return found.kept ? 'kept' : 'care';
  }
}

async function hasMore(tx: EntityManager, { practitionerId }: Schedule, seen: Seen): Promise<boolean> {
  const [first] = await tx.execute(
    `select from appointment where practitioner_id = ? and status = any(?) and during && tstzrange(?, ?)
       and id <> all(?::uuid[]) limit 1`,
    [
      practitionerId,
      arrayOf(seen.statuses),
      new Date(seen.range.start),
      new Date(seen.range.end),
      arrayOf(seen.appointmentIds),
    ],
  );
  return first !== undefined;
}

const endOfTime = new Date(Date.UTC(2300, 0));

/** Other holds of its patient that stand when it is made, other than offers, the first to end in front. */
async function holdsOf(tx: EntityManager, { patientId, createdAt }: Appointment): Promise<Hold[]> {
  const rows = await tx.execute<{ end: number; keptFromGuardians: boolean }[]>(
    `select ${ms('held_until')} as end, kept_from_guardians as "keptFromGuardians" from appointment a where patient_id = ? and status = 'pending' and held_until > ?
       and not exists (select from waiting_offer where appointment_id = a.id) order by held_until`,
    [patientId, createdAt],
  );
  return rows.map(({ end, keptFromGuardians }) => ({ endsAt: new Date(end), keptFromGuardians }));
}

const noSession = '00000000-0000-0000-0000-000000000000';

/**
 * Makes one session of all that the forced appointment overlaps at its practitioner, so that they may overlap with it, and
 * everybody else with none of them.
 * @returns the session, that of a group visit if one is among them
 */
async function joinOverlapping(tx: EntityManager, { id, practitionerId, start, end }: Appointment): Promise<string> {
  const overlapping = await tx.execute<{ id: string; session_key: string; seat: number | null }[]>(
    `select id, session_key, seat from appointment
     where practitioner_id = ? and busy && tstzrange(?, ?) and ${blocksTime} and id <> ?`,
    [practitionerId, start, end, id],
  );
  const session = overlapping.find(({ seat }) => seat !== null)?.session_key ?? newId();
  const others = overlapping.filter(({ session_key }) => session_key !== session).map((each) => each.id);
  if (others.length === 0) return session;
  const ids = arrayOf(others);
  // In two steps: on their way from one session to another they overlap with one another, which is checked row by row.
  await tx.execute('update appointment set session = ?, seat = null where id = any(?::uuid[])', [noSession, ids]);
  await tx.execute('update appointment set session = ?, version = version + 1 where id = any(?::uuid[])', [
    session,
    ids,
  ]);
  return session;
}

/** Of a patient who was merged, also what is kept by the one they turned out to be. */
export const exceptKeptOfNow = (
  { patientId, exceptKeptOf }: Pick<AppointmentFilter, 'patientId' | 'exceptKeptOf'>,
  current: string | undefined,
): readonly string[] | undefined =>
  current && patientId && exceptKeptOf?.includes(patientId) ? [...exceptKeptOf, current] : exceptKeptOf;

// Each by the clock of its own place; the bound beside it, that of the zone that is first or last, is what the index knows.
const sinceDay = (date: string): FilterQuery<AppointmentRow>[] => [
  { end: { $gt: new Date(`${date}T00:00:00+14:00`) } },
  { [raw('"end" at time zone zone')]: { $gt: date } },
];
const untilDay = (date: string): FilterQuery<AppointmentRow>[] => [
  { start: { $lt: new Date(`${daysAfter(date, 1)}T00:00:00-12:00`) } },
  { [raw('"start" at time zone zone')]: { $lt: daysAfter(date, 1) } },
];

function toQuery(filter: AppointmentFilter, after?: [start: number, id: string]): FilterQuery<AppointmentRow> {
  // A time that was kept for a while and let go never was an appointment: nobody looks for it.
  const conditions: FilterQuery<AppointmentRow>[] = [{ $or: [{ status: { $ne: 'cancelled' } }, { heldUntil: null }] }];
  if (filter.patientId) conditions.push({ patientId: filter.patientId });
  if (filter.practitionerId) conditions.push({ practitionerId: filter.practitionerId });
  if (filter.practitionerIds) conditions.push({ practitionerId: { $in: [...filter.practitionerIds] } });
  if (filter.exceptKeptOf) {
    conditions.push({ $or: [{ keptFromGuardians: false }, { patientId: { $nin: [...filter.exceptKeptOf] } }] });
  }
  if (filter.seriesId) conditions.push({ seriesId: filter.seriesId });
  if (filter.statuses) conditions.push({ status: { $in: filter.statuses } });
  if (filter.from instanceof Date) conditions.push({ end: { $gt: filter.from } });
  else if (filter.from) conditions.push(...sinceDay(filter.from));
  if (filter.to instanceof Date) conditions.push({ start: { $lt: filter.to } });
  else if (filter.to) conditions.push(...untilDay(filter.to));
  if (after) {
    const [start, id] = [new Date(after[0]), after[1]];
    conditions.push({ $or: [{ start: { $gt: start } }, { start, id: { $gt: id } }] });
  }
  return { $and: conditions };
}
