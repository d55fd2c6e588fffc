import type { Appointment } from '../api/types.ts';
import { dateAt, minutesAt } from '../time/zone.ts';

/** Where an appointment stands in its column: minutes of the practice’s clock, and a lane beside those at the same time. */
export interface Placed {
  appointment: Appointment;
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

const dayMinutes = 24 * 60;

/** Those that take a time on the day, in order; those that overlap stand side by side. */
export function arrange(appointments: readonly Appointment[], day: string): Placed[] {
  const shown = appointments
    .filter(({ status }) => !['cancelled', 'waitlist', 'proposed'].includes(status))
    .map((appointment) => ({ appointment, ...spanOn(appointment, day) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const groups: (typeof shown)[] = [];
  let end = -1;
  for (const each of shown) {
    if (each.from >= end) groups.push([]);
    groups.at(-1)?.push(each);
    end = Math.max(end, each.to);
  }
  return groups.flatMap((group) => {
    const ends: number[] = [];
    const placed = group.map((each) => {
      const free = ends.findIndex((endOfLane) => endOfLane <= each.from);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = each.to;
      return { ...each, lane };
    });
    return placed.map((each) => ({ ...each, lanes: ends.length }));
  });
}

function spanOn({ start, end, zone }: Appointment, day: string): { from: number; to: number } {
  const from = dateAt(start, zone) < day ? 0 : minutesAt(start, zone);
  const to = dateAt(end, zone) > day ? dayMinutes : minutesAt(end, zone);
  if (to > from || dateAt(start, zone) < day) return { from, to };
  // In the night in which the clock is put back it may end at an earlier time than it began: it is as long as it is.
  const minutes = (Date.parse(end) - Date.parse(start)) / 60_000;
  return { from, to: Math.min(from + minutes, dayMinutes) };
}

/** The hours to show, whole: the usual ones, and more where something is earlier or later. */
export function hoursOf(columns: readonly Placed[][], usual: [number, number] = [8, 19]): [number, number] {
  const all = columns.flat();
  const first = Math.min(usual[0], ...all.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(usual[1], ...all.map(({ to }) => Math.ceil(to / 60)));
  return [first, last];
}

/** Whether it may still go to another time. */
export const canMove = ({ status }: Pick<Appointment, 'status'>): boolean => status === 'booked';
