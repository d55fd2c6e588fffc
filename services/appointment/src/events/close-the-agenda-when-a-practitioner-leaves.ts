import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Practitioners {
  /** @throws Unavailable (503) when nobody can be asked */
  isInUse(practitionerId: string): Promise<boolean>;
}

interface PractitionerChanges {
  left(tx: EntityManager, practitionerId: string): Promise<void>;
}

interface Calendars {
  endCalendarsOf(practitionerId: string): Promise<void>;
}

/** Nothing new comes into the agenda of a practitioner who has left, nobody waits for it, and it is read and written nowhere else. */
export const closeTheAgendaWhenAPractitionerLeaves = (
  orm: Orm,
  practitioners: Practitioners,
  changes: PractitionerChanges,
  calendars: Calendars,
  told: () => void,
): EventHandler => {
  const follow = handleOnce(orm, 'close-agenda', async (tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type !== 'practitioner.left') continue;
      const { practitionerId } = event.data;
      // Whoever has come back since is heard of late, and has an agenda again.
      if (await practitioners.isInUse(practitionerId)) continue;
      await calendars.endCalendarsOf(practitionerId);
      await changes.left(tx, practitionerId);
    }
  });
  return async (events) => {
    await follow(events);
    told();
  };
};
