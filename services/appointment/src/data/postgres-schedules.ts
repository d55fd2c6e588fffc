import { staleVersion } from '@cabinet/kit';
import type { Orm } from '@cabinet/kit/postgres';
import type { Schedule, ScheduleRepository } from '../domain/ports.js';

export class PostgresSchedules implements ScheduleRepository {
  constructor(private readonly orm: Orm) {}

  async get(practitionerId: string): Promise<Schedule> {
    // Asked for at every booking and search, so as a plain row.
    const [stored] = await this.orm.em
      .fork()
      .execute<Pick<Schedule, 'version' | 'hours'>[]>('select version, hours from schedule where practitioner_id = ?', [
        practitionerId,
      ]);
    return { practitionerId, version: 0, hours: [], ...stored };
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
