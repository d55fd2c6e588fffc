import type { Practitioner, Schedule } from '../api/types.ts';
import { openingsOn } from '../time/openings.ts';
import { daysAfter } from '../time/zone.ts';
import type { Span } from './timeline.ts';

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

const midnight = 24 * 60;

/** When a practitioner receives on a day, at any of their places, in minutes of its clock; what lasts over midnight in two pieces. */
export function openOn(schedule: Schedule, day: string, places: Pick<Practitioner, 'places'>['places']): Span[] {
  const on = (date: string) =>
    places
      .flatMap(({ id }) => openingsOn(schedule, date, id).periods)
      .map(({ startTime, endTime }) => ({ from: minutesOf(startTime), to: minutesOf(endTime) }));
  const begun = on(day).map(({ from, to }) => ({ from, to: to <= from ? midnight : to }));
  const goingOn = on(daysAfter(day, -1)).filter(({ from, to }) => to <= from && to > 0);
  return joined([...begun, ...goingOn.map(({ to }) => ({ from: 0, to }))]);
}

/** Without overlaps, in order: what two openings cover together is open as a whole. */
function joined(spans: Span[]): Span[] {
  const all: Span[] = [];
  for (const each of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else all.push({ ...each });
  }
  return all;
}
