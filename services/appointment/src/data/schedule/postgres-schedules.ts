import { staleVersion } from '@cabinet/kit/http/etag';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { ChangedBy, Schedules, ScheduleVersion } from '../../domain/schedule/ports.js';
import { emptySchedule, type Schedule } from '../../domain/schedule/schedule.js';

/** All but whose it is, by the names of the domain. */
export const scheduleColumns = `version, hours, exceptions, extra_openings as "extraOpenings", absences, holidays, rules`;

type Row = Schedule & { changedAt: string | null; changedBy: string | null };

export class PostgresSchedules implements Schedules {
  constructor(private readonly orm: Orm) {}

  async get(practitionerId: string): Promise<Schedule> {
    const [stored] = await this.orm.em
      .fork()
      .execute<Schedule[]>(
        `select practitioner_id as "practitionerId", ${scheduleColumns} from schedule where practitioner_id = ?`,
        [practitionerId],
      );
    return stored ?? emptySchedule(practitionerId);
  }

  save(schedule: Schedule, by: ChangedBy): Promise<Schedule> {
    return saveSchedule(this.orm.em.fork(), schedule, by);
  }

  async versions(
    practitionerId: string,
    { before, limit }: { before?: number; limit: number },
  ): Promise<ScheduleVersion[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(
      `select practitioner_id as "practitionerId", ${scheduleColumns}, changed_at as "changedAt", changed_by as "changedBy"
       from schedule_version where practitioner_id = ? and version < coalesce(?, 2147483647) order by version desc limit ?`,
      [practitionerId, before ?? null, limit],
    );
    return rows.map(({ changedAt, changedBy, ...schedule }) => ({
      ...schedule,
      changedAt: changedAt === null ? undefined : new Date(changedAt),
      changedBy: changedBy ?? undefined,
    }));
  }
}

/** As the repository, in a transaction with what else changes. */
export async function saveSchedule(
  em: EntityManager,
  { practitionerId, version, ...schedule }: Schedule,
  by: ChangedBy,
): Promise<Schedule> {
  const parts = [schedule.hours, schedule.exceptions, schedule.extraOpenings, schedule.absences, schedule.holidays];
  const values = [...parts, schedule.rules].map((part) => JSON.stringify(part));
  const [statement, given] =
    version === 0
      ? [
          `insert into schedule (practitioner_id, version, hours, exceptions, extra_openings, absences, holidays, rules)
           values (?, 1, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb)
           on conflict do nothing returning *`,
          [practitionerId, ...values],
        ]
      : [
          `update schedule set version = version + 1, hours = ?::jsonb, exceptions = ?::jsonb, extra_openings = ?::jsonb,
             absences = ?::jsonb, holidays = ?::jsonb, rules = ?::jsonb
           where practitioner_id = ? and version = ? returning *`,
          [...values, practitionerId, version],
        ];
  const columns = 'practitioner_id, version, hours, exceptions, extra_openings, absences, holidays, rules';
  // What is in force and what was set leave together, or neither does.
  const stored = await em.execute(
    `with stored as (${statement})
     insert into schedule_version (${columns}, changed_at, changed_by) select ${columns}, ?, ? from stored returning version`,
    [...given, by.at, by.userId],
  );
  if (stored.length === 0) throw staleVersion();
  return { practitionerId, ...schedule, version: version + 1 };
}
