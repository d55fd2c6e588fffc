import type { CalendarAccess } from '../../../domain/calendars/calendar.js';
import type { CalendarEvent } from '../../../domain/calendars/event.js';
import type {
  CalendarFinder,
  CalendarProvider,
  CalendarReading,
  CheckedAccess,
  DavAccess,
  FoundCalendar,
  ReadingOf,
} from '../../../domain/calendars/ports.js';
import type { EgressClient } from '../egress/egress-client.js';
import type { ProviderPolicies } from '../egress/provider-policies.js';
import type { IsolatedReader } from '../ics/isolated-reader.js';
import type { CalDav } from './caldav.js';
import type { CalDavDiscovery } from './caldav-discovery.js';

/** CalDAV, loaded for the first calendar of that kind: most practices have none, and what reads XML is large. */
export class LazyCalDav implements CalendarProvider, CalendarFinder {
  private loaded?: Promise<{ calendars: CalDav; discovery: CalDavDiscovery }>;

  constructor(
    private readonly egress: EgressClient,
    private readonly policies: ProviderPolicies,
    private readonly reader: IsolatedReader,
  ) {}

  async check(access: CalendarAccess): Promise<CheckedAccess> {
    return (await this.load()).calendars.check(access);
  }

  async read(access: CalendarAccess, reading: ReadingOf): Promise<CalendarReading | undefined> {
    return (await this.load()).calendars.read(access, reading);
  }

  async write(access: CalendarAccess, event: CalendarEvent, etag: string | undefined): Promise<{ etag?: string }> {
    return (await this.load()).calendars.write(access, event, etag);
  }

  async find(access: DavAccess): Promise<FoundCalendar[]> {
    return (await this.load()).discovery.find(access);
  }

  private load() {
    this.loaded ??= this.loadNow();
    return this.loaded;
  }

  private async loadNow() {
    const [{ CalDav }, { CalDavDiscovery }, { DavClient }] = await Promise.all([
      import('./caldav.js'),
      import('./caldav-discovery.js'),
      import('./dav-client.js'),
    ]);
    const client = new DavClient(this.egress, this.policies, this.reader);
    return { calendars: new CalDav(client, this.reader), discovery: new CalDavDiscovery(client) };
  }
}
