import type { EventHandler, ReceivedEvent } from '@cabinet/service/sidecar/deliveries';
import type { EntityManager, Orm } from './orm.js';

/**
 * Makes a handler's effect happen once however often an event arrives: the event's id is written in the same
 * transaction as the effect, and a second delivery finds it there.
 * @param effect gets those of the events that had no effect yet, in their order
 */
export function handleOnce(
  orm: Orm,
  consumer: string,
  effect: (tx: EntityManager, events: ReceivedEvent[]) => Promise<void>,
): EventHandler {
  return (events) =>
    orm.em.fork().transactional(async (tx) => {
      // In order of id, so that two deliveries of the same events wait for each other and not in a circle.
      const fresh = await tx.execute<{ event_id: string }[]>(
        `insert into inbox (consumer, event_id) select ?, id from jsonb_array_elements_text(?::jsonb) as id order by id
         on conflict do nothing returning event_id`,
        [consumer, JSON.stringify(events.map(({ id }) => id))],
      );
      const ids = new Set(fresh.map(({ event_id }) => event_id));
      // Taken out as they come: a batch may hold an event twice.
      const unheard = events.filter(({ id }) => ids.delete(id));
      if (unheard.length > 0) await effect(tx, unheard);
    });
}

/** Once the broker has forgotten an event it does not come again; it keeps them for a week, and may for three more. */
const keptDays = 30;

/** Forgets which events were handled so long ago that none of them can come again. */
export async function sweepInbox(orm: Orm): Promise<void> {
  await orm.em.fork().execute('delete from inbox where handled_at < now() - make_interval(days => ?)', [keptDays]);
}
