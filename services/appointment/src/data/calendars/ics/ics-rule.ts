import { RRuleTemporal } from 'rrule-temporal';
import type { Interval } from '../../../domain/time/intervals.js';
import { day } from '../../../domain/time/time.js';
import { compact, type IcsTime, instantOfTime, readTime, Unreadable } from './ics-values.js';

const list = (item: string): RegExp => new RegExp(`^${item}(,${item}){0,365}$`);

/** The parts of a rule (RFC 5545, section 3.3.10) that are understood. RSCALE and SKIP (RFC 7529) are not. */
const known: Readonly<Record<string, RegExp>> = {
  FREQ: /^(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  COUNT: /^\d{1,6}$/,
  INTERVAL: /^\d{1,6}$/,
  BYSECOND: list('[0-5]?\\d'),
  BYMINUTE: list('[0-5]?\\d'),
  BYHOUR: list('([01]?\\d|2[0-3])'),
  BYDAY: list('[+-]?\\d{0,2}(MO|TU|WE|TH|FR|SA|SU)'),
  BYMONTHDAY: list('[+-]?([1-9]|[12]\\d|3[01])'),
  BYYEARDAY: list('[+-]?[1-9]\\d{0,2}'),
  BYWEEKNO: list('[+-]?([1-9]|[1-4]\\d|5[0-3])'),
  BYMONTH: list('(0?[1-9]|1[0-2])'),
  BYSETPOS: list('[+-]?[1-9]\\d{0,2}'),
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** Times of one event on one day: once an hour. More often is no visit, and would only be a burden. */
const timesADayMax = 24;
const periodsMax = 50_000;

/**
 * The times on the wall at which a rule has an event begin around a window, as if the wall were in UTC: a repetition is at the
 * same time of day, whatever the clocks do in between.
 * @throws Unreadable for a rule that is none, is not understood as it is meant, or has no end of times
 */
export function wallsOf(rule: string, start: IcsTime, { start: from, end: until }: Interval): number[] {
  const rruleString = `DTSTART;TZID=UTC:${compact(start.wall).slice(0, -1)}\nRRULE:${readRule(rule, start)}`;
  try {
    const series = new RRuleTemporal({ rruleString, includeDtstart: true, maxIterations: periodsMax, cache: false });
    const found = series.between(new Date(from), new Date(until), true);
    return [...new Set(found.map(({ epochMilliseconds }) => epochMilliseconds))];
  } catch {
    throw new Unreadable();
  }
}

function readRule(rule: string, start: IcsTime): string {
  const parts = new Map(rule.toUpperCase().split(';').filter(Boolean).map(partOf));
  const counts = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].map((name) => parts.get(name)?.split(',').length ?? 1);
  const timesADay = counts.reduce((product, count) => product * count, parts.get('FREQ') === 'HOURLY' ? 24 : 1);
  if (!parts.has('FREQ') || timesADay > timesADayMax) throw new Unreadable();
  // A day has no hours (RFC 5545, section 3.3.10).
  if (start.isDate) for (const name of ['BYHOUR', 'BYMINUTE', 'BYSECOND']) parts.delete(name);
  const until = parts.get('UNTIL');
  if (until) parts.set('UNTIL', compact(lastStart(until, start)));
  return [...parts].map(([name, value]) => `${name}=${value}`).join(';');
}

function partOf(part: string): [name: string, value: string] {
  const [name = '', value = ''] = part.split('=').map((each) => each.trim());
  if (!Object.hasOwn(known, name) || !known[name]?.test(value)) throw new Unreadable();
  return [name, value];
}

// It may be written in UTC, or as a day.
function lastStart(text: string, start: IcsTime): number {
  const time = readTime(text, { times: start.clock, dates: start.clock });
  if (time.isDate) return time.wall + day - 1_000;
  return time.clock === start.clock ? time.wall : start.clock.wallOf(instantOfTime(time));
}
