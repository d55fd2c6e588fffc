import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Calendars {
  endCalendarsOf(practitionerId: string): Promise<void>;
}

/** Whoever lost the role has no agenda in a private feed any more; what they connect when they have it again stays. */
export const endCalendarsWhenAUserActsForAPractitionerNoLonger = (orm: Orm, calendars: Calendars): EventHandler =>
  handleOnce(orm, 'end-calendars', async (_tx, received) => {
    for (const event of received.map(parseEvent)) {
      if (event?.type !== 'user.role-changed' || !event.data.endedPractitionerId) continue;
      await calendars.endCalendarsOf(event.data.endedPractitionerId);
    }
  });
