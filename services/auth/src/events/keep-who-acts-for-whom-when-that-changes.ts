import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import type { ToldRelatedPerson } from '../domain/ports.js';

interface ActingFor {
  keep(tx: EntityManager, told: ToldRelatedPerson): Promise<void>;
}

/** So that tokens say for whom else somebody may act, and end when that changes. */
export const keepWhoActsForWhomWhenThatChanges = (orm: Orm, actingFor: ActingFor): EventHandler =>
  handleOnce(orm, 'keep-who-acts-for-whom', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      switch (event?.type) {
        case 'related-person.given':
        case 'related-person.changed':
        case 'related-person.ended':
          await actingFor.keep(tx, { ...event.data, ended: event.type === 'related-person.ended' });
      }
    }
  });
