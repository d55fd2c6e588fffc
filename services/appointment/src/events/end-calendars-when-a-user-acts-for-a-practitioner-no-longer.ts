import { parseEvent } from '@cabinet/contracts';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';

interface Calendars {
  endCalendarsOf(practitionerId: string): Promise<void>;
}

/** Whoever lost the role has no agenda in a private feed any more. Ending twice is the same as ending once. */
export const endCalendarsWhenAUserActsForAPractitionerNoLonger =
  (calendars: Calendars): EventHandler =>
  async (events) => {
    for (const event of events.map(parseEvent)) {
      if (event?.type !== 'user.role-changed' || !event.data.endedPractitionerId) continue;
      await calendars.endCalendarsOf(event.data.endedPractitionerId);
    }
  };
