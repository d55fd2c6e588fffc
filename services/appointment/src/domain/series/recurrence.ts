import { DateTime } from 'luxon';
import { RRuleTemporal } from 'rrule-temporal';
import { refusal } from '../refusal.js';
import { day, daysAfter, isDate } from '../time/time.js';
import { type Occurrence, occurrenceOn, occurrencesMax, type Recurrence } from './series.js';

/** From the first occurrence to the last, in days. */
export const seriesDaysMax = 731;

/**
 * The occurrences in order, each at the same time of day, whatever the clocks do in between.
 * @throws 422 for a rule that is none, has no end, has no dates, does not begin with `startsAt`, or has too many
 */
export function occurrencesOf({ startsAt, rule, exceptDates, zone }: Recurrence): Occurrence[] {
  const time = startsAt.slice(11);
  const dates = withoutDates(datesOfRule(startsAt.slice(0, 10), ruleOf(rule, time, zone)), exceptDates);
  return dates.map((date) => occurrenceOn(date, time, zone));
}

interface Rule {
  /** Without an end. */
  pattern: string;
  count?: number;
  /** The last date on which it can occur. */
  until?: string;
}

// The library takes dates to be instants of UTC here; which instants they are at the place is for our own rules to say.
function datesOfRule(startDate: string, { pattern, count, until }: Rule): string[] {
  const last = Date.parse(startDate) + seriesDaysMax * day;
  const dates = expand(startDate, pattern, Math.min(last, until === undefined ? last : Date.parse(until))).slice(
    0,
    count,
  );
  if (dates.length === 0) throw refusal('SERIES.EMPTY', 'rule', 'has no dates');
  if (dates[0] !== startDate) {
    throw refusal('SERIES.INVALID_RULE', 'start', `must be on the first date of the rule, which is ${dates[0]}`);
  }
  if ((count ?? 0) > dates.length || (until !== undefined && Date.parse(until) > last)) {
    throw refusal('SERIES.TOO_LONG', 'rule', `must end within ${seriesDaysMax} days of its start`);
  }
  if (dates.length > occurrencesMax) {
    throw refusal('SERIES.TOO_LONG', 'rule', `has ${dates.length} dates; ${occurrencesMax} are possible`);
  }
  return dates;
}

function expand(startDate: string, pattern: string, until: number): string[] {
  const start = startDate.replaceAll('-', '');
  try {
    return new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${start}T000000\nRRULE:${pattern}`, strict: true })
      .between(new Date(startDate), new Date(until), true)
      .map((date) => date.toString().slice(0, 10));
  } catch (error) {
    throw refusal('SERIES.INVALID_RULE', 'rule', `is not a recurrence rule of RFC 5545: ${(error as Error).message}`);
  }
}

const listOf = (item: string): RegExp => new RegExp(`^${item}(,${item})*$`);

// Checked here: the library leaves out what it does not understand, and would book another series than was meant.
const parts: Record<string, RegExp> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,8}$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: listOf('([+-]?([1-9]|[1-4]\\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)'),
  BYMONTHDAY: listOf('[+-]?([1-9]|[12]\\d|3[01])'),
  BYMONTH: listOf('([1-9]|1[0-2])'),
  BYSETPOS: listOf('[+-]?([1-9]\\d?|[12]\\d\\d|3[0-5]\\d|36[0-6])'),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** @throws 422 for what is not a rule of dates with one end */
function ruleOf(text: string, time: string, zone: string): Rule {
  const given = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [name = '', value = ''] = part.split('=', 2);
    if (!parts[name]?.test(value) || given.has(name)) {
      throw refusal(
        'SERIES.INVALID_RULE',
        'rule',
        `has a part that series do not have, or have once: ${part.slice(0, 40)}`,
      );
    }
    given.set(name, value);
  }
  const [count, until] = [given.get('COUNT'), given.get('UNTIL')];
  if (!given.has('FREQ')) throw refusal('SERIES.INVALID_RULE', 'rule', 'must say how often: FREQ');
  if (!count && !until) throw refusal('SERIES.ENDLESS', 'rule', 'must have an end: COUNT or UNTIL');
  if (count && until) throw refusal('SERIES.INVALID_RULE', 'rule', 'must have one end: COUNT or UNTIL');
  given.delete('COUNT');
  given.delete('UNTIL');
  return {
    pattern: [...given].map(([name, value]) => `${name}=${value}`).join(';'),
    count: count ? Number(count) : undefined,
    until: until ? lastDate(until, time, zone) : undefined,
  };
}

/** The last date that an UNTIL leaves, which is a date, or an instant of UTC. */
function lastDate(until: string, time: string, zone: string): string {
  const wall = DateTime.fromISO(until, { zone: 'utc' }).setZone(until.length === 8 ? 'utc' : zone);
  const date = wall.toISODate();
  if (!date || !isDate(date)) throw refusal('SERIES.INVALID_RULE', 'rule', 'must end on a date that exists: UNTIL');
  return until.length > 8 && wall.toFormat('HH:mm') < time ? daysAfter(date, -1) : date;
}

function withoutDates(dates: string[], exceptDates: string[]): string[] {
  for (const [index, date] of exceptDates.entries()) {
    if (!dates.includes(date)) {
      throw refusal('SERIES.INVALID_RULE', `exceptDates[${index}]`, 'is not a date of the rule');
    }
  }
  const left = dates.filter((date) => !exceptDates.includes(date));
  if (left.length === 0) throw refusal('SERIES.EMPTY', 'exceptDates', 'leaves no date');
  return left;
}
