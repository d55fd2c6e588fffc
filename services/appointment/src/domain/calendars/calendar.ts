import { FieldErrors } from '@cabinet/kit/errors';
import type { StalePolicy } from '../availability/external-time.js';
import type { Interval } from '../time/intervals.js';
import type { CalendarFailureCode } from './failures.js';

export const calendarKinds = ['ics', 'caldav', 'google'] as const;
/** A plain ICS address that is read only, a CalDAV collection, or a calendar at Google. */
export type CalendarKind = (typeof calendarKinds)[number];

/** Something in a calendar that could not be taken as it is written; the rest was. */
export interface ReadingProblem {
  code: 'CALENDAR.EVENT_UNREADABLE' | 'CALENDAR.ZONE_UNKNOWN';
  /** Events concerned. */
  count: number;
}

/** A calendar of a practitioner that somebody else keeps. */
export interface Calendar {
  id: string;
  version: number;
  practitionerId: string;
  kind: CalendarKind;
  /** As the practitioner calls it. */
  name: string;
  /** IANA zone in which its whole days and times without a zone are meant. */
  zone: string;
  policy: StalePolicy;
  /** Our appointments are written there. */
  writes: boolean;
  /** With the patient's name; else without anything about the patient. */
  showsPatients: boolean;
  /** Where it is kept, without anything that gives access. */
  host: string;
  problems: ReadingProblem[];
  /** When it was last read to its end. */
  syncedAt?: Date;
  /** Until when its times were then laid out. */
  knownUntil?: Date;
  failure?: { code: CalendarFailureCode; since: Date };
  /** How often, since it was last read, it ended whatever read it. */
  readersEnded: number;
  nextSyncAt: Date;
  /** Appointments that are not written there yet, or not as they are now. */
  unwritten: number;
  createdAt: Date;
  createdBy: string;
}

/** What the practitioner, or whoever keeps the practice, decides about a calendar. */
export type CalendarSettings = Pick<Calendar, 'name' | 'zone' | 'policy' | 'writes' | 'showsPatients'>;

/** What opens a calendar. It is stored sealed, and never told. */
export type CalendarAccess =
  | { kind: 'ics'; url: string; email?: string }
  | { kind: 'caldav'; url: string; username: string; password: string; email?: string }
  | { kind: 'google'; calendarId: string; refreshToken: string };

/** What somebody types to have a calendar opened. */
export interface Credentials {
  url: string;
  username?: string;
  password?: string;
  email?: string;
}

/** @throws InvalidInput (422) for a collection without credentials */
export function accessBy(
  kind: Exclude<CalendarKind, 'google'>,
  { url, username, password, email }: Credentials,
): CalendarAccess {
  if (kind === 'ics') return { kind, url, email };
  const errors = new FieldErrors();
  if (!username) errors.add('username', 'REQUIRED', 'is required for CalDAV');
  if (!password) errors.add('password', 'REQUIRED', 'is required for CalDAV');
  errors.throwIfAny();
  return { kind, url, username: username as string, password: password as string, email };
}

export const calendarStates = ['fresh', 'stale', 'failing', 'revoked', 'set-aside'] as const;
export type CalendarState = (typeof calendarStates)[number];

/** How long what was read of a calendar counts as what is in it, in milliseconds. */
export interface Freshness {
  staleAfterMs: number;
}

/** A calendar that ended its reader so often is set aside: it is read only when somebody asks for it. */
export const readersEndedMax = 2;

type Read = Pick<Calendar, 'syncedAt' | 'failure' | 'knownUntil' | 'readersEnded'>;

/** @returns the state, and since when it is so; `fresh` since it was last read */
export function stateOf(
  calendar: Read,
  now: Date,
  { staleAfterMs }: Freshness,
): { state: CalendarState; since?: Date } {
  const { failure, syncedAt } = calendar;
  if (calendar.readersEnded >= readersEndedMax) return { state: 'set-aside', since: failure?.since };
  if (failure) return { state: isRevoked(calendar) ? 'revoked' : 'failing', since: failure.since };
  if (!syncedAt) return { state: 'stale' };
  const staleAt = new Date(syncedAt.getTime() + staleAfterMs);
  return staleAt <= now ? { state: 'stale', since: staleAt } : { state: 'fresh', since: syncedAt };
}

/** Whoever keeps the calendar lets us in no more; that does not mend by waiting. */
export const isRevoked = ({ failure }: Pick<Calendar, 'failure'>): boolean =>
  failure?.code === 'CALENDAR.ACCESS_REFUSED';

/** The instant until which it is known what is in the calendar; -Infinity when that is no longer known of any time. */
export function knownUntil(calendar: Read, now: Date, { staleAfterMs }: Freshness): number {
  const { syncedAt } = calendar;
  if (!syncedAt || isRevoked(calendar) || syncedAt.getTime() + staleAfterMs <= now.getTime()) return -Infinity;
  return calendar.knownUntil?.getTime() ?? -Infinity;
}

/** A time that a calendar has taken. Titles, people and places of events are never kept. */
export interface BusyTime extends Interval {
  /** The appointment of ours that its identifier names: it may be our own writing. */
  appointmentId?: string;
}
