import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Delegations {
  practitionerLeft(tx: EntityManager, practitionerId: string, at?: Date): Promise<void>;
}

/** Nobody works for a practitioner who has left, nor do they stand in for anybody: what was delegated until then ends. */
export const endDelegationsWhenAPractitionerLeaves = (orm: Orm, delegations: Delegations): EventHandler =>
  handleOnce(orm, 'end-delegations', async (tx, received) => {
    for (const each of received) {
      const event = parseEvent(each);
      if (event?.type !== 'practitioner.left') continue;
      const at = each.time === undefined ? undefined : new Date(each.time);
      await delegations.practitionerLeft(tx, event.data.practitionerId, at);
    }
  });
