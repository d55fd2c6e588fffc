import type { Interval } from '../../../domain/time/intervals.js';
import { day } from '../../../domain/time/time.js';
import { type IcsComponent, type IcsLine, type IcsProperty, propertyOf } from './ics-lines.js';
import {
  after,
  type Clocks,
  type IcsTime,
  inFormOf,
  instantOfTime,
  readDuration,
  readTime,
  Unreadable,
  valuesOf,
} from './ics-values.js';
import type { IcsZones } from './ics-zones.js';

/** A VEVENT, as far as it counts. */
export interface IcsEvent {
  uid: string;
  sequence: number;
  isBusy: boolean;
  /** Undefined for one that takes no time and does not say when. */
  when?: IcsTimes;
  /** Of one that differs from the others of its series: from which, unless nobody can tell, and whether for all that follow. */
  change?: { of?: IcsTime; andFollowing: boolean };
}

/** When an event takes place. */
export interface IcsTimes {
  start: IcsTime;
  /** In milliseconds: of whole days, as long as these are. */
  lengthOf: (start: IcsTime) => number;
  rules: string[];
  extra: IcsOccurrence[];
  left: IcsTime[];
}

export interface IcsOccurrence {
  start: IcsTime;
  /** Where it is not that of the event. */
  ms?: number;
}

/** Reads one component as far as it can be read, and says what could not be. */
export class IcsEventReader {
  /** Something that counts was not taken as it is written. */
  isPartial: boolean;
  isZoneUnknown = false;
  private readonly lines: Map<string, IcsLine[]>;

  constructor(
    component: IcsComponent,
    private readonly zones: IcsZones,
    private readonly email?: string,
  ) {
    this.isPartial = component.isCut;
    this.lines = Map.groupBy(component.lines, ({ name }) => name);
  }

  /** @throws Unreadable for one that takes time, and nobody can say when */
  event(): IcsEvent {
    const isBusy =
      this.text('STATUS') !== 'CANCELLED' &&
      this.text('TRANSP') !== 'TRANSPARENT' &&
      this.text('X-MICROSOFT-CDO-BUSYSTATUS') !== 'FREE' &&
      !this.isDeclined();
    return {
      uid: this.all('UID')[0]?.value ?? '',
      sequence: Number(this.text('SEQUENCE')) || 0,
      isBusy,
      when: isBusy ? this.times() : this.timesIfAny(),
      change: this.change(),
    };
  }

  // What takes no time is no problem, whenever it is.
  private timesIfAny(): IcsTimes | undefined {
    const { isPartial } = this;
    const when = this.orElse(undefined, () => this.times());
    this.isPartial = isPartial;
    return when;
  }

  /** What a VFREEBUSY has as taken. */
  taken(): Interval[] {
    return this.all('FREEBUSY')
      .filter(({ parameters }) => parameters.get('FBTYPE')?.toUpperCase() !== 'FREE')
      .flatMap((property) => this.each(property, (period) => this.period(period, this.zones)))
      .map(({ start, ms = 0 }) => ({ start: instantOfTime(start), end: instantOfTime(start) + ms }));
  }

  private times(): IcsTimes {
    const start = this.first('DTSTART');
    if (!start) throw new Unreadable();
    if (this.text('EXRULE')) this.isPartial = true;
    const inForm = (time: IcsTime) => inFormOf(start, time);
    return {
      start,
      lengthOf: this.lengthFrom(start),
      rules: this.all('RRULE').flatMap(({ value }) => value || []),
      extra: this.all('RDATE').flatMap((property) =>
        this.each(property, (text) => this.addition(property, text, start)),
      ),
      left: this.all('EXDATE').flatMap((property) => this.each(property, (text) => inForm(this.time(property, text)))),
    };
  }

  private addition(property: IcsProperty, text: string, series: IcsTime): IcsOccurrence {
    return text.includes('/')
      ? this.period(text, this.clocksOf(property))
      : { start: inFormOf(series, this.time(property, text)) };
  }

  private period(text: string, clocks: Clocks): IcsOccurrence {
    const [from = '', until = ''] = text.split('/');
    const start = readTime(from, clocks);
    const end = /^\+?P/i.test(until) ? after(start, readDuration(until)) : instantOfTime(readTime(until, clocks));
    const ms = end - instantOfTime(start);
    if (ms < 0) throw new Unreadable();
    return { start, ms };
  }

  /** One that says how long it is, but not so that it can be read, is none that takes no time. */
  private lengthFrom(start: IcsTime): IcsTimes['lengthOf'] {
    const lasting = this.read('DURATION', ({ value }) => readDuration(value));
    if (lasting) return (from) => after(from, lasting) - instantOfTime(from);
    const end = this.first('DTEND');
    if (!end && (this.lines.has('DURATION') || this.lines.has('DTEND'))) throw new Unreadable();
    if (start.isDate && (!end || end.isDate)) {
      const ms = (end?.wall ?? start.wall) - start.wall;
      if (ms < 0) throw new Unreadable();
      // A day that ends on the day on which it begins is that day.
      return (from) => from.clock.instantOf(from.wall + Math.max(ms, day)) - instantOfTime(from);
    }
    const ms = end ? instantOfTime(end) - instantOfTime(start) : 0;
    if (ms < 0) throw new Unreadable();
    return () => ms;
  }

  private change(): IcsEvent['change'] {
    const [property] = this.all('RECURRENCE-ID');
    if (!property) return undefined;
    const of = this.orElse(undefined, () => this.time(property, property.value));
    return { of, andFollowing: property.parameters.get('RANGE')?.toUpperCase() === 'THISANDFUTURE' };
  }

  private isDeclined(): boolean {
    const address = this.email && `mailto:${this.email.toLowerCase()}`;
    return this.all('ATTENDEE').some(
      ({ parameters, value }) =>
        parameters.get('PARTSTAT')?.toUpperCase() === 'DECLINED' && value.toLowerCase() === address,
    );
  }

  private all(name: string): IcsProperty[] {
    return (this.lines.get(name) ?? []).flatMap((line) => {
      const property = propertyOf(line);
      if (!property) this.isPartial = true;
      return property ?? [];
    });
  }

  private text(name: string): string {
    return this.all(name)[0]?.value.toUpperCase() ?? '';
  }

  /** The first of them that is one: a text that was broken by hand may look like another. */
  private read<T>(name: string, as: (property: IcsProperty) => T): T | undefined {
    for (const property of this.all(name)) {
      try {
        return as(property);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
      }
    }
    return undefined;
  }

  private first(name: string): IcsTime | undefined {
    return this.read(name, (property) => this.time(property, property.value));
  }

  private each<T>(property: IcsProperty, as: (text: string) => T): T[] {
    return valuesOf(property).flatMap((text) => this.orElse([], () => [as(text)]));
  }

  private orElse<T>(instead: T, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.isPartial = true;
      return instead;
    }
  }

  private time(property: IcsProperty, text: string): IcsTime {
    const time = readTime(text, this.clocksOf(property));
    const isDay = property.parameters.get('VALUE')?.toUpperCase() === 'DATE';
    return isDay && !time.isDate ? inFormOf({ ...time, isDate: true, clock: this.zones.dates }, time) : time;
  }

  private clocksOf({ parameters }: IcsProperty): Clocks {
    const tzid = parameters.get('TZID');
    const { dates, times } = this.zones;
    if (tzid === undefined) return this.zones;
    const clock = this.zones.of(tzid);
    this.isZoneUnknown ||= !clock;
    return { dates, times: clock ?? times };
  }
}
