import ICAL from 'ical.js';
import type { CalendarEvent } from '../../../domain/calendars/event.js';

export interface IcsWriting {
  /** `PUBLISH`, or `CANCEL` for events that are taken back (RFC 5546); left out in what CalDAV stores. */
  method?: 'PUBLISH' | 'CANCEL';
}

/** Events as iCalendar (RFC 5545). Times are in UTC, so they mean the same to everybody, whatever their clocks do. */
export function writeIcs(events: readonly CalendarEvent[], { method }: IcsWriting = {}): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Cabinet//Cabinet//EN');
  if (method) calendar.addPropertyWithValue('method', method);
  for (const event of events) calendar.addSubcomponent(toComponent(event));
  return `${calendar.toString()}\r\n`;
}

function toComponent(event: CalendarEvent): ICAL.Component {
  const component = new ICAL.Component('vevent');
  component.addPropertyWithValue('uid', event.uid);
  component.addPropertyWithValue('dtstamp', utc(event.stamp));
  component.addPropertyWithValue('sequence', event.sequence);
  component.addPropertyWithValue('dtstart', utc(event.start));
  component.addPropertyWithValue('dtend', utc(event.end));
  component.addPropertyWithValue('status', event.status);
  component.addPropertyWithValue('summary', event.summary);
  if (event.url) component.addPropertyWithValue('url', event.url);
  return component;
}

const utc = (instant: Date): ICAL.Time => ICAL.Time.fromJSDate(instant, true);
