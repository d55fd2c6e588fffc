import { getDomain } from 'tldts';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type { DavAccess, FoundCalendar } from '../../../domain/calendars/ports.js';
import { urlOf } from '../ics/ics-feed.js';
import { collectionAt, type DavClient, propfind } from './dav-client.js';
import { type DavResponse, hrefOf, isCalendar, namesIn, props, textOf } from './dav-xml.js';

/** A server's own word may lead on so many times: to who we are, and from there to where their calendars are. */
const stepsMax = 3;

/**
 * Finds somebody's calendars from any address of their server, as its owner knows it: by who is signed in, and where that
 * one's calendars are (RFC 6764, section 6; RFC 5397; RFC 4791, section 6.2.1).
 */
export class CalDavDiscovery {
  constructor(private readonly client: DavClient) {}

  /** @throws CalendarFailure when nothing there leads to calendars */
  async find(access: DavAccess): Promise<FoundCalendar[]> {
    const given = urlOf(access.url);
    for (const start of [given, new URL('/.well-known/caldav', given), new URL('/', given)]) {
      const seen = await this.lookAt(access, start);
      if (!seen) continue;
      if (isCalendar(seen.found)) return [toFound(seen, collectionAt(given))];
      const home = await this.homeFrom(access, start, seen);
      if (home) return this.calendarsIn(access, home);
    }
    throw new CalendarFailure('CALENDAR.UNREADABLE');
  }

  /** @returns undefined where there is nothing of the kind: then another address may know */
  private async lookAt(access: DavAccess, url: URL): Promise<DavResponse | undefined> {
    const wanted = props('d:resourcetype', 'd:displayname', 'd:current-user-principal', 'c:calendar-home-set', ...told);
    const reply = await this.client.ask(access, propfind(url, '0', wanted));
    return reply.status === 207 ? (await this.client.multiStatusOf(reply)).responses[0] : undefined;
  }

  private async homeFrom(access: DavAccess, start: URL, seen: DavResponse): Promise<URL | undefined> {
    let [at, { found }] = [start, seen];
    for (let step = 0; step < stepsMax; step += 1) {
      const home = hrefOf(found['calendar-home-set']);
      if (home) return collectionAt(leadFrom(at, home));
      const principal = hrefOf(found['current-user-principal']);
      if (!principal) return undefined;
      at = leadFrom(at, principal);
      found = (await this.lookAt(access, at))?.found ?? {};
    }
    return undefined;
  }

  private async calendarsIn(access: DavAccess, home: URL): Promise<FoundCalendar[]> {
    const wanted = props('d:resourcetype', 'd:displayname', ...told);
    const { responses } = await this.client.askMany(access, propfind(home, '1', wanted));
    return responses
      .filter(({ found }) => isCalendar(found) && takesEvents(found))
      .map((each) => toFound(each, collectionAt(leadFrom(home, each.href))));
  }
}

const told = ['c:supported-calendar-component-set', 'd:current-user-privilege-set'];

// A collection that says nothing takes everything (RFC 4791, section 5.2.3).
function takesEvents(found: DavResponse['found']): boolean {
  const kinds = namesIn(found['supported-calendar-component-set'], 'comp');
  return kinds.length === 0 || kinds.includes('VEVENT');
}

function toFound({ found }: DavResponse, url: URL): FoundCalendar {
  const privileges = found['current-user-privilege-set'];
  return {
    url: url.href,
    name: textOf(found.displayname),
    isWritable: privileges === undefined ? undefined : /"(?:all|write|write-content)"/.test(JSON.stringify(privileges)),
  };
}

/**
 * The address that a server tells of another part of it. The password goes there too, so never without TLS after TLS, and to
 * nobody but whoever the first address belongs to.
 */
function leadFrom(from: URL, href: string): URL {
  const to = URL.canParse(href, from.href) ? new URL(href, from) : undefined;
  const isDowngrade = from.protocol === 'https:' && to?.protocol !== 'https:';
  if (!to || isDowngrade || !isOfOneOwner(from, to)) throw new CalendarFailure('CALENDAR.REDIRECTED');
  return to;
}

// Some keep each user on another host of theirs. What many have a part of, as `co.uk` and `github.io`, is nobody's (public
// suffix list); addresses without a name belong to nobody that we know.
function isOfOneOwner(from: URL, to: URL): boolean {
  if (from.host === to.host) return true;
  const [owner, other] = [from, to].map(({ hostname }) => getDomain(hostname, { allowPrivateDomains: true }));
  return owner !== null && owner === other;
}
