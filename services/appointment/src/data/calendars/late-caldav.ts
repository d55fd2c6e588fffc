import type { CalendarAccess } from '../../domain/calendars/calendar.js';
import type { CalendarEvent } from '../../domain/calendars/event.js';
import type { CalendarProvider, CalendarReading, CheckedAccess, ReadingOf } from '../../domain/calendars/ports.js';
import type { CalDav } from './caldav.js';
import type { Outgoing } from './outgoing.js';
import type { Patience } from './patience.js';

/** CalDAV, loaded for the first calendar of that kind: most practices have none, and what reads XML is large. */
export class LateCalDav implements CalendarProvider {
  private loaded?: Promise<CalDav>;

  constructor(
    private readonly outgoing: Outgoing,
    private readonly patience: Patience,
  ) {}

  async check(access: CalendarAccess): Promise<CheckedAccess> {
    return (await this.load()).check(access);
  }

  async read(access: CalendarAccess, reading: ReadingOf): Promise<CalendarReading | undefined> {
    return (await this.load()).read(access, reading);
  }

  async write(access: CalendarAccess, event: CalendarEvent, etag: string | undefined): Promise<{ etag?: string }> {
    return (await this.load()).write(access, event, etag);
  }

  private load(): Promise<CalDav> {
    this.loaded ??= import('./caldav.js').then(({ CalDav }) => new CalDav(this.outgoing, this.patience));
    return this.loaded;
  }
}
