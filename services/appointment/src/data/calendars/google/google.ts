import type { CalendarAccess } from '../../../domain/calendars/calendar.js';
import { appointmentOf, type CalendarEvent, googleIdOf } from '../../../domain/calendars/event.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type {
  CalendarProvider,
  CalendarReading,
  CheckedAccess,
  PushChannel,
  ReadingOf,
  ReadResource,
} from '../../../domain/calendars/ports.js';
import { assertAnswered } from '../egress/answers.js';
import type { EgressClient, Reply } from '../egress/egress-client.js';
import { jsonOf } from '../egress/json.js';
import type { ProviderPolicies } from '../egress/provider-policies.js';
import { clockOfZone } from '../ics/wall-clock.js';
import type { GoogleSignIn } from './google-sign-in.js';

type GoogleAccess = Extract<CalendarAccess, { kind: 'google' }>;

export interface GoogleApi {
  /** `https://www.googleapis.com/calendar/v3` */
  apiUrl: string;
}

const pageSize = 2_500;
const pagesMax = 20;
const writeTriesMax = 3;

interface Question {
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: object;
  etag?: string;
}

/** What of an event counts; titles, people and places are not even asked for. */
const fields =
  'nextPageToken,nextSyncToken,items(id,iCalUID,status,transparency,eventType,start,end,attendees(self,responseStatus))';

interface GoogleEvent {
  id?: string;
  iCalUID?: string;
  status?: string;
  transparency?: string;
  eventType?: string;
  start?: GoogleTime;
  end?: GoogleTime;
  attendees?: { self?: boolean; responseStatus?: string }[];
}

interface GoogleTime {
  date?: string;
  dateTime?: string;
}

interface Page {
  items?: GoogleEvent[];
  nextPageToken?: string;
  nextSyncToken?: string;
}

/** A calendar at Google (API v3): read by sync tokens, each occurrence as an event of its own. */
export class GoogleCalendar implements CalendarProvider {
  constructor(
    private readonly egress: EgressClient,
    private readonly policies: ProviderPolicies,
    /** Absent: the practice is no longer registered at Google. */
    private readonly signIn: GoogleSignIn | undefined,
    private readonly api: GoogleApi,
  ) {}

  async check(access: CalendarAccess): Promise<CheckedAccess> {
    const reply = await this.ask(access, { method: 'GET', path: pathOf(access) });
    assertAnswered(reply);
    const { id } = jsonOf<{ id?: string }>(reply);
    const { refreshToken } = access as GoogleAccess;
    // `primary` is whatever is so today.
    const calendarId = id ?? (access as GoogleAccess).calendarId;
    return { access: { kind: 'google', calendarId, refreshToken }, host: new URL(this.api.apiUrl).host };
  }

  async read(access: CalendarAccess, reading: ReadingOf): Promise<CalendarReading | undefined> {
    const { window, zone, bookmark } = reading;
    const since = bookmark?.token;
    const range: Record<string, string> = since
      ? { syncToken: since }
      : { timeMin: new Date(window.start).toISOString(), timeMax: new Date(window.end).toISOString() };
    const events = new Map<string, GoogleEvent>();
    let pageToken: string | undefined;
    for (let pages = 0; ; pages += 1) {
      if (pages === pagesMax) throw new CalendarFailure('CALENDAR.TOO_MANY_EVENTS');
      const query = {
        ...range,
        singleEvents: 'true',
        maxResults: String(pageSize),
        fields,
        ...(pageToken && { pageToken }),
      };
      const reply = await this.ask(access, { method: 'GET', path: `${pathOf(access)}/events`, query });
      // It no longer knows what we have: everything is read again.
      if (reply.status === 410) {
        if (!since) throw new CalendarFailure('CALENDAR.NOT_FOUND');
        return this.read(access, { ...reading, bookmark: undefined });
      }
      assertAnswered(reply);
      const page = jsonOf<Page>(reply);
      for (const event of page.items ?? []) if (event.id) events.set(event.id, event);
      pageToken = page.nextPageToken;
      if (pageToken) continue;
      const all = [...events.values()];
      return {
        isComplete: !since,
        changed: all.filter(isThere).map((event) => toResource(event, zone)),
        removed: all.filter((event) => !isThere(event)).map(({ id = '' }) => id),
        bookmark: page.nextSyncToken ? { token: page.nextSyncToken } : {},
      };
    }
  }

