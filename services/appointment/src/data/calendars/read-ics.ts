import ICAL from 'ical.js';
import { RRuleTemporal } from 'rrule-temporal';
import type { BusyTime, ReadingProblem } from '../../domain/calendars/calendar.js';
import { appointmentOf } from '../../domain/calendars/event.js';
import { CalendarFailure } from '../../domain/calendars/failures.js';
import { type Interval, merged, overlaps } from '../../domain/intervals.js';
import { day } from '../../domain/time.js';
import { clockOfRules } from './ics-clock.js';
import {
  after,
  compact,
  type IcsTime,
  instantOfTime,
  type JcalComponent,
  type JcalProperty,
  readDuration,
  readTime,
  ruleText,
  UnreadableEvent,
} from './ics-values.js';
import { clockOfZone, type WallClock, zoneNamed } from './wall-clock.js';

export interface IcsOptions {
  /** What lies outside of it is left out. */
  window: Interval;
  /** IANA zone of whole days, and of times that name no zone. */
  zone: string;
  /** Whose calendar it is: what they declined does not keep them busy. */
  email?: string;
  /** One object of a collection: when it cannot be read at all, that is a problem of its own and no more. */
  isPart?: boolean;
  eventsMax?: number;
  /** Times that are laid out, repetitions included. */
  timesMax?: number;
}

export interface IcsReading {
  busy: BusyTime[];
  problems: ReadingProblem[];
}

const usualEventsMax = 20_000;
const usualTimesMax = 50_000;

/**
 * Lays out the times that an iCalendar text (RFC 5545) keeps busy. What is free, cancelled or declined is left out, as are
 * titles, people and places. An event that cannot be read costs nothing but itself, and is counted as a problem.
 * @throws CalendarFailure for what is no calendar, or has too much in it
 */
export function readIcs(text: string, options: IcsOptions): IcsReading {
  const { skeleton, events } = takeApart(text, options.eventsMax ?? usualEventsMax);
  const reader = new IcsReader(options, clocksIn(skeleton));
  for (const each of events) reader.add(each);
  return reader.finish();
}

interface Parts {
  /** All but the events: zones, above all. */
  skeleton: JcalComponent[];
  events: string[];
}

// Each event is parsed by itself, so that a broken one does not take the others along.
function takeApart(text: string, eventsMax: number): Parts {
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR\s*$/im.test(text.slice(0, 200))) throw new CalendarFailure('CALENDAR.UNREADABLE');
  const events: string[] = [];
  const rest: string[] = [];
  let open: string[] | undefined;
  let kind = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const begins = /^BEGIN:(VEVENT|VFREEBUSY)\s*$/i.exec(line)?.[1];
    if (begins && !open) {
      kind = begins.toUpperCase();
      open = [];
      if (events.length >= eventsMax) throw new CalendarFailure('CALENDAR.TOO_MANY_EVENTS');
    }
    (open ?? rest).push(line);
    if (open && line.trim().toUpperCase() === `END:${kind}`) {
      events.push(open.join('\n'));
      open = undefined;
    }
  }
  // A file that ends within an event was cut off: what is missing nobody knows.
  if (open) throw new CalendarFailure('CALENDAR.UNREADABLE');
  return { skeleton: parse(rest.join('\n')), events };
}

function parse(text: string): JcalComponent[] {
  try {
    const found = ICAL.parse(text) as unknown as JcalComponent | JcalComponent[];
    return typeof found[0] === 'string' ? [found as JcalComponent] : (found as JcalComponent[]);
  } catch {
    // What the parser says quotes the line.
    throw new CalendarFailure('CALENDAR.UNREADABLE');
  }
}

function clocksIn(calendars: JcalComponent[]): Map<string, WallClock> {
  const clocks = new Map<string, WallClock>();
  for (const [name, , components] of calendars) {
    if (name !== 'vcalendar') throw new CalendarFailure('CALENDAR.UNREADABLE');
    for (const zone of components.filter(([kind]) => kind === 'vtimezone')) {
      const component = new ICAL.Component(zone as never);
      const tzid = component.getFirstPropertyValue('tzid');
      if (typeof tzid === 'string') clocks.set(tzid, clockOfRules(component));
    }
  }
  return clocks;
}

/** One VEVENT, as far as it counts. */
interface Event {
  uid: string;
  sequence: number;
  start: IcsTime;
  lengthOf: (start: IcsTime) => number;
  isBusy: boolean;
  /** Of one occurrence of a series that differs from the others. */
  replaces?: number;
  /** The difference holds for all that follow too. */
  andFollowing: boolean;
  rules: string[];
  extra: IcsTime[];
  left: IcsTime[];
}

class IcsReader {
  private readonly events = new Map<string, Event[]>();
  private readonly busy: BusyTime[] = [];
  private unreadable = 0;
  private unknownZones = 0;
  private isZoneUnknown = false;
  private readonly ownClock: WallClock;
  private readonly timesMax: number;

