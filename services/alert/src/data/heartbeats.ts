import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Sight } from '../domain/ports.js';
import type { Heartbeat } from '../domain/settings.js';
import { dateOf, dateOrNone, ms } from './fragments.js';
import { readSettings } from './read-settings.js';

/** Notes that a part of the watch has done its work; a clock that was put back takes nothing back. */
export const beat = (tx: EntityManager, name: Heartbeat['name'], at: Date): Promise<unknown> =>
  tx.execute(
    `insert into heartbeat (name, at) values (?, ?)
     on conflict (name) do update set at = greatest(heartbeat.at, excluded.at)`,
    [name, at],
  );

export async function readHeartbeats(em: EntityManager): Promise<Heartbeat[]> {
  const rows = await em.execute<{ name: Heartbeat['name']; at: string; blind: string | null }[]>(
    `select name, ${ms('at')} as at, ${ms('blind_since')} as blind from heartbeat order by name`,
  );
  return rows.map(({ name, at, blind }) => ({ name, at: dateOf(at), blindSince: dateOrNone(blind) }));
}

/** Tells when no readings have come for longer than the practice expects, and when they come again: each once. */
export class TellSight {
  constructor(
    private readonly orm: Orm,
    private readonly events: EventSource<[Sight]>,
  ) {}

  /** One look, which is the heartbeat of the rounds as well. */
  async look(now: Date): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      await beat(tx, 'rounds', now);
      const { firstOnAt, blindAfterMinutes } = await readSettings(tx);
      if (!firstOnAt) return;
      // Of a practice to which nothing ever came it is told, too.
      await tx.execute(`insert into heartbeat (name, at) values ('readings', ?) on conflict do nothing`, [firstOnAt]);
      const silentFrom = new Date(now.getTime() - blindAfterMinutes * 60_000);
      const turned = await tx.execute<{ since: string; blind: boolean }[]>(
        `update heartbeat set blind_since = case when at < ? then at end
         where name = 'readings' and (at < ?) <> (blind_since is not null)
         returning ${ms('at')} as since, blind_since is not null as blind`,
        [silentFrom, silentFrom],
      );
      for (const { since, blind } of turned) await this.events.enqueue(tx, { sees: !blind, since: dateOf(since) });
    });
    this.events.committed();
  }
}
