import { Batches, staleVersion } from '@cabinet/kit';
import type { Orm } from '@cabinet/kit/postgres';
import type { Schedule, ScheduleRepository } from '../domain/ports.js';

export class PostgresSchedules implements ScheduleRepository {
  /** Asked for at every booking and search, so plain rows, of all who ask at the same time. */
  private readonly questions = new Batches((practitionerIds: string[]) => this.getAll(practitionerIds));

  constructor(private readonly orm: Orm) {}

  get(practitionerId: string): Promise<Schedule> {
    return this.questions.add(practitionerId);
  }

  private async getAll(practitionerIds: string[]): Promise<Schedule[]> {
    const rows = await this.orm.em
      .fork()
      .execute<Schedule[]>(
        'select practitioner_id as "practitionerId", version, hours from schedule where practitioner_id = any(?::uuid[])',
        [`{${practitionerIds.join(',')}}`],
      );
    const stored = new Map(rows.map((schedule) => [schedule.practitionerId, schedule]));
    return practitionerIds.map((id) => stored.get(id) ?? { practitionerId: id, version: 0, hours: [] });
  }

  async save({ practitionerId, version, hours }: Schedule): Promise<Schedule> {
    const rows = await this.orm.em.fork().execute(
      `insert into schedule as s (practitioner_id, version, hours) select ?, 1, ?::jsonb where ? = 0
       on conflict do nothing returning version`,
      [practitionerId, JSON.stringify(hours), version],
    );
    const stored =
      rows.length > 0
        ? rows
        : await this.orm.em
            .fork()
            .execute(
              'update schedule set hours = ?::jsonb, version = version + 1 where practitioner_id = ? and version = ? returning version',
              [JSON.stringify(hours), practitionerId, version],
            );
    if (stored.length === 0) throw staleVersion();
    return { practitionerId, version: version + 1, hours };
  }
}