  constructor(
    private readonly options: IcsOptions,
    private readonly clocks: Map<string, WallClock>,
  ) {
    this.ownClock = clockOfZone(options.zone);
    this.timesMax = options.timesMax ?? usualTimesMax;
  }

  add(text: string): void {
    this.isZoneUnknown = false;
    this.orUnreadable(() => {
      const [component] = parse(text) as [JcalComponent];
      if (component[0] === 'vfreebusy') this.addFreeBusy(component);
      else this.keep(this.eventOf(component));
    });
    if (this.isZoneUnknown) this.unknownZones += 1;
  }

  private orUnreadable(read: () => void): void {
    try {
      read();
    } catch (error) {
      const isOfEvent = error instanceof UnreadableEvent;
      if (!isOfEvent && !(error instanceof CalendarFailure && error.code === 'CALENDAR.UNREADABLE')) throw error;
      this.unreadable += 1;
    }
  }

  finish(): IcsReading {
    for (const events of this.events.values()) this.orUnreadable(() => this.layOut(events));
    const own = this.busy.filter(({ appointmentId }) => appointmentId !== undefined);
    const others = this.busy.filter(({ appointmentId }) => appointmentId === undefined);
    const problems: ReadingProblem[] = [
      { code: 'CALENDAR.EVENT_UNREADABLE', count: this.unreadable },
      { code: 'CALENDAR.ZONE_UNKNOWN', count: this.unknownZones },
    ];
    return { busy: [...own, ...merged(others)], problems: problems.filter(({ count }) => count > 0) };
  }

  private addFreeBusy([, properties]: JcalComponent): void {
    for (const [name, { fbtype = 'BUSY' }, , ...periods] of properties) {
      if (name !== 'freebusy' || fbtype.toUpperCase() === 'FREE') continue;
      for (const period of periods) this.take(this.periodOf(period, this.ownClock), '');
    }
  }

  private periodOf(period: unknown, clock: WallClock): Interval {
    if (!Array.isArray(period)) throw new UnreadableEvent();
    const start = readTime(period[0], clock);
    const until = String(period[1]);
    const end = /^[+-]?P/.test(until) ? after(start, readDuration(until)) : instantOfTime(readTime(until, clock));
    return { start: instantOfTime(start), end };
  }

  private eventOf([, properties]: JcalComponent): Event {
    const one = (name: string) => properties.find((property) => property[0] === name);
    const text = (name: string) => String(one(name)?.[3] ?? '').toUpperCase();
    const start = this.timeOf(one('dtstart'));
    const replaced = one('recurrence-id');
    return {
      uid: String(one('uid')?.[3] ?? ''),
      sequence: Number(one('sequence')?.[3] ?? 0) || 0,
      start,
      lengthOf: this.lengthOf(start, one('dtend'), one('duration')),
      isBusy:
        text('status') !== 'CANCELLED' &&
        text('transp') !== 'TRANSPARENT' &&
        text('x-microsoft-cdo-busystatus') !== 'FREE' &&
        !this.isDeclined(properties),
      replaces: replaced && instantOfTime(this.timeOf(replaced)),
      andFollowing: replaced?.[1].range?.toUpperCase() === 'THISANDFUTURE',
      rules: all(properties, 'rrule').map((rule) => ruleText(rule as Record<string, unknown>, start)),
      extra: this.timesOf(properties, 'rdate'),
      left: this.timesOf(properties, 'exdate'),
    };
  }

  private isDeclined(properties: JcalProperty[]): boolean {
    const { email } = this.options;
    if (!email) return false;
    return properties.some(
      ([name, { partstat }, , address]) =>
        name === 'attendee' &&
        partstat?.toUpperCase() === 'DECLINED' &&
        String(address).toLowerCase() === `mailto:${email.toLowerCase()}`,
    );
  }

  private timesOf(properties: JcalProperty[], wanted: string): IcsTime[] {
    return properties
      .filter(([name]) => name === wanted)
      .flatMap(([, parameters, , ...values]) =>
        values.map((value) => readTime(Array.isArray(value) ? value[0] : value, this.clockOf(parameters.tzid))),
      );
  }

  private timeOf(property: JcalProperty | undefined): IcsTime {
    if (!property) throw new UnreadableEvent();
    return readTime(property[3], this.clockOf(property[1].tzid));
  }

  // A zone that everybody knows by its name is taken as it really is, whatever rules the calendar has for it.
  private clockOf(tzid: string | undefined): WallClock {
    if (tzid === undefined) return this.ownClock;
    const zone = zoneNamed(tzid);
    const known = zone ? clockOfZone(zone) : this.clocks.get(tzid);
    this.isZoneUnknown ||= !known;
    return known ?? this.ownClock;
  }

