import { Batches, newId, staleVersion } from '@cabinet/kit';
import type { EntityManager, Orm } from '@cabinet/kit/postgres';
import type { Appointment } from '../../domain/appointment.js';
import {
  type Calendar,
  type CalendarAccess,
  type CalendarSettings,
  type Freshness,
  knownUntil,
  type ReadingProblem,
} from '../../domain/calendars/calendar.js';
import { type ExternalTime, nothingElsewhere } from '../../domain/calendars/external-time.js';
import type { CalendarFailureCode } from '../../domain/calendars/failures.js';
import type {
  Bookmark,
  CalendarConflict,
  CalendarReading,
  CalendarRepository,
  CheckedAccess,
  EntryClaim,
  KeptChannel,
  ReadTimes,
  SyncClaim,
} from '../../domain/calendars/ports.js';
import { type Interval, Occupied } from '../../domain/intervals.js';
import type { Seal } from '../sealed.js';

/** A claim lapses after it, so that another process goes on with what a dead one left. */
const claimMs = 5 * 60_000;

interface Look {
  practitionerId: string;
  range: Interval;
  now: Date;
}

export class PostgresCalendars implements CalendarRepository {
  /** Asked for at every booking and search, so plain rows, of all who ask at the same time. */
  private readonly looks = new Batches((looks: Look[]) => this.lookAtAll(looks));

  constructor(
    private readonly orm: Orm,
    private readonly seal: Seal,
    private readonly freshness: Freshness,
    private readonly readAppointment: (id: string) => Promise<Appointment | undefined>,
  ) {}

  async list(practitionerId: string): Promise<Calendar[]> {
    const rows = await this.rows('where practitioner_id = ? order by name, id', [practitionerId]);
    return rows.map(toCalendar);
  }

