import { type Interval, minute } from './time.js';
import type { Opening } from './working-hours.js';

/** A time that can be booked. */
export interface Slot extends Interval {
  placeId: string;
  zone: string;
}

export interface SlotQuestion {
  range: Interval;
  openings: Opening[];
  /** What is already taken. */
  busy: Interval[];
  /** Length of a slot, and the grid on which slots start from the beginning of each opening. */
  minutes: number;
  /** Slots that start before it are gone. */
  now: number;
  slotsMax?: number;
}

/** Computes free slots, in order of time. Slots are never stored, so what is cancelled is free at once. */
export function freeSlots({ range, openings, busy, minutes, now, slotsMax = Infinity }: SlotQuestion): Slot[] {
  const taken = busy.toSorted((a, b) => a.start - b.start);
  const earliest = Math.max(range.start, now);
  const length = minutes * minute;
  const slots: Slot[] = [];
  for (const { start, end, placeId, zone } of openings) {
    let next = 0;
    for (let at = start; at + length <= end && at + length <= range.end; at += length) {
      if (at < earliest) continue;
      if (slots.length >= slotsMax) return slots;
      while (next < taken.length && (taken[next] as Interval).end <= at) next += 1;
      if (isFree(taken, next, at, at + length)) slots.push({ start: at, end: at + length, placeId, zone });
    }
  }
  return slots;
}

// Everything before `from` has ended when the slot starts.
function isFree(taken: Interval[], from: number, start: number, end: number): boolean {
  for (let at = from; at < taken.length && (taken[at] as Interval).start < end; at += 1) {
    if ((taken[at] as Interval).end > start) return false;
  }
  return true;
}
