import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { Conflict, InvalidInput, invalidField, NotFound } from '@cabinet/kit/errors';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { IANAZone } from 'luxon';
import { noteKept } from '../booking/access.js';
import { capacityOf } from '../capacity.js';
import type { Directory } from '../directory.js';
import { errorCodes } from '../error-codes.js';
import { assertMayKeepCalendars, assertMaySeeAgenda, mayKeepCalendars } from './access.js';
import {
  accessBy,
  type Calendar,
  type CalendarAccess,
  type CalendarKind,
  type CalendarSettings,
  type Credentials,
} from './calendar.js';
import { CalendarFailure, calendarFailures } from './failures.js';
import type {
  CalendarConflict,
  CalendarConflicts,
  CalendarFinder,
  Calendars,
  CheckedAccess,
  DavAccess,
  FoundCalendar,
  Providers,
} from './ports.js';
import type { SettleTentative } from './settle-tentative.js';
import type { SyncCalendars } from './sync-calendars.js';

/** Of one practitioner. */
const calendarsMax = 20;
/** Who connects a calendar reads it at once and tells how that went; only when that was not to be, whoever finds it due. */
const dueToOthers = (now: Date): Date => new Date(now.getTime() + 60_000);

export interface NewCalendar extends Partial<CalendarSettings> {
  practitionerId: string;
  name: string;
  access: CalendarAccess;
}

/** How long a request waits for a calendar elsewhere, in milliseconds; together less than the gateway waits for us. */
export interface CalendarTimeouts {
  /** With credentials that are tried; after it nothing is kept. */
  checkMs: number;
  /** With a calendar that is read; it is read on after that. */
  readMs: number;
}

export class KeepCalendars {
  constructor(
    private readonly calendars: Calendars,
    private readonly conflicting: CalendarConflicts,
    private readonly providers: Providers,
    private readonly finder: CalendarFinder,
    private readonly sync: SyncCalendars,
    private readonly tentative: SettleTentative,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly calendarTimeouts: CalendarTimeouts = { checkMs: 5_000, readMs: 4_000 },
  ) {}

  /**
   * The calendars that a server has for whoever the credentials are of. Nothing is kept.
   * @throws 422 naming what is wrong with address or credentials
   */
  async find(practitionerId: string, access: DavAccess, actor: Principal): Promise<FoundCalendar[]> {
    assertMayKeepCalendars(actor, practitionerId);
    return this.tried(this.finder.find(access));
  }

  /**
   * Tries the credentials, keeps them, and reads the calendar, so that what is wrong is known at once; who has not answered it in
   * time is read on.
   * @throws 422 naming what is wrong with the calendar, and then nothing is kept
   */
  async connect(wanted: NewCalendar, actor: Principal): Promise<Calendar> {
    const { practitionerId, access, name } = wanted;
    assertMayKeepCalendars(actor, practitionerId);
    if (wanted.writes) assertMaySeeAgenda(actor, practitionerId);
    const connected = await this.connectedBefore(actor);
    if (connected) return connected;
    const practitioner = await this.directory.receivingPractitioner(practitionerId);
    const zone = zoneOr(wanted.zone, practitioner.places[0]?.zone ?? 'UTC');
    this.assertWritable(access.kind, wanted.writes);
    if ((await this.calendars.list(practitionerId)).length >= calendarsMax) throw tooMany();
    const checked = await this.check(access);
    const now = this.clock.now();
    const calendar: Calendar = {
      id: effectOfRequest().id,
      version: 1,
      practitionerId,
      kind: access.kind,
      name,
      zone,
      policy: wanted.policy ?? 'warn',
      writes: wanted.writes ?? false,
      showsPatients: wanted.showsPatients ?? false,
      host: checked.host,
      problems: [],
      readersEnded: 0,
      nextSyncAt: dueToOthers(now),
      unwritten: 0,
      createdAt: now,
      createdBy: actor.id,
    };
    await this.calendars.add(calendar, checked.access);
    return this.readNow(calendar, actor);
  }

  /** What the request at hand has connected already, when it repeats one whose answer was lost. */
  async connectedBefore(actor: Principal): Promise<Calendar | undefined> {
    const stored = await storedBefore((id) => this.calendars.find(id));
    return stored && this.readNow(stored, actor);
  }

  /** @throws 404 for a calendar that is none, or of another practitioner */
  async get(id: string, actor: Principal): Promise<Calendar> {
    const calendar = await this.calendars.find(id);
    if (!calendar || !mayKeepCalendars(actor, calendar.practitionerId)) throw notFound();
    return calendar;
  }

  async list(practitionerId: string, actor: Principal): Promise<Calendar[]> {
    assertMayKeepCalendars(actor, practitionerId);
    return this.calendars.list(practitionerId);
  }

