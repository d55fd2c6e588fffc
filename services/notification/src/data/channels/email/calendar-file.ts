import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';
import type { CalendarPart } from '../../../domain/channel.js';
import { readMailAddress } from '../../../domain/channels/mail-address.js';
import { onClock, zoneComponent } from './zone-rules.js';

const titleMax = 200;

/**
 * An invitation, a change of it or its end as iCalendar (RFC 5545, 5546). A client moves or removes what has the same UID and a lower
 * SEQUENCE; times are by the clock of the practice, whose zone goes along.
 * @returns what is wrong with the part, in place of the file
 */
export function calendarFile(part: CalendarPart, stamp: Date): { file: string } | { problem: string } {
  const [organizer, attendee] = [part.organizer, part.attendee].map(readMailAddress);
  if (!organizer || 'fault' in organizer) return { problem: 'the organizer has no address' };
  if (!attendee || 'fault' in attendee) return { problem: 'the attendee has no address' };
  if (!IANAZone.isValidZone(part.zone)) return { problem: 'the zone is not known' };
  const [start, end] = [part.start, part.end].map((text) => DateTime.fromISO(text, { setZone: true }));
  if (!start?.isValid || !end?.isValid || end <= start) return { problem: 'it does not end after it starts' };
  if (!/^[\w.@-]{1,255}$/.test(part.uid)) return { problem: 'the UID is none' };
  if (!Number.isInteger(part.sequence) || part.sequence < 0) return { problem: 'the SEQUENCE is none' };

  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//Cabinet//Cabinet//EN');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', part.method);
  // A copy: a component has one place.
  calendar.addSubcomponent(new ICAL.Component(zoneComponent(part.zone, start.setZone(part.zone).year).toJSON()));

  const event = new ICAL.Component('vevent');
  event.addPropertyWithValue('uid', part.uid);
  event.addPropertyWithValue('sequence', part.sequence);
  event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(stamp, true));
  event.addProperty(timeIn(part.zone, 'dtstart', start));
  event.addProperty(timeIn(part.zone, 'dtend', end));
  event.addPropertyWithValue('summary', oneLine(part.title));
  if (part.place) event.addPropertyWithValue('location', oneLine(part.place));
  event.addPropertyWithValue('status', part.method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED');
  event.addPropertyWithValue('class', 'PRIVATE');
  event.addPropertyWithValue('transp', part.method === 'CANCEL' ? 'TRANSPARENT' : 'OPAQUE');
  event.addPropertyWithValue('organizer', `mailto:${organizer.wire}`);
  const invited = event.addPropertyWithValue('attendee', `mailto:${attendee.wire}`);
  // They have booked it: nobody waits for their answer.
  for (const [name, value] of [
    ['role', 'REQ-PARTICIPANT'],
    ['partstat', 'ACCEPTED'],
    ['rsvp', 'FALSE'],
  ] as const)
    invited.setParameter(name, value);
  calendar.addSubcomponent(event);
  return { file: `${folded(calendar.toString())}\r\n` };
}

function timeIn(zone: string, name: string, instant: DateTime): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setValue(onClock(instant.setZone(zone)));
  property.setParameter('tzid', zone);
  return property;
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, titleMax);

const lineOctetsMax = 75;

/** Lines as RFC 5545, section 3.1, has them, with the space that goes on with one counted (ical.js leaves that out). */
const folded = (text: string): string =>
  text
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .map((line) => {
      const pieces = [''];
      let octets = 0;
      for (const letter of line) {
        octets += Buffer.byteLength(letter);
        if (octets > lineOctetsMax) {
          pieces.push('');
          octets = 1 + Buffer.byteLength(letter);
        }
        pieces[pieces.length - 1] += letter;
      }
      return pieces.join('\r\n ');
    })
    .join('\r\n');