  /** The event's identifier follows from the appointment, so a second writing meets the first (409) and changes it instead. */
  async write(access: CalendarAccess, event: CalendarEvent, etag: string | undefined): Promise<{ etag?: string }> {
    const path = `${pathOf(access)}/events/${googleIdOf(event.appointmentId)}`;
    if (event.status === 'CANCELLED') return this.remove(access, path);
    let known = etag;
    for (let tries = 1; tries <= writeTriesMax; tries += 1) {
      const reply = await this.ask(access, known ? replacing(path, event, known) : inserting(pathOf(access), event));
      const isOther = reply.status === 409 || reply.status === 412;
      if (isOther) known = await this.tagAt(access, path);
      else if (known && (reply.status === 404 || reply.status === 410)) known = undefined;
      else if (reply.status === 403) throw new CalendarFailure('CALENDAR.NOT_WRITABLE');
      else {
        assertAnswered(reply);
        return { etag: jsonOf<{ etag?: string }>(reply).etag };
      }
    }
    throw new CalendarFailure('CALENDAR.NOT_WRITABLE');
  }

  async watch(access: CalendarAccess, channel: PushChannel): Promise<{ expiresAt: Date }> {
    const body = { id: channel.id, type: 'web_hook', address: channel.address, token: channel.token };
    const reply = await this.ask(access, { method: 'POST', path: `${pathOf(access)}/events/watch`, body });
    assertAnswered(reply);
    const { expiration } = jsonOf<{ expiration?: string }>(reply);
    return { expiresAt: new Date(Number(expiration ?? 0)) };
  }

  private async remove(access: CalendarAccess, path: string): Promise<{ etag?: string }> {
    const reply = await this.ask(access, { method: 'DELETE', path });
    if (reply.status !== 404 && reply.status !== 410) assertAnswered(reply);
    return {};
  }

  private async tagAt(access: CalendarAccess, path: string): Promise<string | undefined> {
    const reply = await this.ask(access, { method: 'GET', path, query: { fields: 'etag' } });
    if (reply.status === 404) return undefined;
    assertAnswered(reply);
    return jsonOf<{ etag?: string }>(reply).etag;
  }

  private async ask(access: CalendarAccess, question: Question): Promise<Reply> {
    const { refreshToken } = access as GoogleAccess;
    if (!this.signIn) throw new CalendarFailure('CALENDAR.ACCESS_REFUSED');
    const first = await this.askWith(await this.signIn.accessToken(refreshToken), question);
    if (first.status !== 401) return first;
    // The access token may have been taken back before its time; the refresh token tells whether we still may.
    return this.askWith(await this.signIn.accessToken(refreshToken, true), question);
  }

  private askWith(token: string, { method, path, query, body, etag }: Question): Promise<Reply> {
    const url = new URL(`${this.api.apiUrl}${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    return this.policies.call('google', async () => {
      const reply = await this.egress.send({
        method,
        url,
        isOperators: true,
        body: body && JSON.stringify(body),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(etag && { 'if-match': etag }),
        },
      });
      if (isRateLimit(reply)) assertAnswered({ ...reply, status: 429 });
      if (reply.status >= 500) assertAnswered(reply);
      return reply;
    });
  }
}

const pathOf = (access: CalendarAccess): string =>
  `/calendars/${encodeURIComponent((access as GoogleAccess).calendarId)}`;

const inserting = (calendar: string, event: CalendarEvent): Question => ({
  method: 'POST',
  path: `${calendar}/events`,
  body: { id: googleIdOf(event.appointmentId), ...bodyOf(event) },
});

const replacing = (path: string, event: CalendarEvent, etag: string): Question => ({
  method: 'PUT',
  path,
  body: bodyOf(event),
  etag,
});

// Of the sequence Google itself keeps count.
const bodyOf = (event: CalendarEvent): object => ({
  summary: event.summary,
  status: event.status.toLowerCase(),
  start: { dateTime: event.start.toISOString() },
  end: { dateTime: event.end.toISOString() },
  ...(event.url && { location: event.url }),
});

const isThere = ({ status }: GoogleEvent): boolean => status !== 'cancelled';

function toResource(event: GoogleEvent, zone: string): ReadResource {
  const resource = event.id ?? '';
  const isDeclined = event.attendees?.some(({ self, responseStatus }) => self && responseStatus === 'declined');
  const isFree = event.transparency === 'transparent' || event.eventType === 'workingLocation' || isDeclined;
  if (isFree) return { resource, busy: [], problems: [] };
  const [start, end] = [instantOf(event.start, zone), instantOf(event.end, zone)];
  if (start === undefined || end === undefined || end < start) {
    return { resource, busy: [], problems: [{ code: 'CALENDAR.EVENT_UNREADABLE', count: 1 }] };
  }
  return { resource, busy: [{ start, end, appointmentId: appointmentOf(event.iCalUID ?? resource) }], problems: [] };
}

function instantOf({ date, dateTime }: GoogleTime = {}, zone: string): number | undefined {
  const instant = dateTime ? Date.parse(dateTime) : clockOfZone(zone).instantOf(Date.parse(date ?? ''));
  return Number.isNaN(instant) ? undefined : instant;
}

const isRateLimit = ({ status, body }: Reply): boolean =>
  status === 429 ||
  (status === 403 && /"reason":\s*"(rateLimitExceeded|userRateLimitExceeded|quotaExceeded)"/.test(body));
