import { staleVersion } from '@cabinet/kit/http/etag';
import { newId } from '@cabinet/kit/ids';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import {
  type Calendar,
  type CalendarAccess,
  type CalendarSettings,
  readersEndedMax,
} from '../../../domain/calendars/calendar.js';
import type { CalendarFailureCode } from '../../../domain/calendars/failures.js';
import type {
  CalendarReading,
  Calendars,
  CheckedAccess,
  ReadTimes,
  SyncClaim,
} from '../../../domain/calendars/ports.js';
import type { Seal } from '../../sealed.js';
import { claimMs, rowsOf, toCalendar } from './calendar-rows.js';
import { noteAllAhead, writeAllAgain } from './postgres-calendar-entries.js';

export class PostgresCalendars implements Calendars {
  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
  ) {}

  async list(practitionerId: string): Promise<Calendar[]> {
    const rows = await rowsOf(this.orm, 'where practitioner_id = ? order by name, id', [practitionerId]);
    return rows.map(toCalendar);
  }

  async find(id: string): Promise<Calendar | undefined> {
    const [row] = await rowsOf(this.orm, 'where id = ?', [id]);
    return row && toCalendar(row);
  }

  async add(calendar: Calendar, access: CalendarAccess): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `insert into calendar (id, version, practitioner_id, kind, name, zone, policy, writes, shows_patients, host, access,
           next_sync_at, created_at, created_by)
         values (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          calendar.id,
          calendar.practitionerId,
          calendar.kind,
          calendar.name,
          calendar.zone,
          calendar.policy,
          calendar.writes,
          calendar.showsPatients,
          calendar.host,
          this.seal.close(calendar.id, access),
          calendar.nextSyncAt,
          calendar.createdAt,
          calendar.createdBy,
        ],
      );
      if (calendar.writes) await noteAllAhead(tx, calendar.id, calendar.createdAt);
    });
  }

  async change({ id, version, ...calendar }: Calendar, settings: CalendarSettings, now: Date): Promise<Calendar> {
    const { name, zone, policy, writes, showsPatients } = settings;
    await this.orm.em.fork().transactional(async (tx) => {
      // Whole days lie elsewhere in another zone, so all is read again.
      const changed = await tx.execute(
        `update calendar set version = version + 1, name = ?, policy = ?, writes = ?, shows_patients = ?,
           bookmark = case when zone = ? then bookmark end,
           next_sync_at = case when zone = ? then next_sync_at else to_timestamp(0) end, zone = ?
         where id = ? and version = ? returning id`,
        [name, policy, writes, showsPatients, zone, zone, zone, id, version],
      );
      if (changed.length === 0) throw staleVersion();
      if (!writes) await tx.execute('delete from calendar_entry where calendar_id = ?', [id]);
      else if (!calendar.writes) await noteAllAhead(tx, id, now);
      else if (calendar.showsPatients !== showsPatients) await writeAllAgain(tx, id);
    });
    return { ...calendar, ...settings, id, version: version + 1 };
  }

  async giveAccess(id: string, { access, host }: CheckedAccess, nextSyncAt: Date): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `update calendar set access = ?, host = ?, bookmark = null, failure = null, failing_since = null, failures = 0,
           readers_ended = 0, being_read = false,
           claim = null, claimed_until = null, next_sync_at = ?, version = version + 1 where id = ?`,
        [this.seal.close(id, access), host, nextSyncAt, id],
      );
      await tx.execute(
        `update calendar_entry set etag = null, tries = 0, next_try_at = '-infinity', written_version = null
         where calendar_id = ?`,
        [id],
      );
    });
  }

  async remove(id: string): Promise<void> {
    await this.orm.em.fork().transactional((tx) => tx.execute('delete from calendar where id = ?', [id]));
  }

  async removeAllOf(practitionerId: string, connectedUntil?: Date): Promise<void> {
    await this.orm.em
      .fork()
      .execute(
        `delete from calendar where practitioner_id = ? and created_at <= coalesce(?::timestamptz, 'infinity')`,
        [practitionerId, connectedUntil ?? null],
      );
  }

  async sealAnew(): Promise<void> {
    if (!this.seal.hasOlder) return;
    for (const { id, access } of await rowsOf(this.orm, '', [])) {
      const anew = this.seal.anew(id, access);
      // Whoever has given another meanwhile has sealed that.
      if (anew) {
        await this.orm.em
          .fork()
          .execute('update calendar set access = ? where id = ? and access = ?', [anew, id, access]);
      }
    }
  }

  async claimDue(now: Date, max: number): Promise<SyncClaim[]> {
    // Who left the mark of reading and its claim is gone, and may be so by what it read.
    await this.orm.em.fork().execute(
      `update calendar set being_read = false, readers_ended = readers_ended + 1, failure = 'CALENDAR.READER_ENDED',
         failing_since = coalesce(failing_since, ?) where being_read and claimed_until < ?`,
      [now, now],
    );
    return this.claimWhere('next_sync_at <= ? and readers_ended < ?', [now, readersEndedMax], now, max);
  }

  async claim(id: string, now: Date): Promise<SyncClaim | undefined> {
    return (await this.claimWhere('id = ?', [id], now, 1))[0];
  }

  private async claimWhere(condition: string, values: unknown[], now: Date, max: number): Promise<SyncClaim[]> {
    const claim = newId();
    const rows = await this.orm.em.fork().execute<{ id: string }[]>(
      `update calendar set claim = ?, claimed_until = ? where id in (
         select id from calendar where ${condition} and (claimed_until is null or claimed_until < ?)
         order by next_sync_at limit ? for update skip locked)
       returning id`,
      [claim, new Date(now.getTime() + claimMs), ...values, now, max],
    );
    if (rows.length === 0) return [];
    const claimed = await rowsOf(this.orm, 'where claim = ?', [claim]);
    return claimed.map((row) => ({
      claim,
      calendar: toCalendar(row),
      access: this.seal.open(row.id, row.access),
      bookmark: row.bookmark ?? undefined,
    }));
  }

  async hurry(calendarId: string): Promise<void> {
    await this.orm.em.fork().execute('update calendar set next_sync_at = to_timestamp(0) where id = ?', [calendarId]);
  }

  async release(claim: string): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute('update calendar set claim = null, claimed_until = null, being_read = false where claim = ?', [
      claim,
    ]);
  }

  async noteBegun({ claim }: SyncClaim): Promise<void> {
    await this.orm.em.fork().execute('update calendar set being_read = true where claim = ?', [claim]);
  }

  async knownTags(calendarId: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.orm.em
      .fork()
      .execute<{ resource: string; etag: string | null }[]>(
        'select resource, etag from calendar_resource where calendar_id = ?',
        [calendarId],
      );
    return new Map(rows.map(({ resource, etag }) => [resource, etag ?? '']));
  }

  async storeReading(
    { claim, calendar }: SyncClaim,
    reading: CalendarReading | undefined,
    read: ReadTimes,
  ): Promise<boolean> {
    return this.orm.em.fork().transactional(async (tx) => {
      const known = await tx.execute(
        `update calendar set claim = null, claimed_until = null, failure = null, failing_since = null, failures = 0,
           readers_ended = 0, being_read = false,
           synced_at = ?, next_sync_at = ? where id = ? and claim = ? returning id`,
        [read.at, read.nextSyncAt, calendar.id, claim],
      );
      if (known.length === 0) return false;
      if (reading) await replaceTimes(tx, calendar, reading, read.knownUntil);
      // Whoever lets us read again may let us write again.
      await tx.execute(
        `update calendar_entry set next_try_at = '-infinity' where calendar_id = ? and failure is not null`,
        [calendar.id],
      );
      return true;
    });
  }

  async storeFailure(
    { claim, calendar }: SyncClaim,
    code: CalendarFailureCode,
    at: Date,
    nextSyncAt: Date,
  ): Promise<void> {
    await this.orm.em.fork().execute(
      `update calendar set claim = null, claimed_until = null, failure = ?, failures = failures + 1,
         failing_since = coalesce(failing_since, ?), next_sync_at = ?, being_read = false,
         readers_ended = case when ? then readers_ended + 1 when being_read then 0 else readers_ended end
       where id = ? and claim = ?`,
      [code, at, nextSyncAt, code === 'CALENDAR.READER_ENDED', calendar.id, claim],
    );
  }
}

async function replaceTimes(
  tx: EntityManager,
  calendar: Calendar,
  reading: CalendarReading,
  until: Date,
): Promise<void> {
  const { changed, removed, isComplete, bookmark } = reading;
  const gone = [...removed, ...changed.map(({ resource }) => resource)];
  await tx.execute('update calendar set bookmark = ?::jsonb, known_until = ? where id = ?', [
    JSON.stringify(bookmark),
    until,
    calendar.id,
  ]);
  await tx.execute(
    `delete from calendar_resource where calendar_id = ?
       and (? or resource in (select jsonb_array_elements_text(?::jsonb)))`,
    [calendar.id, isComplete, JSON.stringify(gone)],
  );
  await tx.execute(
    `insert into calendar_resource (calendar_id, resource, etag, problems)
     select ?, resource, etag, problems from jsonb_to_recordset(?::jsonb) as row (resource text, etag text, problems jsonb)`,
    [calendar.id, JSON.stringify(changed.map(({ resource, etag, problems }) => ({ resource, etag, problems })))],
  );
  const busy = changed.flatMap(({ resource, busy: times }) =>
    times.map(({ start, end, appointmentId }) => ({
      resource,
      start: new Date(start),
      end: new Date(end),
      appointmentId,
    })),
  );
  await tx.execute(
    `insert into calendar_busy (calendar_id, resource, during)
     select ?::uuid, resource, tstzrange("start", "end", '[)')
     from jsonb_to_recordset(?::jsonb) as row (resource text, "start" timestamptz, "end" timestamptz, "appointmentId" uuid)
     where "start" < "end" and not exists
       (select from appointment where id = "appointmentId" and practitioner_id = ?::uuid)`,
    [calendar.id, JSON.stringify(busy), calendar.practitionerId],
  );
}
