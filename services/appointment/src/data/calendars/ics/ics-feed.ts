import type { CalendarAccess } from '../../../domain/calendars/calendar.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import type { CalendarProvider, CalendarReading, CheckedAccess, ReadingOf } from '../../../domain/calendars/ports.js';
import { assertAnswered } from '../egress/answers.js';
import type { EgressClient, Reply } from '../egress/egress-client.js';
import type { ProviderPolicies } from '../egress/provider-policies.js';
import { assertIsWeb } from '../egress/public-addresses.js';
import type { IsolatedReader } from './isolated-reader.js';

type FeedAccess = Extract<CalendarAccess, { kind: 'ics' }>;

/** A calendar that somebody publishes as one file at an address. */
export class IcsFeed implements CalendarProvider {
  constructor(
    private readonly egress: EgressClient,
    private readonly policies: ProviderPolicies,
    private readonly reader: IsolatedReader,
  ) {}

  async check(access: CalendarAccess): Promise<CheckedAccess> {
    const { url, email } = access as FeedAccess;
    const address = urlOf(url);
    await this.get(address, {});
    return { access: { kind: 'ics', url: address.href, email }, host: address.host };
  }

  async read(
    access: CalendarAccess,
    { window, zone, bookmark, begun }: ReadingOf,
  ): Promise<CalendarReading | undefined> {
    const { url, email } = access as FeedAccess;
    const reply = await this.get(urlOf(url), {
      ...(bookmark?.etag && { 'if-none-match': bookmark.etag }),
      ...(bookmark?.modified && { 'if-modified-since': bookmark.modified }),
    });
    if (reply.status === 304) return undefined;
    await begun();
    const [reading] = await this.reader.read('ics', { texts: [reply.body], options: { window, zone, email } });
    const { etag, 'last-modified': modified } = reply.headers;
    return {
      isComplete: true,
      changed: [{ resource: 'feed', busy: reading?.busy ?? [], problems: reading?.problems ?? [] }],
      removed: [],
      bookmark: { ...(etag && { etag }), ...(modified && { modified }) },
    };
  }

  private get(url: URL, headers: Record<string, string>): Promise<Reply> {
    return this.policies.call(url.host, async () => {
      const reply = await this.egress.send({
        method: 'GET',
        url,
        headers: { accept: 'text/calendar, */*;q=0.1', ...headers },
      });
      if (reply.status !== 304) assertAnswered(reply);
      return reply;
    });
  }
}

/** `webcal:` is how calendars write https. */
export function urlOf(text: string): URL {
  const written = text.trim().replace(/^webcals?:/i, 'https:');
  if (!URL.canParse(written)) throw new CalendarFailure('CALENDAR.ADDRESS_REFUSED');
  const url = new URL(written);
  // What is no web address is no base of other addresses either.
  assertIsWeb(url);
  url.hash = '';
  return url;
}
