import ICAL from 'ical.js';
import { day } from '../../../domain/time/time.js';
import type { IcsComponent } from './ics-lines.js';
import type { WallClock } from './wall-clock.js';

/**
 * A clock by the rules that a calendar brings for itself (VTIMEZONE).
 * @returns undefined for rules that leave open what the clock shows
 */
export function clockOfRules({ lines }: IcsComponent): WallClock | undefined {
  const text = ['BEGIN:VTIMEZONE', ...lines.map(({ name, rest = '' }) => name + rest), 'END:VTIMEZONE'].join('\n');
  try {
    const component = new ICAL.Component(ICAL.parse(text) as never);
    const observances = component.getAllSubcomponents();
    if (observances.length === 0 || !observances.every(isComplete)) return undefined;
    const clock = clockOf(new ICAL.Timezone(component));
    // Its rules are laid out now, not when an event asks.
    clock.instantOf(farAhead);
    return clock;
  } catch {
    return undefined;
  }
}

const farAhead = Date.UTC(2100, 0);

// The package takes what lacks one of these for UTC, and rules that come round each second for ever.
function isComplete(observance: ICAL.Component): boolean {
  const rules = observance.getAllProperties('rrule').map((property) => property.getFirstValue() as ICAL.Recur | null);
  return (
    ['dtstart', 'tzoffsetfrom', 'tzoffsetto'].every((name) => observance.getFirstPropertyValue(name)) &&
    rules.every((rule) => rule?.freq === 'YEARLY')
  );
}

function clockOf(rules: ICAL.Timezone): WallClock {
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
