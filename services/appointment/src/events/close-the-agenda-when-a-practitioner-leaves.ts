import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface PractitionerChanges {
  left(tx: EntityManager, practitionerId: string): Promise<void>;
}

interface Calendars {
  endCalendarsOf(practitionerId: string): Promise<void>;
}

/** Nothing new comes into the agenda of a practitioner who has left, nobody waits for it, and it is read and written nowhere else. */
export const closeTheAgendaWhenAPractitionerLeaves = (
  orm: Orm,
  changes: PractitionerChanges,
  calendars: Calendars,
  told: () => void,
): EventHandler => {
  const follow = handleOnce(orm, 'close-agenda', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type !== 'practitioner.left') continue;
      const { practitionerId } = event.data;
      await calendars.endCalendarsOf(practitionerId);
      await changes.left(tx, practitionerId);
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
};
