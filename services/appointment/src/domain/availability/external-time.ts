import { type Interval, Occupied } from '../time/intervals.js';

/**
 * What becomes of times that a calendar may or may not have taken, because it could not be read lately: they are hidden,
 * offered with a warning, or booked as pending until the calendar has been read.
 */
export type StalePolicy = 'hide' | 'warn' | 'tentative';

/** What the calendars elsewhere say of a practitioner's time. */
export interface ExternalTime {
  busy: Occupied<Interval>;
  calendars: readonly { policy: StalePolicy; knownUntil: number }[];
}

export const noExternalTime: ExternalTime = { busy: new Occupied([]), calendars: [] };

const fromStrict: readonly StalePolicy[] = ['hide', 'tentative', 'warn'];

/** The strictest policy of the calendars of which it is not known whether they have taken the time; undefined: all are known. */
export function doubtAbout({ end }: Interval, { calendars }: ExternalTime): StalePolicy | undefined {
  const doubtful = calendars.filter((calendar) => calendar.knownUntil < end);
  return fromStrict.find((policy) => doubtful.some((each) => each.policy === policy));
}
