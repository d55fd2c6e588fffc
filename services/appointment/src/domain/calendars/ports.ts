import type { Appointment } from '../booking/appointment.js';
import type { Interval } from '../time/intervals.js';
import type { BusyTime, Calendar, CalendarAccess, CalendarKind, CalendarSettings, ReadingProblem } from './calendar.js';
import type { CalendarEvent } from './event.js';
import { CalendarFailure, type CalendarFailureCode } from './failures.js';

/** Where reading went on to: entity tags, sync tokens. Nothing but the provider that made it understands it. */
export type Bookmark = Record<string, string>;

export interface ReadingOf {
  window: Interval;
  /** IANA zone of whole days and floating times. */
  zone: string;
  /** Absent: everything is read. */
  bookmark?: Bookmark;
  /** The entity tags of what was read before, by resource. */
  known(): Promise<ReadonlyMap<string, string>>;
  /** Is told before what a stranger wrote is read: whoever ends by it leaves that mark. */
  begun(): Promise<void>;
}

/** One thing of a calendar that has a state of its own: an object of a collection, an event, or all of a feed. */
export interface ReadResource {
  resource: string;
  etag?: string;
  busy: BusyTime[];
  problems: ReadingProblem[];
}

export interface CalendarReading {
  /** True: what is not among `changed` is gone. */
  isComplete: boolean;
  changed: ReadResource[];
  removed: string[];
  bookmark: Bookmark;
}

/** What a provider says of a calendar before it is kept. */
export interface CheckedAccess {
  access: CalendarAccess;
  host: string;
}

export type DavAccess = Extract<CalendarAccess, { kind: 'caldav' }>;

/** A calendar that a server has for whoever signed in there. */
export interface FoundCalendar {
  url: string;
  /** As its owner calls it. */
  name?: string;
  /** Undefined when the server does not say. */
  isWritable?: boolean;
}

/** Finds the calendars of whoever the credentials are of, from any address of their server. */
export interface CalendarFinder {
  /** @throws CalendarFailure */
  find(access: DavAccess): Promise<FoundCalendar[]>;
}

/** A way on which a calendar tells us that something has changed. */
export interface PushChannel {
  id: string;
  /** What it proves itself by. */
  token: string;
  /** Where it tells us. */
  address: string;
}

export interface KeptChannel {
  id: string;
  calendarId: string;
  tokenHash: string;
  expiresAt: Date;
}

/** The kind of calendars that one protocol speaks to. Everything it throws is a CalendarFailure. */
export interface CalendarProvider {
  /** Tries the credentials. @returns what to keep, as precise as the other side has made it */
  check(access: CalendarAccess): Promise<CheckedAccess>;
  /** @returns undefined when nothing has changed since the bookmark */
  read(access: CalendarAccess, reading: ReadingOf): Promise<CalendarReading | undefined>;
  /** Writes an event, or takes it away if it is cancelled, however often and whatever stands there; the same again changes nothing. */
  write?(access: CalendarAccess, event: CalendarEvent, etag: string | undefined): Promise<{ etag?: string }>;
  /** Has the calendar tell us when something changes in it. @returns until when it does */
  watch?(access: CalendarAccess, channel: PushChannel): Promise<{ expiresAt: Date }>;
}

export type Providers = Readonly<Record<CalendarKind, CalendarProvider>>;

/** @throws CalendarFailure when what opens the calendar was sealed by a secret of ours that is gone */
export function accessOf({ access }: Pick<SyncClaim, 'access'>): CalendarAccess {
  if (!access) throw new CalendarFailure('CALENDAR.ACCESS_REFUSED');
  return access;
}

/** The right to read one calendar for a while: what comes of it counts only while nobody else has it. */
export interface SyncClaim {
  claim: string;
  calendar: Calendar;
  /** Absent when it can no longer be read, so that it has to be given anew. */
  access?: CalendarAccess;
  bookmark?: Bookmark;
}

/** The right to write one appointment to one calendar for a while. */
export interface EntryClaim {
  claim: string;
  calendar: Calendar;
  /** Absent when it can no longer be read, so that it has to be given anew. */
  access?: CalendarAccess;
  appointment: Appointment;
  etag?: string;
  tries: number;
  /** Grows when all is to be written anew, whatever was written or is being written. */
  anew: number;
}

