import { clockOfRules } from './ics-clock.js';
import { type IcsComponent, partsOf, propertyOf } from './ics-lines.js';
import type { Clocks } from './ics-values.js';
import { clockOfZone, type WallClock, zoneNamed } from './wall-clock.js';

/** The clocks that times of one calendar are by. */
export class IcsZones implements Clocks {
  readonly times: WallClock;
  readonly dates: WallClock;
  private readonly rules = new Map<string, IcsComponent>();
  private readonly known = new Map<string, WallClock | undefined>();

  /** @param zone IANA zone of whole days; also of times, where the calendar names none as its own */
  constructor(text: string, zone: string) {
    let own: string | undefined;
    for (const part of partsOf(text)) {
      if ('zone' in part) own ??= zoneNamed(part.zone.rest?.slice(1) ?? '');
      else if (part.kind === 'VTIMEZONE') this.rules.set(nameOf(part), part);
    }
    this.dates = clockOfZone(zone);
    this.times = clockOfZone(own ?? zone);
  }

  /** @returns undefined for a zone that neither the world nor the calendar knows */
  of(tzid: string): WallClock | undefined {
    if (!this.known.has(tzid)) this.known.set(tzid, this.find(tzid));
    return this.known.get(tzid);
  }

  // A zone that everybody knows by its name is taken as it really is, whatever rules the calendar has for it.
  private find(tzid: string): WallClock | undefined {
    const [zone, rules] = [zoneNamed(tzid), this.rules.get(tzid)];
    return zone ? clockOfZone(zone) : rules && clockOfRules(rules);
  }
}

function nameOf({ lines }: IcsComponent): string {
  const tzid = lines.find(({ name }) => name === 'TZID');
  return (tzid && propertyOf(tzid)?.value.replace(/\\(.)/g, '$1')) ?? '';
}
