import ICAL from 'ical.js';
import { day } from '../../domain/time.js';
import type { WallClock } from './wall-clock.js';

/** A clock by the rules that a calendar brings for itself (VTIMEZONE). */
export function clockOfRules(component: ICAL.Component): WallClock {
  const rules = new ICAL.Timezone(component);
  const offset = (wall: number) => rules.utcOffset(ICAL.Time.fromDateTimeString(isoOf(wall))) * 1_000;
  const instantOf = (wall: number) => {
    const [before, after, now] = [offset(wall - day), offset(wall + day), offset(wall)];
    // Within a gap, and at the first of two times, the package takes the offset after the change.
    const isAtChange = now === after && offset(wall - Math.abs(after - before)) === before;
    return wall - (before !== after && isAtChange ? before : now);
  };
  return {
    instantOf,
    wallOf(instant) {
      const guesses = [offset(instant - day), offset(instant + day)].map((each) => instant + each);
      return guesses.find((wall) => instantOf(wall) === instant) ?? (guesses[0] as number);
    },
  };
}

const isoOf = (wall: number): string => new Date(wall).toISOString().slice(0, 19);
