import { parseEvent } from '@cabinet/contracts';
import { handleOnce } from '@cabinet/postgres/inbox';
import type { Orm } from '@cabinet/postgres/orm';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Calendars {
  endCalendarsOf(practitionerId: string, connectedUntil?: Date): Promise<void>;
}

/**
 * Whoever lost the role has no agenda in a private feed any more; what they have connected when they had it again stays, however
 * late it is heard that they had lost it.
 */
export const endCalendarsWhenAUserActsForAPractitionerNoLonger = (orm: Orm, calendars: Calendars): EventHandler =>
  handleOnce(orm, 'end-calendars', async (_tx, received) => {
    for (const each of received) {
      const event = parseEvent(each);
      if (event?.type !== 'user.role-changed' || !event.data.endedPractitionerId) continue;
      const at = each.time === undefined ? undefined : new Date(each.time);
      await calendars.endCalendarsOf(event.data.endedPractitionerId, at);
    }
  });
