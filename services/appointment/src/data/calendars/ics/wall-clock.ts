import { IANAZone } from 'luxon';
import { day, minute } from '../../../domain/time/time.js';
import { offsetAt } from '../../../domain/time/zone-offset.js';
import { windowsZones } from './windows-zones.js';

/** Between what a clock on the wall shows, as milliseconds as if it were UTC, and instants. */
export interface WallClock {
  /**
   * The instant that a wall-clock time means to RFC 5545 (section 3.3.5): of one that comes twice the first; one that is
   * skipped is read with the offset before the gap, so 02:30 is 03:30 on the day when the clocks go forward at 02:00.
   */
  instantOf(wall: number): number;
  wallOf(instant: number): number;
}

export const utcClock: WallClock = { instantOf: (wall) => wall, wallOf: (instant) => instant };

export const clockOfZone = (zone: string): WallClock => ({
  instantOf(wall) {
    const [before, after] = [offsetAt(wall - day, zone), offsetAt(wall + day, zone)];
    const shown = [before, after].map((offset) => ({ offset, instant: wall - offset * minute }));
    const meant = shown
      .filter(({ offset, instant }) => offsetAt(instant, zone) === offset)
      .sort((a, b) => a.instant - b.instant);
    return meant[0]?.instant ?? wall - before * minute;
  },
  wallOf: (instant) => instant + offsetAt(instant, zone) * minute,
});

const byWindowsName = new Map(Object.entries(windowsZones).map(([name, zone]) => [name.toLowerCase(), zone]));

/** The IANA zone that a TZID names, by IANA's name or Windows', also behind a prefix: `/mozilla.org/20050126_1/Europe/Paris`. */
export function zoneNamed(tzid: string): string | undefined {
  const parts = tzid.split('/').filter(Boolean).slice(0, 10);
  for (let first = 0; first < parts.length; first += 1) {
    const name = parts.slice(first).join('/').trim();
    const zone = byWindowsName.get(name.toLowerCase()) ?? name;
    if (/^[A-Za-z]/.test(zone) && IANAZone.isValidZone(zone)) return zone;
  }
  return undefined;
}
