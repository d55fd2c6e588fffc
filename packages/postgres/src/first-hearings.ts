import type { FirstHearings } from '@cabinet/service/sidecar/from-now';
import type { Orm } from './orm.js';

/** For a migration of a service that hears topics from now only. */
export const firstHearingTable = `
create table first_hearing (
  topic text primary key,
  at timestamptz not null
);
`;

export class PostgresFirstHearings implements FirstHearings {
  constructor(private readonly orm: Orm) {}

  async of(topic: string, now: Date): Promise<Date> {
    const em = this.orm.em.fork();
    await em.execute('insert into first_hearing (topic, at) values (?, ?) on conflict do nothing', [topic, now]);
    const [row] = await em.execute<{ at: Date }[]>('select at from first_hearing where topic = ?', [topic]);
    return new Date(row?.at ?? now);
  }
}