  async conflicts(practitionerId: string, actor: Principal): Promise<CalendarConflict[]> {
    assertMayKeepCalendars(actor, practitionerId);
    const ahead = await this.conflicting.ahead(practitionerId, this.clock.now());
    const seen = ahead.filter((each) => capacityOf(actor, { ...each, practitionerId }) !== undefined);
    noteSubjects(...seen.map(({ patientId }) => patientId));
    noteKept(seen);
    return seen;
  }

  /** @throws 412 when it is no longer of that version, NotAllowed (403) for an admin who would see the agenda by it */
  async change(
    { id, version }: { id: string; version: ExpectedVersion },
    settings: Partial<CalendarSettings>,
    actor: Principal,
  ): Promise<Calendar> {
    const calendar = await this.get(id, actor);
    const { name, policy, writes, showsPatients } = { ...calendar, ...settings };
    const tellsMore = (writes && !calendar.writes) || (showsPatients && !calendar.showsPatients);
    if (tellsMore) assertMaySeeAgenda(actor, calendar.practitionerId);
    assertVersion(version, calendar.version);
    this.assertWritable(calendar.kind, writes);
    const zone = zoneOr(settings.zone, calendar.zone);
    return this.calendars.change(calendar, { name, zone, policy, writes, showsPatients }, this.clock.now());
  }

  /** @throws 422 for credentials that do not open it; the old ones then stay */
  async reconnect(id: string, credentials: Credentials, actor: Principal): Promise<Calendar> {
    const calendar = await this.get(id, actor);
    if (calendar.writes) assertMaySeeAgenda(actor, calendar.practitionerId);
    if (calendar.kind === 'google') {
      throw invalidField('url', 'NOT_OF_GOOGLE', 'is not what opens a calendar at Google; connect it anew');
    }
    const checked = await this.check(accessBy(calendar.kind, credentials));
    await this.calendars.giveAccess(calendar.id, checked, dueToOthers(this.clock.now()));
    return this.readNow(calendar, actor);
  }

  /** @returns the calendar as it is after it was read, or could not be, or while that takes longer than anybody waits */
  async syncNow(id: string, actor: Principal): Promise<Calendar> {
    return this.readNow(await this.get(id, actor), actor);
  }

  /** What waited for it to be read waits for the others, if there are any. */
  async remove(id: string, actor: Principal): Promise<void> {
    const { practitionerId } = await this.get(id, actor);
    await this.calendars.remove(id);
    await this.tentative.settle(practitionerId);
  }

  private async readNow({ id }: Calendar, actor: Principal): Promise<Calendar> {
    await noLongerThan(this.calendarTimeouts.readMs, this.sync.syncNow(id));
    return this.get(id, actor);
  }

  private check(access: CalendarAccess): Promise<CheckedAccess> {
    return this.tried(this.providers[access.kind].check(access));
  }

  /** @throws 422 for what does not answer as a calendar does, or not in time */
  private async tried<T extends object>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await noLongerThan(this.calendarTimeouts.checkMs, asked);
      if (answer) return answer;
      throw new CalendarFailure('CALENDAR.TIMED_OUT');
    } catch (error) {
      if (error instanceof CalendarFailure) throw notUsable(error);
      throw error;
    }
  }

  private assertWritable(kind: CalendarKind, writes = false): void {
    if (!writes || this.providers[kind].write) return;
    throw refused('writes', 'CALENDAR.NOT_WRITABLE', 'is not possible for a calendar that is only published as a file');
  }
}

function zoneOr(wanted: string | undefined, usual: string): string {
  if (wanted === undefined) return usual;
  if (!IANAZone.isValidZone(wanted)) throw refused('zone', 'UNKNOWN_ZONE', 'is not an IANA time zone');
  return wanted;
}

const title = errorCodes['CALENDAR.NOT_USABLE'].title;

const refused = (path: string, code: string, message: string): InvalidInput =>
  new InvalidInput([{ path, code, message }], 'CALENDAR.NOT_USABLE', title);

/** Leaves what takes longer to itself. */
async function noLongerThan<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, delay(ms, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

/** The field that has to be mended. */
const notUsable = ({ code }: CalendarFailure): InvalidInput =>
  refused(code === 'CALENDAR.ACCESS_REFUSED' ? 'password' : 'url', code, calendarFailures[code]);

const notFound = () => new NotFound('CALENDAR.NOT_FOUND', errorCodes['CALENDAR.NOT_FOUND'].title);
const tooMany = () =>
  new Conflict('CALENDAR.TOO_MANY', errorCodes['CALENDAR.TOO_MANY'].title, {
    detail: `A practitioner has ${calendarsMax} at most; remove one first.`,
  });
