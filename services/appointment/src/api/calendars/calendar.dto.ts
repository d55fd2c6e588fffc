import type { StalePolicy } from '../../domain/availability/external-time.js';
import {
  type Calendar,
  type CalendarKind,
  type CalendarState,
  type Freshness,
  type ReadingProblem,
  stateOf,
} from '../../domain/calendars/calendar.js';
import { type CalendarFailureCode, calendarFailures } from '../../domain/calendars/failures.js';
import type { CalendarConflict } from '../../domain/calendars/ports.js';
import { inZone } from '../../domain/time/time.js';
import type { Instant, Uuid } from '../common.dto.js';

/**
 * @minLength 1
 * @maxLength 100
 * @example "On-call roster"
 */
export type CalendarName = string;

/**
 * An http or https address on the public internet; `webcal:` is read as https.
 * @minLength 1
 * @maxLength 2000
 * @example "https://calendar.example/private-5f1c/basic.ics"
 */
export type CalendarAddress = string;

/**
 * IANA zone.
 * @maxLength 64
 * @example "Europe/Paris"
 */
export type ZoneName = string;

export interface CalendarSettingsDto {
  name?: CalendarName;
  /** In which whole days and times without a zone are meant; that of the practitioner's first place when it is left out. */
  zone?: ZoneName;
  /**
   * When the calendar could not be read lately: no slots, slots with a warning, or slots of which a booking is pending until
   * it could be read. `warn` when it is left out.
   */
  policy?: StalePolicy;
  /** Our appointments are written there too. Not possible for a feed. */
  writes?: boolean;
  /** Write patients' names there; left out, events say nothing about a patient. */
  showsPatients?: boolean;
}

export interface CredentialsDto {
  url: CalendarAddress;
  /** For CalDAV.
   * @maxLength 200 */
  username?: string;
  /** For CalDAV; kept sealed, and never shown again.
   * @maxLength 500 */
  password?: string;
  /** Whose calendar it is: invitations that they declined do not keep them busy.
   * @maxLength 254 */
  email?: string;
}

export interface CalendarRequest extends CredentialsDto, CalendarSettingsDto {
  practitionerId: Uuid;
  /** `ics` for the address of a published file, `caldav` for that of a collection. */
  kind: 'ics' | 'caldav';
  name: CalendarName;
}

export interface DiscoveryRequest {
  practitionerId: Uuid;
  /** Any address of the server, or of a calendar there.
   * @example "https://cloud.example" */
  url: CalendarAddress;
  /**
   * @minLength 1
   * @maxLength 200
   */
  username: string;
  /**
   * @minLength 1
   * @maxLength 500
   */
  password: string;
}

export interface FoundCalendarResponse {
  /** To be given as `url` when the calendar is connected.
   * @example "https://cloud.example/remote.php/dav/calendars/bernard/work/" */
  url: string;
  /** As its owner calls it.
   * @example "Work" */
  name?: string;
  /** Whether our appointments may be written there; left out when the server does not say. */
  isWritable?: boolean;
}

export interface FoundCalendarList {
  items: FoundCalendarResponse[];
}

export interface CalendarFailureResponse {
  code: CalendarFailureCode;
  /** @example "does not let us in: the credentials are wrong, or were revoked" */
  message: string;
  since: Instant;
}

export interface CalendarResponse {
  id: Uuid;
  /** Grows with every change of its settings; also the ETag. */
  version: number;
  practitionerId: Uuid;
  kind: CalendarKind;
  name: string;
  /** Who keeps it. The rest of the address may give access, so it is never shown.
   * @example "calendar.example" */
  host: string;
  zone: string;
  policy: StalePolicy;
  writes: boolean;
  showsPatients: boolean;
  /**
   * `fresh`: what it has taken is known; `stale`: it was not read lately; `failing`: it cannot be read; `revoked`: we are not
   * let in; `set-aside`: it ended twice what read it, and is not read by itself any more. Once it was mended there, read it
   * now (`/sync`) or connect it anew (`/access`).
   */
  state: CalendarState;
  since?: Instant;
  /** When it was last read to its end; what it had taken then still counts. */
  syncedAt?: Instant;
  failure?: CalendarFailureResponse;
  /** What in it could not be taken as it is written; the rest was. */
  problems: ReadingProblem[];
  /** Appointments that are not written there yet, or not as they are now. */
  unwritten: number;
}

export interface CalendarList {
  items: CalendarResponse[];
}

export interface ConflictResponse {
  appointmentId: Uuid;
  start: Instant;
  end: Instant;
  calendarId: Uuid;
  /** What the calendar has taken. */
  busyFrom: Instant;
  busyUntil: Instant;
}

export interface ConflictList {
  items: ConflictResponse[];
}

export function toCalendarResponse(calendar: Calendar, now: Date, freshness: Freshness): CalendarResponse {
  const { zone, failure, syncedAt } = calendar;
  const { state, since } = stateOf(calendar, now, freshness);
  return {
    id: calendar.id,
    version: calendar.version,
    practitionerId: calendar.practitionerId,
    kind: calendar.kind,
    name: calendar.name,
    host: calendar.host,
    zone,
    policy: calendar.policy,
    writes: calendar.writes,
    showsPatients: calendar.showsPatients,
    state,
    since: since && inZone(since, zone),
    syncedAt: syncedAt && inZone(syncedAt, zone),
    failure: failure && {
      code: failure.code,
      message: calendarFailures[failure.code],
      since: inZone(failure.since, zone),
    },
    problems: calendar.problems,
    unwritten: calendar.unwritten,
  };
}

export const toConflictResponse = (conflict: CalendarConflict): ConflictResponse => ({
  appointmentId: conflict.appointmentId,
  start: inZone(conflict.start, conflict.zone),
  end: inZone(conflict.end, conflict.zone),
  calendarId: conflict.calendarId,
  busyFrom: inZone(conflict.busy.start, conflict.zone),
  busyUntil: inZone(conflict.busy.end, conflict.zone),
});