  async find(id: string): Promise<Calendar | undefined> {
    const [row] = await this.rows('where id = ?', [id]);
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

  async change({ id, version, ...calendar }: Calendar, settings: CalendarSettings): Promise<Calendar> {
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
      else if (!calendar.writes) await noteAllAhead(tx, id, new Date());
      else if (calendar.showsPatients !== showsPatients) await writeAllAgain(tx, id);
    });
    return { ...calendar, ...settings, id, version: version + 1 };
  }

  async giveAccess(id: string, { access, host }: CheckedAccess): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `update calendar set access = ?, host = ?, bookmark = null, failure = null, failing_since = null, failures = 0,
           next_sync_at = to_timestamp(0), version = version + 1 where id = ?`,
        [this.seal.close(id, access), host, id],
      );
      await tx.execute(
        `update calendar_entry set etag = null, tries = 0, next_try_at = '-infinity', written_version = null
         where calendar_id = ?`,
        [id],
      );
    });
  }

  async remove(id: string): Promise<void> {
    await this.orm.em.fork().execute('delete from calendar where id = ?', [id]);
  }

  async accessOf(id: string): Promise<CalendarAccess | undefined> {
    const [row] = await this.rows('where id = ?', [id]);
    return row && this.seal.open(id, row.access);
  }

  async claimDue(now: Date, max: number): Promise<SyncClaim[]> {
    return this.claimWhere('next_sync_at <= ?', [now], now, max);
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
    const claimed = await this.rows('where claim = ?', [claim]);
    return claimed.map((row) => ({
      claim,
      calendar: toCalendar(row),
      access: this.seal.open(row.id, row.access),
      bookmark: row.bookmark ?? undefined,
    }));
  }

  async release(claim: string): Promise<void> {
    const em = this.orm.em.fork();
    await em.execute('update calendar set claim = null, claimed_until = null where claim = ?', [claim]);
    await em.execute('update calendar_entry set claim = null, claimed_until = null where claim = ?', [claim]);
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
         failing_since = coalesce(failing_since, ?), next_sync_at = ? where id = ? and claim = ?`,
      [code, at, nextSyncAt, calendar.id, claim],
    );
  }

  async claimEntries(now: Date, max: number): Promise<EntryClaim[]> {
    const claim = newId();
    const em = this.orm.em.fork();
    const claimed = await em.execute<EntryRow[]>(
      `update calendar_entry set claim = ?, claimed_until = ? where (calendar_id, appointment_id) in (
         select calendar_id, appointment_id from calendar_entry
         where written_version is distinct from wanted_version and next_try_at <= ?
           and (claimed_until is null or claimed_until < ?)
         order by next_try_at limit ? for update skip locked)
       returning calendar_id, appointment_id, etag, tries`,
      [claim, new Date(now.getTime() + claimMs), now, now, max],
    );
    if (claimed.length === 0) return [];
    const ids = [...new Set(claimed.map((row) => row.calendar_id))];
    const calendars = new Map(
      (await this.rows('where id = any(?::uuid[])', [arrayOf(ids)])).map((row) => [row.id, row]),
    );
    const claims = await Promise.all(
      claimed.map(async (row) => {
        const calendar = calendars.get(row.calendar_id);
        const appointment = await this.readAppointment(row.appointment_id);
        if (!calendar || !appointment) return [];
        const access: CalendarAccess = this.seal.open(calendar.id, calendar.access);
        const { tries, etag } = row;
        return [{ claim, calendar: toCalendar(calendar), access, appointment, etag: etag ?? undefined, tries }];
      }),
    );
    return claims.flat();
  }

  async storeWritten({ claim, calendar, appointment }: EntryClaim, etag: string | undefined): Promise<void> {
    await this.orm.em.fork().execute(
      `update calendar_entry set claim = null, claimed_until = null, written_version = ?, etag = ?, tries = 0, failure = null
       where calendar_id = ? and appointment_id = ? and claim = ?`,
      [appointment.version, etag ?? null, calendar.id, appointment.id, claim],
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

  channel(id: string): Promise<KeptChannel | undefined> {
    return this.channelWhere('id::text = ?', id);
  }

  channelOf(calendarId: string): Promise<KeptChannel | undefined> {
    return this.channelWhere('calendar_id = ?', calendarId);
  }

  async keepChannel({ id, calendarId, tokenHash, expiresAt }: KeptChannel): Promise<void> {
    await this.orm.em.fork().execute(
      `insert into calendar_channel (id, calendar_id, token_hash, expires_at) values (?, ?, ?, ?)
       on conflict (calendar_id) do update
         set id = excluded.id, token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
      [id, calendarId, tokenHash, expiresAt],
    );
  }

  async hurry(calendarId: string): Promise<void> {
    await this.orm.em.fork().execute('update calendar set next_sync_at = to_timestamp(0) where id = ?', [calendarId]);
  }

  private async channelWhere(condition: string, value: string): Promise<KeptChannel | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<{ id: string; calendar_id: string; token_hash: string; expires_at: Date }[]>(
        `select id, calendar_id, token_hash, expires_at from calendar_channel where ${condition}`,
        [value],
      );
    if (!row) return undefined;
    const { id, calendar_id: calendarId, token_hash: tokenHash, expires_at } = row;
    return { id, calendarId, tokenHash, expiresAt: new Date(expires_at) };
  }

  externalTime(practitionerId: string, range: Interval, now: Date): Promise<ExternalTime> {
    return this.looks.add({ practitionerId, range, now });
  }

  private async lookAtAll(looks: Look[]): Promise<ExternalTime[]> {
    const ranges = new Map<string, Interval>();
    for (const { practitionerId, range } of looks) {
      const { start, end } = ranges.get(practitionerId) ?? range;
      ranges.set(practitionerId, { start: Math.min(start, range.start), end: Math.max(end, range.end) });
    }
    const asked = [...ranges].map(([id, { start, end }]) => ({ id, from: new Date(start), until: new Date(end) }));
    const rows = await this.orm.em.fork().execute<LookRow[]>(
      `select practitioner_id, policy, synced_at, known_until, failure, failing_since,
         array(select array[${ms('lower(during)')}, ${ms('upper(during)')}] from calendar_busy
           where calendar_id = calendar.id and during && tstzrange("from", until)) as busy
       from jsonb_to_recordset(?::jsonb) as asked (id uuid, "from" timestamptz, until timestamptz)
       join calendar on practitioner_id = asked.id`,
      [JSON.stringify(asked)],
    );
    if (rows.length === 0) return looks.map(() => nothingElsewhere);
    const calendars = Map.groupBy(rows, (row) => row.practitioner_id);
    return looks.map(({ practitionerId, now }) => {
      const its = calendars.get(practitionerId) ?? [];
      return {
        busy: new Occupied(its.flatMap(({ busy }) => busy.map(([start, end]) => ({ start, end })))),
        calendars: its.map((row) => ({ policy: row.policy, knownUntil: knownUntil(toRead(row), now, this.freshness) })),
      };
    });
  }

  async conflicts(practitionerId: string, now: Date): Promise<CalendarConflict[]> {
    return this.orm.em.fork().execute<CalendarConflict[]>(
      `select c.id as "calendarId", a.id as "appointmentId", a.patient_id as "patientId", a.zone,
         ${ms('a."start"')} as start, ${ms('a."end"')} as end,
         json_build_object('start', ${ms('lower(b.during)')}, 'end', ${ms('upper(b.during)')}) as busy
       from appointment a join calendar c on c.practitioner_id = a.practitioner_id
         join calendar_busy b on b.calendar_id = c.id and b.during && a.during
       where a.practitioner_id = ? and a."end" > ? and ${occupying} and (a.held_until is null or a.held_until > ?)
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

  private rows(rest: string, values: unknown[]): Promise<CalendarRow[]> {
    return this.orm.em.fork().execute<CalendarRow[]>(
      `select *, (select count(*)::int from calendar_entry
         where calendar_id = calendar.id and written_version is distinct from wanted_version) as unwritten,
         array(select problem from calendar_resource, jsonb_array_elements(problems) as problem
           where calendar_id = calendar.id) as problems
       from calendar ${rest}`,
      values,
    );
  }
}

const occupying = `a.status in ('pending', 'booked', 'arrived', 'fulfilled')`;

const noteAllAhead = (tx: EntityManager, calendarId: string, now: Date): Promise<unknown> =>
  tx.execute(
    `insert into calendar_entry (calendar_id, appointment_id, wanted_version)
     select c.id, a.id, a.version from calendar c join appointment a using (practitioner_id)
     where c.id = ? and a."end" > ? and ${occupying} and a.held_until is null
     on conflict do nothing`,
    [calendarId, now],
  );

const writeAllAgain = (tx: EntityManager, calendarId: string): Promise<unknown> =>
  tx.execute(`update calendar_entry set written_version = null, next_try_at = '-infinity' where calendar_id = ?`, [
    calendarId,
  ]);

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

const arrayOf = (ids: string[]): string => `{${ids.join(',')}}`;

const ms = (instant: string) => `(extract(epoch from ${instant}) * 1000)::float8`;

interface EntryRow {
  calendar_id: string;
  appointment_id: string;
  etag: string | null;
  tries: number;
}

interface ReadRow {
  synced_at: Date | null;
  known_until: Date | null;
  failure: CalendarFailureCode | null;
  failing_since: Date | null;
}

interface LookRow extends ReadRow {
  practitioner_id: string;
  policy: Calendar['policy'];
  busy: [number, number][];
}

interface CalendarRow extends ReadRow {
  id: string;
  version: number;
  practitioner_id: string;
  kind: Calendar['kind'];
  name: string;
  zone: string;
  policy: Calendar['policy'];
  writes: boolean;
  shows_patients: boolean;
  host: string;
  access: string;
  bookmark: Bookmark | null;
  problems: ReadingProblem[];
  next_sync_at: Date;
  unwritten: number;
  created_at: Date;
  created_by: string;
}

const dateOf = (value: Date | string | null): Date | undefined => (value === null ? undefined : new Date(value));

const toRead = (row: ReadRow) => ({
  syncedAt: dateOf(row.synced_at),
  knownUntil: dateOf(row.known_until),
  failure: row.failure ? { code: row.failure, since: new Date(row.failing_since ?? 0) } : undefined,
});

function together(problems: ReadingProblem[]): ReadingProblem[] {
  const counts = Map.groupBy(problems, ({ code }) => code);
  return [...counts].map(([code, its]) => ({ code, count: its.reduce((sum, { count }) => sum + count, 0) }));
}

const toCalendar = (row: CalendarRow): Calendar => ({
  id: row.id,
  version: row.version,
  practitionerId: row.practitioner_id,
  kind: row.kind,
  name: row.name,
  zone: row.zone,
  policy: row.policy,
  writes: row.writes,
  showsPatients: row.shows_patients,
  host: row.host,
  problems: together(row.problems),
  ...toRead(row),
  nextSyncAt: new Date(row.next_sync_at),
  unwritten: row.unwritten,
  createdAt: new Date(row.created_at),
  createdBy: row.created_by,
});
