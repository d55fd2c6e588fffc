import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Delegations {
  practitionerLeft(tx: EntityManager, practitionerId: string): Promise<void>;
}

/** Nobody works for a practitioner who has left, nor do they stand in for anybody. */
export const endDelegationsWhenAPractitionerLeaves = (orm: Orm, delegations: Delegations): EventHandler =>
  handleOnce(orm, 'end-delegations', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type === 'practitioner.left') await delegations.practitionerLeft(tx, event.data.practitionerId);
    }
  });
