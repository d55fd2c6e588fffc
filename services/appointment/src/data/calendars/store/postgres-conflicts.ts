import type { Orm } from '@cabinet/postgres/orm';
import type { Appointment } from '../../../domain/booking/appointment.js';
import type { CalendarConflict, CalendarConflicts } from '../../../domain/calendars/ports.js';
import { blocksTime, ms } from '../../fragments.js';

export class PostgresConflicts implements CalendarConflicts {
  constructor(
    private readonly orm: Orm,
    private readonly readAppointment: (id: string) => Promise<Appointment | undefined>,
  ) {}

  async ahead(practitionerId: string, now: Date): Promise<CalendarConflict[]> {
    return this.orm.em.fork().execute<CalendarConflict[]>(
      `select c.id as "calendarId", a.id as "appointmentId", a.patient_id as "patientId", a.zone,
         a.kept_from_guardians as "keptFromGuardians",
         ${ms('a."start"')} as start, ${ms('a."end"')} as end,
         json_build_object('start', ${ms('lower(b.during)')}, 'end', ${ms('upper(b.during)')}) as busy
       from appointment a join calendar c on c.practitioner_id = a.practitioner_id
         join calendar_busy b on b.calendar_id = c.id and b.during && a.during
       where a.practitioner_id = ? and a."end" > ? and a.${blocksTime} and (a.held_until is null or a.held_until > ?)
       order by a."start", a.id, c.id limit 500`,
      [practitionerId, now, now],
    );
  }

  async awaiting(practitionerId: string): Promise<{ appointment: Appointment; isTaken: boolean }[]> {
    const rows = await this.orm.em.fork().execute<{ id: string; is_taken: boolean }[]>(
      `select id, exists (select from calendar c join calendar_busy b on b.calendar_id = c.id
         where c.practitioner_id = a.practitioner_id and b.during && a.busy) as is_taken
       from appointment a where practitioner_id = ? and calendar_check is not null and status in ('pending', 'booked')`,
      [practitionerId],
    );
    const found = await Promise.all(
      rows.map(async ({ id, is_taken }) => ({ appointment: await this.readAppointment(id), isTaken: is_taken })),
    );
    return found.flatMap(({ appointment, isTaken }) => (appointment ? [{ appointment, isTaken }] : []));
  }
}
