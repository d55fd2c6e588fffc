import ICAL from 'ical.js';
import type { CalendarEvent } from '../../domain/calendars/event.js';

export interface IcsWriting {
  /** `PUBLISH`, or `CANCEL` for events that are taken back (RFC 5546); left out in what CalDAV stores. */
  method?: 'PUBLISH' | 'CANCEL';
  /** When it is written; the same writing of the same events at the same time is the same text. */
  stamp: Date;
  /** Of the whole calendar. */
  name?: string;
}

/** Events as iCalendar (RFC 5545). Times are in UTC, so they mean the same to everybody, whatever their clocks do. */
export function writeIcs(events: readonly CalendarEvent[], { method, stamp, name }: IcsWriting): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Cabinet//Cabinet//EN');
  if (method) calendar.addPropertyWithValue('method', method);
  if (name) calendar.addPropertyWithValue('x-wr-calname', name);
  for (const event of events) calendar.addSubcomponent(toComponent(event, stamp));
  return `${calendar.toString()}\r\n`;
}

function toComponent(event: CalendarEvent, stamp: Date): ICAL.Component {
  const component = new ICAL.Component('vevent');
  component.addPropertyWithValue('uid', event.uid);
  component.addPropertyWithValue('dtstamp', utc(stamp));
  component.addPropertyWithValue('sequence', event.sequence);
  component.addPropertyWithValue('dtstart', utc(event.start));
  component.addPropertyWithValue('dtend', utc(event.end));
  component.addPropertyWithValue('status', event.status);
  component.addPropertyWithValue('summary', event.summary);
  if (event.url) component.addPropertyWithValue('url', event.url);
  return component;
}

const utc = (instant: Date): ICAL.Time => ICAL.Time.fromJSDate(instant, true);