/** An appointment that stands where a calendar elsewhere has taken the time too. */
export interface CalendarConflict extends Interval {
  calendarId: string;
  appointmentId: string;
  patientId: string;
  keptFromGuardians: boolean;
  zone: string;
  busy: Interval;
}

export interface Calendars {
  /** All of the practitioner, in order of name. */
  list(practitionerId: string): Promise<Calendar[]>;
  find(id: string): Promise<Calendar | undefined>;
  /** With all appointments ahead waiting to be written, if it is written to. */
  add(calendar: Calendar, access: CalendarAccess): Promise<void>;
  /**
   * With all appointments ahead of `now` waiting to be written, if it is written to from now on.
   * @throws 412 unless the stored version is still that of the given one
   */
  change(calendar: Calendar, settings: CalendarSettings, now: Date): Promise<Calendar>;
  /**
   * Gives it new credentials, with which it is read again from the beginning; a reading with the old ones counts no more.
   *
   * @param nextSyncAt when it is due, to whoever looks for that
   */
  giveAccess(id: string, checked: CheckedAccess, nextSyncAt: Date): Promise<void>;
  /** With its channel, and with what it had taken. */
  remove(id: string): Promise<void>;
  /** @param connectedUntil those that were connected later stay; left out: none does */
  removeAllOf(practitionerId: string, connectedUntil?: Date): Promise<void>;

  /**
   * Claims calendars that are due, none of which anybody else has claimed; a claim that is not given back lapses, and counts
   * as a reader that ended if reading was noted. Those set aside are never due.
   */
  claimDue(now: Date, max: number): Promise<SyncClaim[]>;
  /** @returns undefined while somebody else has it */
  claim(id: string, now: Date): Promise<SyncClaim | undefined>;
  /** Gives claims back with nothing done. */
  release(claim: string): Promise<void>;
  /** Notes that what is in the calendar is being read, until a reading or a failure is stored or the claim is given back. */
  noteBegun(claim: SyncClaim): Promise<void>;
  knownTags(calendarId: string): Promise<ReadonlyMap<string, string>>;
  /**
   * Stores what was read, all or nothing, and gives the claim back. Times that our own appointments of that practitioner
   * take there are left out.
   * @param reading undefined: all is as it was
   * @returns false when the claim had lapsed, and nothing was stored
   */
  storeReading(claim: SyncClaim, reading: CalendarReading | undefined, read: ReadTimes): Promise<boolean>;
  /** Keeps what was read before, says why it is not newer, counts a reader that ended, and gives the claim back. */
  storeFailure(claim: SyncClaim, code: CalendarFailureCode, at: Date, nextSyncAt: Date): Promise<void>;

  /** Makes a calendar due. */
  hurry(calendarId: string): Promise<void>;
}

/** Our appointments as they are to stand in calendars. */
export interface CalendarEntries {
  /** Claims entries that are to be written, as calendars are claimed to be read. */
  claim(now: Date, max: number): Promise<EntryClaim[]>;
  /** Gives claims back with nothing done. */
  release(claim: string): Promise<void>;
  storeWritten(claim: EntryClaim, etag: string | undefined): Promise<void>;
  storeUnwritten(claim: EntryClaim, code: CalendarFailureCode, at: Date, nextTryAt: Date): Promise<void>;
}

/** The channels on which calendars tell us of changes. */
export interface KeptChannels {
  find(id: string): Promise<KeptChannel | undefined>;
  of(calendarId: string): Promise<KeptChannel | undefined>;
  /** In the place of the calendar's channel before. */
  keep(channel: KeptChannel): Promise<void>;
}

/** Where calendars have taken what appointments take too. */
export interface CalendarConflicts {
  /** Appointments ahead that stand in a time that a calendar elsewhere has taken, in order of start. */
  ahead(practitionerId: string, now: Date): Promise<CalendarConflict[]>;
  /** Appointments of the practitioner that wait for the calendars to be read, each with whether one has taken its time. */
  awaiting(practitionerId: string): Promise<{ appointment: Appointment; isTaken: boolean }[]>;
}

/** When a calendar was read, until when its times are laid out, and when it is read next. */
export interface ReadTimes {
  at: Date;
  knownUntil: Date;
  nextSyncAt: Date;
}
