import type { CalendarAccess } from '../../../domain/calendars/calendar.js';
import type { CalendarEvent } from '../../../domain/calendars/event.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type {
  CalendarProvider,
  CalendarReading,
  CheckedAccess,
  DavAccess,
  ReadingOf,
  ReadResource,
} from '../../../domain/calendars/ports.js';
import { assertAnswered } from '../egress/answers.js';
import { urlOf } from '../ics/ics-feed.js';
import type { IsolatedReader } from '../ics/isolated-reader.js';
import { writeIcs } from '../ics/write-ics.js';
import { collectionAt, type DavClient, propfind, type Question } from './dav-client.js';
import { type DavResponse, davBody, isCalendar, props, textOf } from './dav-xml.js';

/** Objects that are fetched in one request. */
const fetchedAtOnce = 100;
const writeTriesMax = 3;

/** A collection on a CalDAV server (RFC 4791), read by sync tokens (RFC 6578) where there are any, else by its ctag. */
export class CalDav implements CalendarProvider {
  constructor(
    private readonly client: DavClient,
    private readonly reader: IsolatedReader,
  ) {}

  async check(access: CalendarAccess): Promise<CheckedAccess> {
    const given = access as DavAccess;
    const url = collectionOf(given.url);
    const { found } = await this.lookAt({ ...given, url: url.href }, url);
    if (!isCalendar(found)) throw new CalendarFailure('CALENDAR.UNREADABLE');
    return { access: { ...given, url: url.href }, host: url.host };
  }

  async read(access: CalendarAccess, reading: ReadingOf): Promise<CalendarReading | undefined> {
    const given = access as DavAccess;
    const url = collectionOf(given.url);
    const { found } = await this.lookAt(given, url);
    const [token, ctag] = [textOf(found['sync-token']), textOf(found.getctag)];
    const { bookmark } = reading;
    const isSame = bookmark && (token ? bookmark.token === token : ctag !== undefined && bookmark.ctag === ctag);
    if (isSame) return undefined;
    const changes =
      (bookmark?.token && token ? await this.changesSince(bookmark.token, given, url) : undefined) ??
      (await this.changesByTags(given, url, bookmark ? await reading.known() : new Map()));
    const resources = await this.fetch(given, url, changes.changed, reading);
    const gone = changes.changed.filter((path) => !resources.some(({ resource }) => resource === path));
    const next = changes.token ?? token;
    return {
      isComplete: bookmark === undefined,
      changed: resources,
      removed: [...changes.removed, ...gone],
      bookmark: { ...(next && { token: next }), ...(ctag && { ctag }) },
    };
  }

  /**
   * Stores an event at an address that its appointment alone gives, so a second writing meets the first. An entity tag keeps
   * us from overwriting what we have not seen; what somebody changed there is looked at, and ours holds.
   */
  async write(access: CalendarAccess, event: CalendarEvent, etag: string | undefined): Promise<{ etag?: string }> {
    const given = access as DavAccess;
    const url = new URL(`${event.appointmentId}.ics`, collectionOf(given.url));
    const isGone = event.status === 'CANCELLED';
    let known = etag;
    for (let tries = 1; tries <= writeTriesMax; tries += 1) {
      if (isGone && !known) known = await this.tagAt(given, url);
      if (isGone && !known) return {};
      const reply = await this.client.ask(given, isGone ? deletion(url, known) : storing(url, event, known));
      if (reply.status === 412) known = await this.tagAt(given, url);
      else if (isGone && (reply.status === 404 || reply.status === 410)) return {};
      else if (known && reply.status === 404) known = undefined;
      else if (reply.status === 403 || reply.status === 405) throw new CalendarFailure('CALENDAR.NOT_WRITABLE');
      else {
        assertAnswered(reply);
        return isGone ? {} : { etag: reply.headers.etag };
      }
    }
    throw new CalendarFailure('CALENDAR.NOT_WRITABLE');
  }

  private async tagAt(access: DavAccess, url: URL): Promise<string | undefined> {
    const reply = await this.client.ask(access, propfind(url, '0', props('d:getetag')));
    if (reply.status === 404 || reply.status === 410) return undefined;
    assertAnswered(reply);
    return textOf((await this.client.multiStatusOf(reply)).responses[0]?.found.getetag);
  }

  private async lookAt(access: DavAccess, url: URL): Promise<DavResponse> {
    const wanted = props('d:resourcetype', 'd:sync-token', 'cs:getctag');
    const { responses } = await this.client.askMany(access, propfind(url, '0', wanted));
    const [collection] = responses;
    if (!collection) throw new CalendarFailure('CALENDAR.UNREADABLE');
    return collection;
  }