  /** @returns how long what begins at a time lasts, in milliseconds: of whole days, as long as these are */
  private lengthOf(start: IcsTime, end?: JcalProperty, duration?: JcalProperty): Event['lengthOf'] {
    if (duration) {
      const lasting = readDuration(duration[3]);
      return (from) => after(from, lasting) - instantOfTime(from);
    }
    if (!end && !start.isDate) return () => 0;
    const until = end ? this.timeOf(end) : { ...start, wall: start.wall + day };
    if (start.isDate) {
      const ms = until.wall - start.wall;
      if (ms < 0) throw new UnreadableEvent();
      return (from) => from.clock.instantOf(from.wall + ms) - instantOfTime(from);
    }
    const ms = instantOfTime(until) - instantOfTime(start);
    if (ms < 0) throw new UnreadableEvent();
    return () => ms;
  }

  private keep(event: Event): void {
    const known = this.events.get(event.uid) ?? [];
    this.events.set(event.uid, known);
    // Of two states of one occurrence the newer holds. Feeds that give different events one identifier mean both.
    const older = known.findIndex((each) => each.replaces === event.replaces && each.sequence !== event.sequence);
    const kept = known[older];
    if (!kept) known.push(event);
    else if (kept.sequence < event.sequence) known[older] = event;
  }

  private layOut(events: Event[]): void {
    const changes = events.filter(({ replaces }) => replaces !== undefined);
    for (const event of events.filter(({ replaces }) => replaces === undefined)) this.layOutSeries(event, changes);
    for (const change of changes) this.takeEvent(change, change.start);
  }

  private layOutSeries(event: Event, changes: Event[]): void {
    const changed = new Set(changes.map(({ replaces }) => replaces));
    const shifts = changes.filter(({ andFollowing }) => andFollowing);
    for (const start of this.startsOf(event)) {
      const instant = instantOfTime(start);
      if (changed.has(instant)) continue;
      const shift = shifts.findLast(({ replaces = Infinity }) => replaces < instant);
      if (shift) {
        const by = instantOfTime(shift.start) - (shift.replaces as number);
        this.takeEvent(shift, { ...start, wall: start.wall + by });
      } else this.takeEvent(event, start);
    }
  }

  private startsOf({ start, rules, extra, left, lengthOf }: Event): IcsTime[] {
    if (rules.length === 0 && extra.length === 0) return [start];
    const days = new Set(left.filter(({ isDate }) => isDate).map(({ wall }) => wall));
    const instants = new Set(left.filter(({ isDate }) => !isDate).map(instantOfTime));
    const walls =
      rules.length === 0 ? [start.wall] : rules.flatMap((rule) => this.wallsOf(rule, start, lengthOf(start)));
    const starts = [...new Set(walls)].map((wall) => ({ ...start, wall }));
    const fromRules = new Map([...starts, ...extra].map((each) => [instantOfTime(each), each]));
    return [...fromRules]
      .filter(([instant, { wall }]) => !instants.has(instant) && !days.has(Math.floor(wall / day) * day))
      .map(([, each]) => each);
  }

  // On the wall, as if it were UTC: a repetition is at the same time of day whatever the clocks do in between.
  private wallsOf(rule: string, start: IcsTime, length: number): number[] {
    const { window } = this.options;
    const [from, until] = [window.start - length - 2 * day, window.end + 2 * day].map((ms) => new Date(ms)) as [
      Date,
      Date,
    ];
    const rruleString = `DTSTART;TZID=UTC:${compact(start.wall).slice(0, -1)}\nRRULE:${rule}`;
    let series: RRuleTemporal;
    try {
      series = new RRuleTemporal({ rruleString, includeDtstart: true, maxIterations: this.timesMax, cache: false });
    } catch {
      throw new UnreadableEvent();
    }
    try {
      return series.between(from, until, true).map(({ epochMilliseconds }) => epochMilliseconds);
    } catch {
      throw new CalendarFailure('CALENDAR.TOO_MANY_EVENTS');
    }
  }

  private takeEvent({ uid, isBusy, lengthOf }: Event, start: IcsTime): void {
    if (!isBusy) return;
    const instant = instantOfTime(start);
    this.take({ start: instant, end: instant + lengthOf(start) }, uid);
  }

  private take(time: Interval, uid: string): void {
    if (time.start >= time.end || !overlaps(time, this.options.window)) return;
    if (this.busy.length >= this.timesMax) throw new CalendarFailure('CALENDAR.TOO_MANY_EVENTS');
    this.busy.push({ ...time, appointmentId: appointmentOf(uid) });
  }
}

const all = (properties: JcalProperty[], wanted: string): unknown[] =>
  properties.filter(([name]) => name === wanted).flatMap(([, , , ...values]) => values);
