import { createRequire } from 'node:module';
import type { InvalidInput } from '@cabinet/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, dayOfWeek, daysAfter, daysOfWeek, inZone } from '../time/time.js';
import { occurrencesOf, seriesDaysMax } from './recurrence.js';
import { occurrencesMax, type Recurrence } from './series.js';

interface Vector {
  zone: string;
  why: string;
  start: string;
  rule: string;
  except: string[];
  occurrences: { local: string; instant: string | null }[];
}

const { series } = createRequire(import.meta.url)('@cabinet/contracts/vectors/times.json') as { series: Vector[] };
const utc = (ms: number) => new Date(ms).toISOString().replace('.000', '');

const recurrence = (rule: string, more: Partial<Recurrence> = {}): Recurrence => ({
  startsAt: '2026-11-23T09:30',
  rule,
  exceptDates: [],
  zone: 'Europe/Paris',
  ...more,
});

describe.each(series)('a series in $zone ($why)', ({ zone, start, rule, except, occurrences }) => {
  it('takes place when it does', () => {
    const found = occurrencesOf({ startsAt: start, rule, exceptDates: except, zone });
    expect(
      found.map(({ local, instant }) => ({ local, instant: instant === undefined ? null : utc(instant) })),
    ).toEqual(occurrences);
  });
});

const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const zone = fc.constantFrom(
  'Europe/Paris',
  'Indian/Reunion',
  'Pacific/Noumea',
  'Australia/Lord_Howe',
  'America/Santiago',
);
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30', '45'))
  .map(([hour, minutes]) => `${String(hour).padStart(2, '0')}:${minutes}`);
const date = fc.integer({ min: 0, max: 1_500 }).map((days) => daysAfter('2025-01-01', days));

const weeklies = fc.record({
  startDate: date,
  time,
  zone,
  interval: fc.integer({ min: 1, max: 4 }),
  days: fc.uniqueArray(weekday, { minLength: 0, maxLength: 6 }),
  count: fc.integer({ min: 1, max: 25 }),
});

type Weekly = typeof weeklies extends fc.Arbitrary<infer T> ? T : never;

const codeOf = (each: string) => ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'].indexOf(each);
const ownDay = (startDate: string) => daysOfWeek.indexOf(dayOfWeek(startDate));

function toRecurrence({ startDate, time, zone, interval, days, count }: Weekly): Recurrence {
  const own = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][ownDay(startDate)] as string;
  const rule = `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${[...new Set([own, ...days])].join(',')};COUNT=${count}`;
  return { startsAt: `${startDate}T${time}`, rule, exceptDates: [], zone };
}

/** Looks at every day there is, as somebody with a paper calendar would. */
function byCalendar({ startDate, interval, days, count }: Weekly): string[] {
  const wanted = new Set([ownDay(startDate), ...days.map(codeOf)]);
  const monday = daysAfter(startDate, -ownDay(startDate));
  const found: string[] = [];
  for (let each = startDate; found.length < count; each = daysAfter(each, 1)) {
    const week = Math.floor((Date.parse(each) - Date.parse(monday)) / day / 7);
    if (week % interval === 0 && wanted.has(ownDay(each))) found.push(each);
  }
  return found;
}

describe('any weekly series', () => {
  it('is on the days that a calendar shows, at one time of day', () => {
    fc.assert(
      fc.property(weeklies, (weekly) => {
        const found = occurrencesOf(toRecurrence(weekly));
        expect(found.map(({ local }) => local)).toEqual(byCalendar(weekly).map((each) => `${each}T${weekly.time}`));
        for (const { local, instant } of found) {
          if (instant !== undefined) expect(inZone(instant, weekly.zone).slice(0, 16)).toBe(local);
        }
      }),
    );
  });

  it('begins alike however many occurrences it has', () => {
    fc.assert(
      fc.property(weeklies, fc.integer({ min: 1, max: 25 }), (weekly, count) => {
        const [fewer, more] = [Math.min(count, weekly.count), Math.max(count, weekly.count)];
        const [short, long] = [fewer, more].map((each) => occurrencesOf(toRecurrence({ ...weekly, count: each })));
        expect(long?.slice(0, fewer)).toEqual(short);
      }),
    );
  });

  it('is the same with an end by date as with one by number', () => {
    fc.assert(
      fc.property(weeklies, (weekly) => {
        const byNumber = toRecurrence(weekly);
        const last = byCalendar(weekly).at(-1) as string;
        const rule = byNumber.rule.replace(/COUNT=\d+/, `UNTIL=${last.replaceAll('-', '')}`);
        expect(occurrencesOf({ ...byNumber, rule })).toEqual(occurrencesOf(byNumber));
      }),
    );
  });

  it('loses with an exception that date and no other', () => {
    fc.assert(
      fc.property(weeklies, fc.nat(), (weekly, nth) => {
        fc.pre(weekly.count > 1);
        const all = occurrencesOf(toRecurrence(weekly));
        const left = nth % all.length;
        const exceptDates = [all[left]?.local.slice(0, 10) as string];
        expect(occurrencesOf({ ...toRecurrence(weekly), exceptDates })).toEqual(all.toSpliced(left, 1));
      }),
    );
  });
});

