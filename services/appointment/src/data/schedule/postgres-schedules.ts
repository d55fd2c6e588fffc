import { staleVersion } from '@cabinet/kit/http/etag';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Schedules } from '../../domain/schedule/ports.js';
import { emptySchedule, type Schedule } from '../../domain/schedule/schedule.js';

/** All but whose it is, by the names of the domain. */
export const scheduleColumns = `version, hours, exceptions, extra_openings as "extraOpenings", absences, holidays, rules`;

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

  save(schedule: Schedule): Promise<Schedule> {
    return saveSchedule(this.orm.em.fork(), schedule);
  }
}

/** As the repository, in a transaction with what else changes. */
export async function saveSchedule(
  em: EntityManager,
  { practitionerId, version, ...schedule }: Schedule,
): Promise<Schedule> {
  const parts = [schedule.hours, schedule.exceptions, schedule.extraOpenings, schedule.absences, schedule.holidays];
  const values = [...parts, schedule.rules].map((part) => JSON.stringify(part));
  const stored =
    version === 0
      ? await em.execute(
          `insert into schedule (practitioner_id, version, hours, exceptions, extra_openings, absences, holidays, rules)
           values (?, 1, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb)
           on conflict do nothing returning version`,
          [practitionerId, ...values],
        )
      : await em.execute(
          `update schedule set version = version + 1, hours = ?::jsonb, exceptions = ?::jsonb, extra_openings = ?::jsonb,
             absences = ?::jsonb, holidays = ?::jsonb, rules = ?::jsonb
           where practitioner_id = ? and version = ? returning version`,
          [...values, practitionerId, version],
        );
  if (stored.length === 0) throw staleVersion();
  return { practitionerId, ...schedule, version: version + 1 };
}
