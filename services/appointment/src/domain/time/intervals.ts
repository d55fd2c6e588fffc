/** A half-open span, [start, end): milliseconds since the epoch, or minutes of a day. */
export interface Interval {
  start: number;
  end: number;
}

export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;

export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** The same time in the fewest spans, in order: what touches or overlaps is one. */
export function merged(spans: readonly Interval[]): Interval[] {
  const all: Interval[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else if (start < end) all.push({ start, end });
  }
  return all;
}

/** What is left of the spans when the cuts are taken out, in order. */
export function without(spans: readonly Interval[], cuts: readonly Interval[]): Interval[] {
  let left = [...spans];
  for (const cut of cuts) {
    left = left.flatMap((span) =>
      overlaps(span, cut)
        ? [
            { start: span.start, end: cut.start },
            { start: cut.end, end: span.end },
          ].filter(({ start, end }) => start < end)
        : [span],
    );
  }
  return left;
}

// Most times that are asked about are free.
const nothing: readonly never[] = [];

/** Spans that can be asked which of them overlap another, at the cost of those that do. */
export class Occupied<T extends Interval = Interval> {
  private readonly spans: readonly T[];
  /** For each span the latest end of it and all before it, so that a look backwards knows when to stop. */
  private readonly latestEnds: number[] = [];

  constructor(spans: readonly T[]) {
    this.spans = spans.toSorted((a, b) => a.start - b.start);
    let latest = -Infinity;
    for (const { end } of this.spans) {
      latest = Math.max(latest, end);
      this.latestEnds.push(latest);
    }
  }

  /** These and one more. */
  and(span: T): Occupied<T> {
    return new Occupied([...this.spans, span]);
  }

  /** In order of start. */
  overlapping(wanted: Interval): readonly T[] {
    let at = this.countBefore(wanted.end) - 1;
    if (at < 0 || (this.latestEnds[at] as number) <= wanted.start) return nothing;
    const found: T[] = [];
    for (; at >= 0 && (this.latestEnds[at] as number) > wanted.start; at -= 1) {
      const span = this.spans[at] as T;
      if (span.end > wanted.start) found.push(span);
    }
    return found.reverse();
  }

  private countBefore(instant: number): number {
    let [low, high] = [0, this.spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.spans[middle] as T).start < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