describe('a rule', () => {
  const refused = (rule: string, more: Partial<Recurrence> = {}) => {
    try {
      return occurrencesOf(recurrence(rule, more)).length;
    } catch (error) {
      const { code, fields } = error as InvalidInput;
      return [code, fields[0]?.path, fields[0]?.message];
    }
  };

  it.each([
    ['', 'SERIES.INVALID_RULE'],
    ['weekly', 'SERIES.INVALID_RULE'],
    ['COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=FORTNIGHTLY;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=SECONDLY;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=DAILY;BYHOUR=9,10;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=3;COUNT=4', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=0', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=-1', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=abc', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;INTERVAL=0;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;BYDAY=XX;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=MONTHLY;BYMONTHDAY=45;COUNT=3', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=3;UNTIL=20270101', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;UNTIL=20261331', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY;COUNT=3;EVIL=1', 'SERIES.INVALID_RULE'],
    ['FREQ=WEEKLY', 'SERIES.ENDLESS'],
    ['FREQ=WEEKLY;UNTIL=20201231', 'SERIES.EMPTY'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5', 'SERIES.EMPTY'],
    ['FREQ=DAILY;COUNT=105', 'SERIES.TOO_LONG'],
    ['FREQ=DAILY;COUNT=999999999', 'SERIES.TOO_LONG'],
    ['FREQ=YEARLY;COUNT=4', 'SERIES.TOO_LONG'],
    ['FREQ=WEEKLY;UNTIL=20990101', 'SERIES.TOO_LONG'],
    ['FREQ=DAILY;INTERVAL=999;COUNT=2', 'SERIES.TOO_LONG'],
  ])('%s is refused as %s, on its field, with a sentence', (rule, code) => {
    expect(refused(rule)).toEqual([code, 'rule', expect.stringMatching(/^[a-z].{10,}/)]);
  });

  it('that does not begin with the start is refused with the date on which it would', () => {
    expect(refused('FREQ=WEEKLY;BYDAY=TU;COUNT=3')).toEqual([
      'SERIES.INVALID_RULE',
      'start',
      'must be on the first date of the rule, which is 2026-11-24',
    ]);
  });

  it('with an exception that is not one of its dates, or with nothing but exceptions, is refused', () => {
    expect(refused('FREQ=DAILY;COUNT=2', { exceptDates: ['2026-11-24', '2026-12-24'] })).toEqual([
      'SERIES.INVALID_RULE',
      'exceptDates[1]',
      'is not a date of the rule',
    ]);
    expect(refused('FREQ=DAILY;COUNT=2', { exceptDates: ['2026-11-24', '2026-11-23'] })).toEqual([
      'SERIES.EMPTY',
      'exceptDates',
      'leaves no date',
    ]);
  });

  it('may be as long as is allowed', () => {
    expect(refused(`FREQ=DAILY;COUNT=${occurrencesMax}`)).toBe(occurrencesMax);
    const last = daysAfter('2026-11-23', seriesDaysMax).replaceAll('-', '');
    expect(refused(`FREQ=MONTHLY;UNTIL=${last}`)).toBe(25);
  });

  it('ends by an instant before an occurrence of that day', () => {
    // 07:30 in Paris, before the 09:30 of the series.
    expect(refused('FREQ=DAILY;UNTIL=20261125T063000Z')).toBe(2);
    expect(refused('FREQ=DAILY;UNTIL=20261125T083000Z')).toBe(3);
  });
});