  /** @returns undefined when the server no longer knows the token */
  private async changesSince(token: string, access: DavAccess, url: URL): Promise<Changes | undefined> {
    const body = davBody('d:sync-collection', { 'd:sync-token': token, 'd:sync-level': '1', ...props('d:getetag') });
    const reply = await this.client.ask(access, { method: 'REPORT', url, body, headers: { depth: '0' } });
    // RFC 6578 section 3.2: 403 with valid-sync-token; some answer 409, 410 or 412.
    if ([400, 403, 409, 410, 412].includes(reply.status)) return undefined;
    assertAnswered(reply);
    const { responses, syncToken } = await this.client.multiStatusOf(reply);
    const isCut = responses.some(({ status }) => status === 507);
    const objects = responses.filter(({ href, status }) => status !== 507 && isObject(href, url));
    const paths = (gone: boolean) =>
      objects.filter(({ status }) => (status === 404) === gone).map(({ href }) => pathOf(href, url));
    const changes = { changed: paths(false), removed: paths(true), token: syncToken };
    if (!isCut || !syncToken || syncToken === token) return changes;
    const more = await this.changesSince(syncToken, access, url);
    return more && joined(changes, more);
  }

  private async changesByTags(access: DavAccess, url: URL, known: ReadonlyMap<string, string>): Promise<Changes> {
    const { responses } = await this.client.askMany(access, propfind(url, '1', props('d:getetag')));
    const tags = new Map(
      responses
        .filter(({ href, found }) => isObject(href, url) && found.getetag !== undefined)
        .map(({ href, found }) => [pathOf(href, url), textOf(found.getetag) ?? '']),
    );
    return {
      changed: [...tags].filter(([path, tag]) => known.get(path) !== tag).map(([path]) => path),
      removed: [...known.keys()].filter((path) => !tags.has(path)),
    };
  }

  private async fetch(
    access: DavAccess,
    url: URL,
    paths: string[],
    { window, zone, begun }: ReadingOf,
  ): Promise<ReadResource[]> {
    const fetched: ReadResource[] = [];
    if (paths.length > 0) await begun();
    for (let from = 0; from < paths.length; from += fetchedAtOnce) {
      const body = davBody('c:calendar-multiget', {
        ...props('d:getetag', 'c:calendar-data'),
        'd:href': paths.slice(from, from + fetchedAtOnce),
      });
      const { responses } = await this.client.askMany(access, { method: 'REPORT', url, body, headers: { depth: '1' } });
      const objects = responses.filter(({ found }) => textOf(found['calendar-data']) !== undefined);
      const texts = objects.map(({ found }) => found['calendar-data'] as string);
      const options = { window, zone, email: access.email, isPart: true };
      const readings = texts.length === 0 ? [] : await this.reader.read('ics', { texts, options });
      for (const [nth, { href, found }] of objects.entries()) {
        const { busy = [], problems = [] } = readings[nth] ?? {};
        fetched.push({ resource: pathOf(href, url), etag: textOf(found.getetag), busy, problems });
      }
    }
    return fetched;
  }
}

interface Changes {
  changed: string[];
  removed: string[];
  token?: string;
}

const storing = (url: URL, event: CalendarEvent, etag: string | undefined): Question => ({
  method: 'PUT',
  url,
  body: writeIcs([event]),
  headers: {
    'content-type': 'text/calendar; charset=utf-8',
    ...(etag ? { 'if-match': etag } : { 'if-none-match': '*' }),
  },
});

const deletion = (url: URL, etag: string | undefined): Question => ({
  method: 'DELETE',
  url,
  headers: etag ? { 'if-match': etag } : {},
});

const joined = (first: Changes, second: Changes): Changes => ({
  changed: [...new Set([...first.changed.filter((path) => !second.removed.includes(path)), ...second.changed])],
  removed: [...new Set([...first.removed.filter((path) => !second.changed.includes(path)), ...second.removed])],
  token: second.token,
});

const collectionOf = (text: string): URL => collectionAt(urlOf(text));

const pathOf = (href: string, base: URL): string =>
  URL.canParse(href, base.href) ? new URL(href, base).pathname : href;

/** The collection lists itself among its objects. */
const isObject = (href: string, collection: URL): boolean =>
  pathOf(href, collection) !== collection.pathname && !href.endsWith('/');
