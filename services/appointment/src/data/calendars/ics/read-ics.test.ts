import { describe, expect, it } from 'vitest';
import { calendar, event, half, nine, read, starts, window } from '../../../../test/ics.js';
import { readIcs } from './read-ics.js';

describe('reading a calendar', () => {
  it.each([
    ['a zone', [nine, 'DTEND;TZID=Europe/Paris:20261123T093000'], half],
    ['UTC', ['DTSTART:20261123T080000Z', 'DURATION:PT30M'], half],
    ['no zone, which is that of the calendar', ['DTSTART:20261123T090000', 'DTEND:20261123T093000'], half],
    [
      'a zone behind a prefix',
      ['DTSTART;TZID=/mozilla.org/20050126_1/Europe/Paris:20261123T090000', 'DURATION:PT30M'],
      half,
    ],
    ['a whole day', ['DTSTART;VALUE=DATE:20261123'], ['2026-11-22T23:00:00Z/2026-11-23T23:00:00Z']],
    [
      'days up to and without the last',
      ['DTSTART;VALUE=DATE:20261123', 'DTEND;VALUE=DATE:20261126'],
      ['2026-11-22T23:00:00Z/2026-11-25T23:00:00Z'],
    ],
    ['no length', [nine], []],
    ['the mark of being free', [nine, 'DURATION:PT30M', 'TRANSP:TRANSPARENT'], []],
    ['Outlook’s mark of being free', [nine, 'DURATION:PT30M', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'], []],
    ['a cancellation', [nine, 'DURATION:PT30M', 'STATUS:CANCELLED'], []],
    ['an answer that declines', [nine, 'DURATION:PT30M', 'ATTENDEE;PARTSTAT=DECLINED:mailto:Bernard@a.example'], []],
    ['somebody else’s declining', [nine, 'DURATION:PT30M', 'ATTENDEE;PARTSTAT=DECLINED:mailto:eve@a.example'], half],
    [
      'an end that comes with the clocks',
      ['DTSTART;TZID=Europe/Paris:20270327T220000', 'DURATION:P1D'],
      ['2027-03-27T21:00:00Z/2027-03-28T20:00:00Z'],
    ],
  ])('takes an event with %s', (_, lines, expected) => {
    expect(read(calendar(event(...lines)), { email: 'bernard@a.example' })).toEqual({ busy: expected, problems: [] });
  });

  it('lays out a series with what was left out, moved, cancelled and added', () => {
    const series = event(
      nine,
      'DURATION:PT30M',
      'RRULE:FREQ=WEEKLY;COUNT=6',
      'EXDATE;TZID=Europe/Paris:20261130T090000',
      'RDATE:20261125T080000Z',
    );
    const moved = event('RECURRENCE-ID:20261207T080000Z', 'DTSTART:20261208T100000Z', 'DURATION:PT30M', 'SEQUENCE:1');
    const cancelled = event('RECURRENCE-ID:20261214T080000Z', 'DTSTART:20261214T080000Z', 'STATUS:CANCELLED');
    expect(starts(calendar(series, moved, cancelled)).sort()).toEqual([
      '2026-11-23T08:00:00Z',
      '2026-11-25T08:00:00Z',
      '2026-12-08T10:00:00Z',
      '2026-12-21T08:00:00Z',
      '2026-12-28T08:00:00Z',
    ]);
  });

  it('takes a change that holds for all that follow', () => {
    const series = event(nine, 'DURATION:PT30M', 'RRULE:FREQ=WEEKLY;COUNT=4');
    const later = event(
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20261207T080000Z',
      'DTSTART:20261207T090000Z',
      'DURATION:PT1H',
    );
    expect(read(calendar(series, later)).busy).toEqual([
      ...half,
      '2026-11-30T08:00:00Z/2026-11-30T08:30:00Z',
      '2026-12-07T09:00:00Z/2026-12-07T10:00:00Z',
      '2026-12-14T09:00:00Z/2026-12-14T10:00:00Z',
    ]);
  });

  it('ends a series by its last start, written in UTC, by date, and across a change of the clocks', () => {
    const weekly = (until: string) =>
      starts(
        calendar(
          event('DTSTART;TZID=Europe/Paris:20270322T003000', 'DURATION:PT30M', `RRULE:FREQ=WEEKLY;UNTIL=${until}`),
        ),
      );
    const both = ['2027-03-21T23:30:00Z', '2027-03-28T22:30:00Z'];
    expect(weekly('20270328T223000Z')).toEqual(both);
    expect(weekly('20270328T222959Z')).toEqual(both.slice(0, 1));
    expect(weekly('20270329')).toEqual(both);
    expect(weekly('20270328')).toEqual(both.slice(0, 1));
  });

  it.each([
    ['the 29th of February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '20240229T090000', 0],
    ['a last Friday', 'FREQ=MONTHLY;BYDAY=-1FR', '20261127T090000', 12],
    ['a day that no month has', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '20261123T090000', 1],
  ])('lays out %s', (_, rule, start, count) => {
    const text = calendar(event(`DTSTART:${start}Z`, 'DURATION:PT1H', `RRULE:${rule}`));
    expect(read(text)).toMatchObject({ busy: { length: count }, problems: [] });
  });

  it('takes zones that only the calendar knows by its rules, and others as its own, and says so', () => {
    const rules = [
      'BEGIN:VTIMEZONE\r\nTZID:Practice time',
      'BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:-0300\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD',
      'BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0300\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT',
      'END:VTIMEZONE',
    ];
    const at = (zone: string, time: string) => event(`DTSTART;TZID=${zone}:${time}`, 'DURATION:PT30M');
    const startOf = (time: string) => starts(calendar(...rules, at('Practice time', time)));
    expect(startOf('20261123T090000')).toEqual(['2026-11-23T13:00:00Z']);
    expect(startOf('20270601T090000')).toEqual(['2027-06-01T12:00:00Z']);
    // Skipped: read with the offset before the gap. Twice: the first.
    expect(startOf('20270328T023000')).toEqual(['2027-03-28T06:30:00Z']);
    expect(startOf('20271031T023000')).toEqual(['2027-10-31T05:30:00Z']);
    expect(read(calendar(at('Customized Time Zone 1', '20261123T090000')))).toEqual({
      busy: half,
      problems: [{ code: 'CALENDAR.ZONE_UNKNOWN', count: 1 }],
    });
  });

  it('takes published free and busy times', () => {
    const busy =
      'BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261123T080000Z/PT30M\r\nFREEBUSY;FBTYPE=FREE:20261124T080000Z/PT1H\r\nEND:VFREEBUSY';
    expect(read(calendar(busy)).busy).toEqual(half);
  });

  it('keeps the newest state of an event, and all of different events with one identifier', () => {
    const old = event(nine, 'DURATION:PT2H', 'SEQUENCE:1');
    const newer = event(nine, 'DURATION:PT30M', 'SEQUENCE:2');
    expect(read(calendar(newer, old)).busy).toEqual(half);
    expect(
      starts(calendar(event(nine, 'DURATION:PT30M'), event('DTSTART:20261124T080000Z', 'DURATION:PT30M'))),
    ).toHaveLength(2);
  });

  it('names the appointment that an event of ours is of', () => {
    const id = '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11';
    for (const uid of [`${id}@appointment.cabinet`, `${id.replaceAll('-', '')}@google.com`]) {
      const text = calendar(event('DTSTART:20261123T080000Z', 'DURATION:PT30M').replace('one@example', uid));
      expect(readIcs(text, { window, zone: 'UTC' }).busy).toMatchObject([{ appointmentId: id }]);
    }
  });
});

describe('a calendar that is not as it should be', () => {
  it.each([
    ['no start', ['DURATION:PT30M']],
    ['a start that is no date', ['DTSTART:20261341T090000', 'DURATION:PT30M']],
    ['an end before its start', [nine, 'DTEND:20261122T090000Z']],
    ['a rule that is none', [nine, 'DURATION:PT30M', 'RRULE:FREQ=SOMETIMES']],
    ['a rule with a part that is none', [nine, 'DURATION:PT30M', 'RRULE:FREQ=DAILY;BYMONTH=13']],
    ['a rule that comes round each minute', [nine, 'DURATION:PT30M', 'RRULE:FREQ=MINUTELY;INTERVAL=2']],
    ['a minute that is none', ['DTSTART:20261123T097500', 'DURATION:PT30M']],
    ['a length that is none', [nine, 'DURATION:half an hour']],
  ])('costs one event, and is counted, for %s', (_, lines) => {
    const good = event(nine, 'DURATION:PT30M');
    const { busy, problems } = read(calendar(good, event(...lines).replace('one@', 'other@')));
    expect(busy).toEqual(half);
    expect(problems).toEqual([{ code: 'CALENDAR.EVENT_UNREADABLE', count: 1 }]);
  });

  it.each([
    ['nothing', '', 'CALENDAR.UNREADABLE'],
    ['a page', '<!doctype html><html></html>', 'CALENDAR.UNREADABLE'],
    ['a file that was cut off', calendar(event(nine)).slice(0, -40), 'CALENDAR.UNREADABLE'],
    ['events without end', 'BEGIN:VCALENDAR\r\n'.concat('BEGIN:VEVENT\r\n'.repeat(100_000)), 'CALENDAR.UNREADABLE'],
    ['too many events', calendar(...Array(101).fill(event(nine))), 'CALENDAR.TOO_MANY_EVENTS'],
    ['too many repetitions', calendar(event(nine, 'DURATION:PT1M', 'RRULE:FREQ=HOURLY')), 'CALENDAR.TOO_MANY_EVENTS'],
  ])('is refused as a whole for %s', (_, text, code) => {
    expect(() => readIcs(text, { window, zone: 'UTC', eventsMax: 100, timesMax: 5_000 })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
