import type { StoreFigures } from '@cabinet/service/observe/store-figures';
import type { Orm } from './orm.js';

// A role may see how its own database fares; no right beyond its own tables is needed.
const question = `
  select (select count(*) from outbox) as outbox_pending,
    (select coalesce(extract(epoch from now() - min(created_at)), 0) from outbox) as outbox_oldest_seconds,
    (select count(*) from waiting_event) as events_waiting,
    (select coalesce(extract(epoch from now() - min(first_at)), 0) from waiting_event) as events_waiting_oldest_seconds,
    (select count(*) from dead_letter) as dead_letters,
    pg_database_size(datname) as database_size_bytes, numbackends as database_connections,
    current_setting('max_connections') as database_connections_max,
    xact_commit as database_commits_total, xact_rollback as database_rollbacks_total,
    deadlocks as database_deadlocks_total, blks_hit as database_blocks_hit_total, blks_read as database_blocks_read_total
  from pg_stat_database where datname = current_database()`;

/** @throws whatever the database answers while it is away or not up to date */
export async function readFigures(orm: Orm): Promise<StoreFigures> {
  const [row = {}] = await orm.em.fork().execute<Record<string, string>[]>(question);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}
