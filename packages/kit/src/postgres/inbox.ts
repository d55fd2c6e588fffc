import type { EventHandler } from '../sidecar/dead-letters.js';
import type { ReceivedEvent } from '../sidecar/event-routes.js';
import type { EntityManager, Orm } from './orm.js';

/**
 * Makes a handler's effect happen once however often the event arrives: the event's id is written in the same
 * transaction as the effect, and a second delivery finds it there.
 */
export function handleOnce(
  orm: Orm,
  consumer: string,
  effect: (tx: EntityManager, event: ReceivedEvent) => Promise<void>,
): EventHandler {
  return (event) =>
    orm.em.fork().transactional(async (tx) => {
      const fresh = await tx.execute(
        'insert into inbox (consumer, event_id) values (?, ?) on conflict do nothing returning event_id',
        [consumer, event.id],
      );
      if (fresh.length > 0) await effect(tx, event);
    });
}
