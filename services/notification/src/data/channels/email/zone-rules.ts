import ICAL from 'ical.js';
import { DateTime, IANAZone } from 'luxon';

interface Transition {
  /** The clock that ends, at the moment it ends. */
  clock: DateTime;
  /** Offsets from UTC in minutes. */
  before: number;
  after: number;
}

const written = new Map<string, ICAL.Component>();
const writtenMax = 200;

/**
 * A zone as a calendar program needs it that does not know its name (VTIMEZONE, RFC 5545, section 3.6.5): its rule, where the years
 * around have one and the same, else each change of the clock.
 * @param year the one of the event; right from the year before to the one after
 */
export function zoneComponent(zone: string, year: number): ICAL.Component {
  const key = `${zone} ${year}`;
  const known = written.get(key);
  if (known) return known;
  if (written.size >= writtenMax) written.clear();
  const component = write(zone, year);
  written.set(key, component);
  return component;
}

function write(zone: string, year: number): ICAL.Component {
  const component = new ICAL.Component('vtimezone');
  component.addPropertyWithValue('tzid', zone);
  const transitions = transitionsOf(zone, year - 1, year + 1);
  const starts = transitions.filter(({ before, after }) => after > before);
  const ends = transitions.filter(({ before, after }) => after < before);
  const rules = [starts, ends].map(yearlyRule);
  if (rules.every((rule) => rule !== undefined)) {
    for (const [nth, [first]] of [starts, ends].entries()) {
      component.addSubcomponent(observance(first as Transition, rules[nth]));
    }
    return component;
  }
  const offset = offsetAt(zone, Date.UTC(year - 1, 0, 1));
  const always = { clock: DateTime.utc(1970, 1, 1), before: offset, after: offset };
  for (const each of [always, ...transitions]) component.addSubcomponent(observance(each));
  return component;
}

function observance({ clock, before, after }: Transition, rule?: string): ICAL.Component {
  const component = new ICAL.Component(after > before ? 'daylight' : 'standard');
  component.addPropertyWithValue('dtstart', onClock(clock));
  component.addPropertyWithValue('tzoffsetfrom', ICAL.UtcOffset.fromSeconds(before * 60));
  component.addPropertyWithValue('tzoffsetto', ICAL.UtcOffset.fromSeconds(after * 60));
  if (rule) component.addPropertyWithValue('rrule', ICAL.Recur.fromString(rule));
  return component;
}

/** A time as a clock shows it, of no zone. */
export const onClock = ({ year, month, day, hour, minute, second }: DateTime): ICAL.Time =>
  ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false });

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The rule by which each of three years has this change once, at the same hour of the same weekday of a month. */
function yearlyRule(changes: Transition[]): string | undefined {
  if (changes.length !== 3) return undefined;
  const same = <T>(of: (change: Transition) => T): T | undefined => {
    const [first, ...others] = changes.map(of);
    return others.every((other) => other === first) ? first : undefined;
  };
  const [year, month, weekday] = [
    new Set(changes.map(({ clock }) => clock.year)).size === 3,
    same(({ clock }) => clock.month),
    same(({ clock }) => clock.weekday),
  ];
  const isSame = same(({ clock, before, after }) => `${clock.toFormat('HHmmss')} ${before} ${after}`) !== undefined;
  const isLast = same(({ clock }) => clock.day + 7 > (clock.daysInMonth ?? 0));
  const nth = isLast ? -1 : same(({ clock }) => Math.ceil(clock.day / 7));
  if (!year || !month || !weekday || !isSame || nth === undefined) return undefined;
  return `FREQ=YEARLY;BYMONTH=${month};BYDAY=${nth}${dayNames[weekday - 1]}`;
}

const dayMs = 86_400_000;

const offsetAt = (zone: string, atMs: number): number => IANAZone.create(zone).offset(atMs);

/** Changes of the clock from the beginning of one year to the end of another. */
function transitionsOf(zone: string, fromYear: number, toYear: number): Transition[] {
  const found: Transition[] = [];
  for (let at = Date.UTC(fromYear, 0, 1); at < Date.UTC(toYear + 1, 0, 1); at += dayMs) {
    const [before, after] = [offsetAt(zone, at), offsetAt(zone, at + dayMs)];
    if (before === after) continue;
    let [low, high] = [at, at + dayMs];
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000;
      if (offsetAt(zone, middle) === before) low = middle;
      else high = middle;
    }
    found.push({ clock: DateTime.fromMillis(high + before * 60_000, { zone: 'utc' }), before, after });
  }
  return found;
}
