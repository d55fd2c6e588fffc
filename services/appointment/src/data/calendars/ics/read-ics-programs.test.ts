import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calendar, event, half, nine, read, starts, utc } from '../../../../test/ics.js';
import { zoneNamed } from './wall-clock.js';
import { windowsZones } from './windows-zones.js';

const hour = 60 * 60_000;
const day = 24 * hour;
const file = (name: string) => readFileSync(new URL(`../../../../test/calendars/${name}.ics`, import.meta.url), 'utf8');
const unreadable = (count: number) => [{ code: 'CALENDAR.EVENT_UNREADABLE', count }];
const unknownZone = (count: number) => [{ code: 'CALENDAR.ZONE_UNKNOWN', count }];
const at = (start: string, hours: number) => `${start}:00Z/${utc(Date.parse(`${start}:00Z`) + hours * hour)}`;
const wholeDay = (date: string) => at(`${utc(Date.parse(date) - day).slice(0, 10)}T23:00`, 24);

describe('a calendar as other programs write it', () => {
  it.each<[string, string, string[], object[]?]>([
    ['a whole day that ends on its own day', '01-allday-same-end', [wholeDay('2026-12-24')]],
    ['a series of whole days that end on their own days', '01b-series-same-end', [at('2026-12-23T23:00', 72)]],
    [
      'rules of a zone that do not say since when, of a name that Windows has',
      '02-vtimezone-no-dtstart',
      [at('2026-12-10T08:30', 0.5), at('2027-06-10T07:30', 0.5)],
    ],
    ['the name of a zone that Windows has', '03-windows-zone-bare', [at('2026-12-10T08:30', 0.5)]],
    [
      'further times that have lengths of their own',
      '04-rdate-period',
      [at('2026-12-01T08:00', 0.5), at('2026-12-03T13:00', 3), at('2026-12-04T08:00', 2)],
    ],
    ['a text with a line of its own', '05-raw-newline-event', [at('2026-12-02T09:00', 1), at('2026-12-03T09:00', 1)]],
    ['a text of the calendar with a line of its own', '05b-raw-newline-calendar', [at('2026-12-03T09:00', 1)]],
    ['a broken task', '05c-broken-vtodo', [at('2026-12-03T09:00', 1)]],
    ['a comma too many', '07-exdate-comma', [at('2026-12-02T09:00', 1), at('2026-12-23T09:00', 1)]],
    [
      'one that was moved, named by its day',
      '08-recid-date',
      [at('2026-12-01T08:00', 0.5), at('2026-12-02T14:00', 0.5), at('2026-12-03T08:00', 0.5)],
    ],
    [
      'one that was cancelled, named by its day',
      '08b-recid-date-cancelled',
      [at('2026-12-01T08:00', 0.5), at('2026-12-03T08:00', 0.5)],
    ],
    ['a zone of its own for times without one', '10-x-wr-timezone', [at('2026-12-10T05:00', 1)]],
    [
      'a rule that comes round each half minute, of which the first time is known',
      '12c-secondly',
      [`${at('2026-12-01T00:00', 0).slice(0, 21)}2026-12-01T00:01:00Z`, at('2026-12-03T09:00', 1)],
      unreadable(1),
    ],
    ['a rule of another reckoning', '14c-rscale', [at('2026-11-30T07:00', 4)], unreadable(1)],
    [
      'lengths of all kinds, and one that is none',
      '17-durations',
      [at('2026-12-10T08:00', 1), at('2026-12-11T23:00', 24 + 19), wholeDay('2026-12-14'), wholeDay('2026-12-16')],
      unreadable(1),
    ],
    [
      'a rule for what is left out, which nobody follows any more',
      '21-exrule',
      ['01', '02', '03', '04', '05', '06', '07'].map((date) => at(`2026-12-${date}T08:00`, 1)),
      unreadable(1),
    ],
    ['properties with nothing in them', '25-empties', ['10', '11', '12'].map((date) => at(`2026-12-${date}T08:00`, 1))],
    ['a zone without rules', '30-vtimezone-empty', [at('2026-12-10T08:30', 0.5)], unknownZone(1)],
    ['days that do not say that they are', '32-date-without-value', [wholeDay('2026-12-14')]],
    ['a day that does not say that it is, nor ends', '32b-date-without-value-noend', [wholeDay('2026-12-14')]],
  ])('is read with %s', (_, name, busy, problems = []) => {
    expect(read(file(name))).toEqual({ busy, problems });
  });

  it('is read by its own clock where rules of a zone do not say since when, and says so', () => {
    const text = file('02-vtimezone-no-dtstart').replaceAll('W. Europe Standard Time', 'Heure du cabinet');
    expect(read(text, { zone: 'Indian/Reunion' })).toEqual({
      busy: [at('2026-12-10T05:30', 0.5), at('2027-06-10T05:30', 0.5)],
      problems: unknownZone(2),
    });
  });

  it.each(Object.keys(windowsZones))('knows where %s is, however it is written', (name) => {
    const zone = zoneNamed(name);
    expect(zone).toBe(windowsZones[name]);
    expect([name.toUpperCase(), `/example.org/2026/${name}`, ` ${name} `].map(zoneNamed)).toEqual([zone, zone, zone]);
  });

  it('knows no zone by what every object has', () => {
    expect(['constructor', '__proto__', 'toString', '', '/'].map(zoneNamed)).toEqual(Array(5).fill(undefined));
  });

  it('has whole days where the practitioner is, whatever its own zone is', () => {
    const text = file('10-x-wr-timezone').replace('DTSTART:20261210T090000', 'DTSTART;VALUE=DATE:20261210');
    const days = text.replace('DTEND:20261210T100000', 'DTEND;VALUE=DATE:20261211');
    expect(read(days, { zone: 'Pacific/Noumea' }).busy).toEqual([at('2026-12-09T13:00', 24)]);
  });

  it.each([
    ['a moved day, named by its midnight', 'RECURRENCE-ID:20261223T230000Z'],
    ['a moved day, named by a time of it', 'RECURRENCE-ID:20261224T000000Z'],
    ['a moved day, named by its own midnight', 'RECURRENCE-ID;TZID=Europe/Paris:20261224T000000'],
  ])('takes %s', (_, of) => {
    const moved = event(of, 'DTSTART;VALUE=DATE:20270105', 'SEQUENCE:1').replace('one@example', 'p6');
    const text = file('01b-series-same-end').replace('END:VCALENDAR', `${moved}\nEND:VCALENDAR`);
    expect(read(text).busy).toEqual([at('2026-12-24T23:00', 48), wholeDay('2027-01-05')]);
  });

  it.each([
    ['a day to leave out', 'EXDATE;VALUE=DATE:20261224', ['2026-12-25T08:00:00Z']],
    ['a time to leave out', 'EXDATE:20261224T080000Z', ['2026-12-25T08:00:00Z']],
    [
      'a day to add',
      'RDATE;VALUE=DATE:20261228',
      ['2026-12-24T08:00:00Z', '2026-12-25T08:00:00Z', '2026-12-28T08:00:00Z'],
    ],
  ])('takes %s for what it is in a series of times', (_, line, expected) => {
    const series = event('DTSTART:20261224T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2', line);
    expect({ ...read(calendar(series)), busy: starts(calendar(series)) }).toEqual({ busy: expected, problems: [] });
  });

  it('takes a moved one of which nobody can tell which it was beside the others, and says so', () => {
    const series = event(nine, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=2');
    const moved = ['one', 'other'].map((time, nth) =>
      event(`RECURRENCE-ID:${time}`, `DTSTART:2026112${nth}T150000Z`, 'DURATION:PT30M', `SEQUENCE:${nth}`),
    );
    expect(read(calendar(series, ...moved))).toMatchObject({ busy: { length: 4 }, problems: unreadable(2) });
  });

  it('takes times as long as they are in a night when the clocks change', () => {
    const night = (lines: string[]) => read(calendar(event(...lines))).busy;
    const [from, until] = ['DTSTART;TZID=Europe/Paris:20270327T220000', 'DTEND;TZID=Europe/Paris:20270328T080000'];
    expect(night([from, until])).toEqual([at('2027-03-27T21:00', 9)]);
    expect(night([from, 'DURATION:PT10H'])).toEqual([at('2027-03-27T21:00', 10)]);
    expect(night([from.replace('20270327', '20261024'), 'DURATION:P1D'])).toEqual([]);
    const days = ['DTSTART;VALUE=DATE:20270327', 'DTEND;VALUE=DATE:20270328', 'RRULE:FREQ=DAILY;COUNT=2'];
    expect(night(days)).toEqual([at('2027-03-26T23:00', 47)]);
  });

  it.each([
    ['CR', '\r'],
    ['many ends', '\n\r\n\n'],
  ])('is read with lines that end with %s', (_, end) => {
    expect(read(calendar(event(nine, 'DURATION:PT30M')).replaceAll('\r\n', end)).busy).toEqual(half);
  });

  it('is read with lines folded anywhere, and properties of alarms that are not the event’s', () => {
    const alarm = ['BEGIN:VALARM', 'DURATION:PT9H', 'TRIGGER:-PT5M', 'END:VALARM'];
    const text = calendar(
      event(...alarm, 'DTSTA\r\n RT;TZID="Europe/\r\n\tParis":20261123T\r\n 090000', 'DURATION:PT30M'),
    );
    expect(read(text)).toEqual({ busy: half, problems: [] });
  });

  it('costs an event that ends where the next begins, and no other', () => {
    const broken = event(nine, 'DURATION:PT2H').replace('END:VEVENT', '').replace('one@', 'other@');
    expect(read(calendar(broken, event(nine, 'DURATION:PT30M')))).toEqual({
      busy: [at('2026-11-23T08:00', 2)],
      problems: unreadable(1),
    });
  });

  it('costs an event with more of something than any has', () => {
    const much = (line: string, count: number) => event(nine, 'DURATION:PT30M', ...Array(count).fill(line));
    for (const odd of [
      much('EXDATE:20261223T080000Z', 6_000),
      much(`EXDATE:${'20261223T080000Z,'.repeat(9_000)}`, 1),
    ]) {
      expect(read(calendar(odd))).toEqual({ busy: half, problems: unreadable(1) });
    }
  });
});
