import type { Slot } from '../api/types.ts';
import { isSecondTime, isShownTwice, minutesAt } from '../time/zone.ts';
import type { Placed } from './arrange.ts';

/** Minutes of the practice’s clock. */
export interface Span {
  from: number;
  to: number;
}

/** What stands in a column, one after the other: somebody who comes, a time that is offered, or one that is not. */
export type Stop = Span & { key: string } & (
    | { kind: 'appointment'; placed: Placed }
    | {
        kind: 'free';
        slot: Slot;
        /** Also somebody comes then: a group. */
        isBeside: boolean;
        /** In the night in which the clock is put back: which of the two times that it shows this. */
        turn?: 'first' | 'second';
      }
    | { kind: 'gap' /** Whether the practitioner receives then; undefined: that is not known. */; isOpen?: boolean }
  );

/** Free times that begin closer to one another are too small to be hit; the lists of free times have all of them. */
const leastMinutes = 15;

interface Column {
  id: string;
  placed: readonly Placed[];
  /** Undefined: not known. */
  free?: readonly Slot[];
  open?: readonly Span[];
}

/** All that there is in a column between two times, in order, without a hole that somebody could fall into. */
export function timelineOf({ id, placed, free, open }: Column, { from, to }: Span): Stop[] {
  const coming = placed.map(
    (each): Stop => ({ kind: 'appointment', key: each.appointment.id, from: each.from, to: each.to, placed: each }),
  );
  const offered = freeOf(id, free ?? [], placed);
  const covered = [...coming, ...offered].sort((a, b) => a.from - b.from);
  const gaps: Stop[] = [];
  let end = from;
  for (const each of [...covered, { from: to, to }]) {
    if (each.from > end) gaps.push(...cut({ from: end, to: each.from }, open).map((gap) => gapOf(id, gap)));
    end = Math.max(end, each.to);
  }
  return [...coming, ...offered, ...gaps].sort((a, b) => a.from - b.from || rank[a.kind] - rank[b.kind]);
}

const rank = { appointment: 0, free: 1, gap: 2 };

const gapOf = (columnId: string, gap: Span & { isOpen?: boolean }): Stop => ({
  ...gap,
  kind: 'gap',
  key: `gap ${columnId} ${gap.from}`,
});

function freeOf(columnId: string, slots: readonly Slot[], placed: readonly Placed[]): Stop[] {
  const spans = slots
    .map((slot) => {
      const from = minutesAt(slot.start, slot.zone);
      const at = Date.parse(slot.start);
      return { slot, at, from, to: from + (Date.parse(slot.end) - at) / 60_000 };
    })
    .sort((a, b) => a.at - b.at);
  const shown: typeof spans = [];
  for (const each of spans)
    if (each.at - (shown.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= leastMinutes * 60_000) shown.push(each);
  return shown.map(({ slot, from, to }, nth) => {
    // Starts may be closer than a visit is long; what comes when the clock was put back stands beside it.
    const next = shown[nth + 1]?.from ?? to;
    return {
      kind: 'free',
      key: `free ${columnId} ${slot.start}`,
      from,
      to: next > from ? Math.min(to, next) : to,
      slot,
      isBeside: placed.some((each) => each.from < to && each.to > from),
      ...(isShownTwice(slot.start, slot.zone) && {
        turn: isSecondTime(slot.start, slot.zone) ? ('second' as const) : ('first' as const),
      }),
    };
  });
}

/** A span in pieces, each of which is open or closed as a whole; without those that are too small to be hit. */
function cut({ from, to }: Span, open: readonly Span[] | undefined): (Span & { isOpen?: boolean })[] {
  const isLargeEnough = (piece: Span) => piece.to - piece.from >= leastMinutes;
  if (!open) return [{ from, to }].filter(isLargeEnough);
  const edges = open.flatMap((each) => [each.from, each.to]).filter((edge) => edge > from && edge < to);
  const marks = [from, ...new Set(edges.sort((a, b) => a - b)), to];
  return marks
    .slice(1)
    .map((end, nth) => ({ from: marks[nth] as number, to: end }))
    .map((piece) => ({ ...piece, isOpen: open.some((each) => each.from <= piece.from && piece.to <= each.to) }))
    .filter(isLargeEnough);
}

/** The one to which an arrow key leads from another; in a column beside it the one nearest in time. */
export function neighbourOf(columns: readonly (readonly Stop[])[], key: string, arrow: string): Stop | undefined {
  const nth = columns.findIndex((column) => column.some((stop) => stop.key === key));
  const column = columns[nth] ?? [];
  const at = column.findIndex((stop) => stop.key === key);
  if (arrow === 'ArrowDown') return column[at + 1];
  if (arrow === 'ArrowUp') return column[at - 1];
  if (arrow === 'Home') return column[0];
  if (arrow === 'End') return column.at(-1);
  if (arrow !== 'ArrowLeft' && arrow !== 'ArrowRight') return undefined;
  const step = arrow === 'ArrowLeft' ? -1 : 1;
  for (let beside = nth + step; beside >= 0 && beside < columns.length; beside += step) {
    const nearest = nearestTo(columns[beside] ?? [], column[at]?.from ?? 0);
    if (nearest) return nearest;
  }
  return undefined;
}

/** What is at a time, or else begins nearest to it. */
export const nearestTo = (column: readonly Stop[], at: number): Stop | undefined =>
  column.find(({ from, to }) => from <= at && at < to) ??
  [...column].sort((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))[0];
