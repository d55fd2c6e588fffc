import type { Appointment, Practitioner, Schedule } from '../api/types.ts';
import { openingsOn } from '../time/openings.ts';
import { arrange } from './arrange.ts';

/** Minutes of a day, from when until when. */
export interface Span {
  from: number;
  to: number;
}

/** A day of one practitioner at a glance: what it is made of, and how much of each. */
export interface Glance {
  /** Times at which they receive; undefined when that could not be read. */
  open?: Span[];
  /** Booked and to come. */
  booked: Span[];
  /** Who has arrived and is not done. */
  waiting: Span[];
  /** What took place, or was missed. */
  past: Span[];
  isAway: boolean;
  /** Minutes in which they receive and nobody comes; undefined as `open`. */
  freeMinutes?: number;
}

const dayMinutes = 24 * 60;

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Spans in order, those that touch or overlap as one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** Minutes of spans that do not overlap. */
const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** @param schedule undefined while or when it cannot be read */
export function glanceOf(
  { places }: Pick<Practitioner, 'places'>,
  appointments: readonly Appointment[],
  schedule: Schedule | undefined,
  day: string,
): Glance {
  const placed = arrange(appointments, day);
  const spansOf = (...statuses: Appointment['status'][]): Span[] =>
    placed.filter(({ appointment }) => statuses.includes(appointment.status)).map(({ from, to }) => ({ from, to }));
  const days = schedule && places.map(({ id }) => openingsOn(schedule, day, id));
  const open =
    days &&
    joined(
      days.flatMap(({ periods }) =>
        periods.map(({ startTime, endTime }) => {
          const [from, to] = [minutesOf(startTime), minutesOf(endTime)];
          // Hours that end on the next day.
          return { from, to: to > from ? to : dayMinutes };
        }),
      ),
    );
  const taken = joined(placed);
  // What both have counts twice in the sum of their lengths, and once in all of them.
  return {
    open,
    booked: spansOf('booked', 'pending'),
    waiting: spansOf('arrived'),
    past: spansOf('fulfilled', 'noshow'),
    isAway: days?.some(({ isAway }) => isAway) ?? false,
    freeMinutes: open && lengthOf(joined([...open, ...taken])) - lengthOf(taken),
  };
}
