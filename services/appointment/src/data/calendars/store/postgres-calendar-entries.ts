import { newId } from '@cabinet/kit/ids';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Appointment } from '../../../domain/booking/appointment.js';
import type { CalendarAccess } from '../../../domain/calendars/calendar.js';
import type { CalendarFailureCode } from '../../../domain/calendars/failures.js';
import type { CalendarEntries, EntryClaim } from '../../../domain/calendars/ports.js';
import { arrayOf, blocksTime } from '../../fragments.js';
import type { Seal } from '../../sealed.js';
import { claimMs, rowsOf, toCalendar } from './calendar-rows.js';

export class PostgresCalendarEntries implements CalendarEntries {
  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
    private readonly readAppointment: (id: string) => Promise<Appointment | undefined>,
  ) {}

  async claim(now: Date, max: number): Promise<EntryClaim[]> {
    const claim = newId();
    const em = this.orm.em.fork();
    const claimed = await em.execute<EntryRow[]>(
      `update calendar_entry set claim = ?, claimed_until = ? where (calendar_id, appointment_id) in (
         select calendar_id, appointment_id from calendar_entry
         where written_version is distinct from wanted_version and next_try_at <= ?
           and (claimed_until is null or claimed_until < ?)
         order by next_try_at limit ? for update skip locked)
       returning calendar_id, appointment_id, etag, tries, anew`,
      [claim, new Date(now.getTime() + claimMs), now, now, max],
    );
    if (claimed.length === 0) return [];
    const ids = [...new Set(claimed.map((row) => row.calendar_id))];
    const calendars = new Map(
      (await rowsOf(this.orm, 'where id = any(?::uuid[])', [arrayOf(ids)])).map((row) => [row.id, row]),
    );
    const claims = await Promise.all(
      claimed.map(async (row) => {
        const calendar = calendars.get(row.calendar_id);
        const appointment = await this.readAppointment(row.appointment_id);
        if (!calendar || !appointment) return [];
        const access = this.seal.open<CalendarAccess>(calendar.id, calendar.access);
        const { tries, etag, anew } = row;
        return [{ claim, calendar: toCalendar(calendar), access, appointment, etag: etag ?? undefined, tries, anew }];
      }),
    );
    return claims.flat();
  }

  async storeWritten(entry: EntryClaim, etag: string | undefined): Promise<void> {
    const { claim, calendar, appointment, anew } = entry;
    await this.orm.em.fork().execute(
      `update calendar_entry set claim = null, claimed_until = null, etag = ?, tries = 0, failure = null,
         written_version = case when anew = ? then ?::integer end
       where calendar_id = ? and appointment_id = ? and claim = ?`,
      [etag ?? null, anew, appointment.version, calendar.id, appointment.id, claim],
    );
  }

  async storeUnwritten(entry: EntryClaim, code: CalendarFailureCode, at: Date, nextTryAt: Date): Promise<void> {
    const { claim, calendar, appointment } = entry;
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `update calendar_entry set claim = null, claimed_until = null, tries = tries + 1, failure = ?, next_try_at = ?
         where calendar_id = ? and appointment_id = ? and claim = ?`,
        [code, nextTryAt, calendar.id, appointment.id, claim],
      );
      await tx.execute(
        `update calendar set failure = ?, failing_since = coalesce(failing_since, ?) where id = ? and failure is null`,
        [code, at, calendar.id],
      );
    });
  }

  async release(claim: string): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute('update calendar_entry set claim = null, claimed_until = null where claim = ?', [claim]);
  }
}

/** Has all that is ahead written to a calendar. */
export const noteAllAhead = (tx: EntityManager, calendarId: string, now: Date): Promise<unknown> =>
  tx.execute(
    `insert into calendar_entry (calendar_id, appointment_id, wanted_version)
     select c.id, a.id, a.version from calendar c join appointment a using (practitioner_id)
     where c.id = ? and a."end" > ? and a.${blocksTime} and a.held_until is null
     on conflict do nothing`,
    [calendarId, now],
  );

// A writing that is on its way has what was to be said before: it counts no more when it ends.
const writeAgain = `
  update calendar_entry set written_version = null, anew = anew + 1, tries = 0, next_try_at = '-infinity'
  where calendar_id = ?`;

export const writeAllAgain = (tx: EntityManager, calendarId: string): Promise<unknown> =>
  tx.execute(writeAgain, [calendarId]);

interface EntryRow {
  calendar_id: string;
  appointment_id: string;
  etag: string | null;
  tries: number;
  anew: number;
}
