import ICAL from 'ical.js';
import ical from 'node-ical';
import { afterEach, describe, expect, it } from 'vitest';
import { calendarOf } from '../../../../test/channels/messages.js';
import type { CalendarPart } from '../../../domain/channel.js';
import { calendarFile } from './calendar-file.js';

const stamp = new Date('2026-11-01T10:00:00Z');
const ownZone = process.env.TZ;

afterEach(() => {
  if (ownZone === undefined) delete process.env.TZ;
  else process.env.TZ = ownZone;
});

function write(fields: Partial<CalendarPart> = {}): string {
  const written = calendarFile(calendarOf(fields), stamp);
  if ('problem' in written) throw new Error(written.problem);
  return written.file;
}

/** As ical.js reads it, knowing no zone but that of the file. */
function readByFile(text: string) {
  const calendar = ICAL.Component.fromString(text);
  const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone') as ICAL.Component);
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') as ICAL.Component);
  const at = (time: ICAL.Time) => {
    const placed = time.clone();
    placed.zone = zone;
    return placed.toJSDate().toISOString();
  };
  return { calendar, event, start: at(event.startDate), end: at(event.endDate) };
}

/** As node-ical reads it, by the zones that it knows itself. */
function readByName(text: string) {
  const events = Object.values(ical.sync.parseICS(text)).filter((each) => each?.type === 'VEVENT');
  expect(events).toHaveLength(1);
  // biome-ignore lint/suspicious/noExplicitAny: what another parser makes of it
  return events[0] as any;
}

describe('a calendar file', () => {
  it.each([
    ['in winter', 'Europe/Paris', '2026-12-01T08:00:00.000Z'],
    ['in summer', 'Europe/Paris', '2026-07-01T07:00:00.000Z'],
    ['before the clock goes forward', 'Europe/Paris', '2026-03-29T00:30:00.000Z'],
    ['after the clock went forward', 'Europe/Paris', '2026-03-29T01:30:00.000Z'],
    ['before the clock goes back', 'Europe/Paris', '2026-10-24T22:30:00.000Z'],
    ['after the clock went back', 'Europe/Paris', '2026-10-25T02:30:00.000Z'],
    ['on New Year’s Eve', 'Europe/Paris', '2026-12-31T22:30:00.000Z'],
    ['in La Réunion', 'Indian/Reunion', '2026-07-01T07:00:00.000Z'],
    ['in Martinique', 'America/Martinique', '2026-07-01T15:00:00.000Z'],
    ['in Saint-Pierre', 'America/Miquelon', '2026-07-01T15:00:00.000Z'],
    ['where Ramadan changes the clock', 'Africa/Casablanca', '2026-03-01T09:00:00.000Z'],
    ['in the South', 'Pacific/Auckland', '2026-01-15T00:00:00.000Z'],
  ])('means the same instant %s by its own zone and by the name of it, wherever it is written', (_, zone, start) => {
    const end = new Date(Date.parse(start) + 30 * 60_000).toISOString();
    const files = ['UTC', 'Europe/Paris', 'Pacific/Auckland'].map((here) => {
      process.env.TZ = here;
      return write({ zone, start, end });
    });
    expect(new Set(files).size).toBe(1);
    expect(readByFile(files[0] ?? '')).toMatchObject({ start, end });
    expect(readByName(files[0] ?? '').start.toISOString()).toBe(start);
  });

  it('gives a zone by its rule where it has one, else by its changes', () => {
    expect(write()).toContain('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU');
    expect(write({ zone: 'America/New_York' })).toContain('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU');
    expect(write({ zone: 'Africa/Casablanca' })).not.toContain('RRULE');
    expect(write({ zone: 'Indian/Reunion' }).match(/BEGIN:(STANDARD|DAYLIGHT)/g)).toEqual(['BEGIN:STANDARD']);
  });

  it('moves an event and takes it back in a client that keeps the highest SEQUENCE of a UID', () => {
    const moved = { start: '2026-12-02T09:00:00Z', end: '2026-12-02T09:30:00Z' };
    const files = [write(), write({ ...moved, sequence: 1 }), write({ ...moved, sequence: 2, method: 'CANCEL' })];
    const read = files.map(readByName);
    expect(read.map(({ uid, sequence, status }) => [uid, Number(sequence), status])).toEqual([
      [calendarOf().uid, 0, 'CONFIRMED'],
      [calendarOf().uid, 1, 'CONFIRMED'],
      [calendarOf().uid, 2, 'CANCELLED'],
    ]);
    expect(read.map(({ start }) => start.toISOString())).toEqual([
      '2026-12-01T08:00:00.000Z',
      '2026-12-02T09:00:00.000Z',
      '2026-12-02T09:00:00.000Z',
    ]);
    // Of the calendar and not of an event, where clients look for it.
    const methods = files.map((file) => readByFile(file).calendar.getFirstPropertyValue('method'));
    expect(methods).toEqual(['REQUEST', 'REQUEST', 'CANCEL']);
  });

  it('has lines of 75 octets at most, which end as RFC 5545 has it, whatever letters a title has', () => {
    const file = write({ title: 'Rendez-vous à l’hôpital – 診療所 👩‍⚕️ '.repeat(8), place: 'É'.repeat(199) });
    expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = file.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.length).toBeGreaterThan(40);
    expect(readByName(file).location).toBe('É'.repeat(199));
    // No letter is cut in two.
    expect(file).not.toContain('\ufffd');
  });

  it('keeps what people wrote in its place', () => {
    const title = 'Cabinet; a, b\\c\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:other';
    const file = write({ title });
    expect(readByName(file).summary).toBe('Cabinet; a, b\\c END:VEVENT BEGIN:VEVENT SUMMARY:other');
    expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(2);
    expect(file.match(/^BEGIN:VEVENT/gm)).toHaveLength(1);
  });

  it.each([
    ['a zone that nobody knows', { zone: 'Europe/Nowhere' }, 'the zone is not known'],
    ['no time', { start: 'tomorrow' }, 'it does not end after it starts'],
    ['an end before the start', { end: '2026-12-01T07:00:00Z' }, 'it does not end after it starts'],
    ['an organizer with a second header', { organizer: 'a@b.example\r\nX:1' }, 'the organizer has no address'],
    ['an attendee who has no address', { attendee: 'alice' }, 'the attendee has no address'],
    ['a UID of two lines', { uid: 'a\r\nb' }, 'the UID is none'],
    ['a SEQUENCE that is none', { sequence: 1.5 }, 'the SEQUENCE is none'],
  ])('is not written with %s', (_, fields, problem) => {
    expect(calendarFile(calendarOf(fields), stamp)).toEqual({ problem });
  });
});
