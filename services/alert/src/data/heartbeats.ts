import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { Sight } from '../domain/ports.js';
import { type Heartbeat, silencesOf } from '../domain/settings.js';
import { dateOf, dateOrNone, ms } from './fragments.js';
import { readSettings } from './read-settings.js';

/** Notes that a part of the watch has done its work; a clock that was put back takes nothing back. */
export const beat = (tx: EntityManager, name: Heartbeat['name'], at: Date): Promise<unknown> =>
  tx.execute(
    `insert into heartbeat (name, at) values (?, ?)
     on conflict (name) do update set at = greatest(heartbeat.at, excluded.at)`,
    [name, at],
  );

/** The same of what comes many times a second: each would wait for the one before, to write what is known to a second. */
export const beatBySeconds = (tx: EntityManager, name: Heartbeat['name'], at: Date): Promise<unknown> =>
  tx.execute(
    `insert into heartbeat (name, at) select ?, ?::timestamptz
     where not exists (select from heartbeat where name = ? and at > ?::timestamptz - interval '1 second')
     on conflict (name) do update set at = greatest(heartbeat.at, excluded.at)`,
    [name, at, name, at],
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
      const settings = await readSettings(tx);
      if (!settings.firstOnAt) return;
      const silences = silencesOf(settings);
      const silentFrom = [...silences].map(([name, minutes]) => ({
        name,
        // Of a practice to which nothing ever came it is told, too.
        first: settings.firstOnAt,
        from: new Date(now.getTime() - minutes * 60_000),
      }));
      await tx.execute(
        `insert into heartbeat (name, at)
         select name, first from jsonb_to_recordset(?::jsonb) as row (name text, first timestamptz) on conflict do nothing`,
        [JSON.stringify(silentFrom)],
      );
      const wasBlind = await this.isBlind(tx);
      // Of a part that is not needed any more nobody is told that it is silent.
      const turned = await tx.execute<{ since: string }[]>(
        `update heartbeat h set blind_since = case when at < silent."from" then at end
         from (select known.name, row."from" from heartbeat known
           left join jsonb_to_recordset(?::jsonb) as row (name text, "from" timestamptz) on row.name = known.name) as silent
         where h.name = silent.name and coalesce(at < silent."from", false) <> (blind_since is not null)
         returning ${ms('at')} as since`,
        [JSON.stringify(silentFrom)],
      );
      const isBlind = await this.isBlind(tx);
      const [first] = turned;
      if (first && isBlind !== wasBlind) await this.events.enqueue(tx, { sees: !isBlind, since: dateOf(first.since) });
    });
    this.events.committed();
  }

  private async isBlind(tx: EntityManager): Promise<boolean> {
    return (await tx.execute('select from heartbeat where blind_since is not null limit 1')).length > 0;
  }
}
