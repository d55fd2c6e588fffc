import type { Orm } from '@cabinet/postgres/orm';
import type { Calendar, ReadingProblem } from '../../../domain/calendars/calendar.js';
import type { CalendarFailureCode } from '../../../domain/calendars/failures.js';
import type { Bookmark } from '../../../domain/calendars/ports.js';

/** A claim lapses after it, so that another process goes on with what a dead one left. */
export const claimMs = 5 * 60_000;

export interface ReadRow {
  synced_at: Date | null;
  known_until: Date | null;
  failure: CalendarFailureCode | null;
  failing_since: Date | null;
  readers_ended: number;
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

export const toRead = (row: ReadRow) => ({
  syncedAt: dateOf(row.synced_at),
  knownUntil: dateOf(row.known_until),
  failure: row.failure ? { code: row.failure, since: new Date(row.failing_since ?? 0) } : undefined,
  readersEnded: row.readers_ended,
});

function together(problems: ReadingProblem[]): ReadingProblem[] {
  const counts = Map.groupBy(problems, ({ code }) => code);
  return [...counts].map(([code, its]) => ({ code, count: its.reduce((sum, { count }) => sum + count, 0) }));
}

export const toCalendar = (row: CalendarRow): Calendar => ({
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

/** @param rest what follows `from calendar` */
export function rowsOf(orm: Orm, rest: string, values: unknown[]): Promise<CalendarRow[]> {
  return orm.em.fork().execute<CalendarRow[]>(
    `select *, (select count(*)::int from calendar_entry
       where calendar_id = calendar.id and written_version is distinct from wanted_version) as unwritten,
       array(select problem from calendar_resource, jsonb_array_elements(problems) as problem
         where calendar_id = calendar.id) as problems
     from calendar ${rest}`,
    values,
  );
}
