import type { BusyTime, ReadingProblem } from '../../../domain/calendars/calendar.js';
import { appointmentOf } from '../../../domain/calendars/event.js';
import { CalendarFailure } from '../../../domain/calendars/failures.js';
import { type Interval, merged, overlaps } from '../../../domain/time/intervals.js';
import { day } from '../../../domain/time/time.js';
import { type IcsEvent, IcsEventReader, type IcsOccurrence, type IcsTimes } from './ics-event.js';
import { type IcsComponent, partsOf } from './ics-lines.js';
import { wallsOf } from './ics-rule.js';
import { type IcsTime, inFormOf, instantOfTime, Unreadable } from './ics-values.js';
import { IcsZones } from './ics-zones.js';

export interface IcsOptions {
  /** What lies outside of it is left out. */
  window: Interval;
  /** IANA zone of whole days, and of times for which neither they nor the calendar name one. */
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
 * titles, people and places. Nothing else is lost unsaid: an event of which something that counts cannot be read is counted
 * as a problem, and taken as far as it can be; any other line costs nothing, however odd it is.
 * @throws CalendarFailure for what is no calendar, was cut off, or has too much in it
 */
export function readIcs(text: string, options: IcsOptions): IcsReading {
  if (!/^\uFEFF?\s*BEGIN:VCALENDAR\s*$/im.test(text.slice(0, 200))) throw new CalendarFailure('CALENDAR.UNREADABLE');
  const reader = new IcsReader(options, new IcsZones(text, options.zone));
  for (const part of partsOf(text)) if ('kind' in part && part.kind !== 'VTIMEZONE') reader.add(part);
  return reader.finish();
}

/** An event, and whether it is a problem already. */
interface KeptEvent extends IcsEvent {
  isPartial: boolean;
}

class IcsReader {
  private readonly events = new Map<string, Map<string, KeptEvent[]>>();
  private readonly busy: BusyTime[] = [];
  private seen = 0;
  private unreadable = 0;
  private unknownZones = 0;

  constructor(
    private readonly options: IcsOptions,
    private readonly zones: IcsZones,
  ) {}

  add(component: IcsComponent): void {
    this.seen += 1;
    if (this.seen > (this.options.eventsMax ?? usualEventsMax)) throw tooMany();
    const reader = new IcsEventReader(component, this.zones, this.options.email);
    if (component.kind === 'VFREEBUSY') {
      for (const time of reader.taken()) this.take(time, '');
      if (reader.isPartial) this.unreadable += 1;
    } else this.addEvent(reader);
    if (reader.isZoneUnknown) this.unknownZones += 1;
  }

  private addEvent(reader: IcsEventReader): void {
    try {
      const event = reader.event();
      this.keep({ ...event, isPartial: reader.isPartial });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.unreadable += 1;
    }
  }

  finish(): IcsReading {
    for (const places of this.events.values()) this.layOut([...places.values()].flat());
    const own = this.busy.filter(({ appointmentId }) => appointmentId !== undefined);
    const others = this.busy.filter(({ appointmentId }) => appointmentId === undefined);
    const problems: ReadingProblem[] = [
      { code: 'CALENDAR.EVENT_UNREADABLE', count: this.unreadable },
      { code: 'CALENDAR.ZONE_UNKNOWN', count: this.unknownZones },
    ];
    return { busy: [...own, ...merged(others)], problems: problems.filter(({ count }) => count > 0) };
  }

  private keep(event: KeptEvent): void {
    const ofSeries = this.events.get(event.uid) ?? new Map<string, KeptEvent[]>();
    this.events.set(event.uid, ofSeries);
    const place = placeOf(event);
    const known = ofSeries.get(place) ?? [];
    ofSeries.set(place, known);
    // Of two states of one occurrence the newer holds. Feeds that give different events one identifier mean both.
    const other = place === undecided ? -1 : known.findIndex(({ sequence }) => sequence !== event.sequence);
    const kept = known[other];
    if (!kept) known.push(event);
    else if (kept.sequence < event.sequence) known[other] = event;
  }

  private layOut(events: KeptEvent[]): void {
    const changes = events.filter(({ change }) => change);
    for (const event of events.filter(({ change }) => !change)) this.layOutSeries(event, changes);
    for (const { uid, isBusy, when } of changes) if (isBusy && when) this.takeAt(uid, when, { start: when.start });
    this.unreadable += events.filter(({ isPartial }) => isPartial).length;
  }

  private layOutSeries(event: KeptEvent, changes: IcsEvent[]): void {
    const { uid, isBusy, when } = event;
    if (!when) return;
    const changed = new Map(changes.flatMap((each) => placesIn(when.start, each)));
    const shifts = [...changed].filter(([, { change }]) => change?.andFollowing).sort(([one], [other]) => one - other);
    if (!isBusy && shifts.length === 0) return;
    for (const occurrence of this.occurrencesOf(event, when)) {
      const instant = instantOfTime(occurrence.start);
      if (changed.has(instant)) continue;
      const shift = shifts.findLast(([at]) => at < instant);
      if (shift) this.takeShifted(occurrence, shift);
      else if (isBusy) this.takeAt(uid, when, occurrence);
    }
  }

  private takeShifted({ start }: IcsOccurrence, [at, { uid, isBusy, when }]: [number, IcsEvent]): void {
    if (!isBusy || !when) return;
    const by = instantOfTime(when.start) - at;
    this.takeAt(uid, when, { start: { ...start, wall: start.wall + by } });
  }

  private occurrencesOf(event: KeptEvent, when: IcsTimes): IcsOccurrence[] {
    const { start, rules, extra, left } = when;
    const walls = new Set(rules.length === 0 ? [start.wall] : rules.flatMap((rule) => this.wallsOf(rule, event, when)));
    const gone = new Set(left.map(instantOfTime));
    const all = [...[...walls].map((wall) => ({ start: { ...start, wall } })), ...extra];
    return rules.length + extra.length === 0 ? all : all.filter((each) => !gone.has(instantOfTime(each.start)));
  }

  // Of a rule that cannot be followed the first time is known all the same.
  private wallsOf(rule: string, event: KeptEvent, { start, lengthOf }: IcsTimes): number[] {
    const { window } = this.options;
    try {
      return wallsOf(rule, start, { start: window.start - lengthOf(start) - 2 * day, end: window.end + 2 * day });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      event.isPartial = true;
      return [start.wall];
    }
  }

  private takeAt(uid: string, { lengthOf }: IcsTimes, { start, ms = lengthOf(start) }: IcsOccurrence): void {
    const instant = instantOfTime(start);
    this.take({ start: instant, end: instant + ms }, uid);
  }

  private take(time: Interval, uid: string): void {
    if (time.start >= time.end || !overlaps(time, this.options.window)) return;
    if (this.busy.length >= (this.options.timesMax ?? usualTimesMax)) throw tooMany();
    this.busy.push({ ...time, appointmentId: appointmentOf(uid) });
  }
}

const undecided = 'undecided';

/** Which occurrence of its series an event is of. */
function placeOf({ change }: IcsEvent): string {
  if (!change) return 'all';
  return change.of ? `${instantOfTime(change.of)} ${change.of.isDate}` : undecided;
}

const placesIn = (series: IcsTime, event: IcsEvent): [number, IcsEvent][] =>
  event.change?.of ? [[instantOfTime(inFormOf(series, event.change.of)), event]] : [];

const tooMany = () => new CalendarFailure('CALENDAR.TOO_MANY_EVENTS');
