import type { Curve, CurvePoint } from '../api/types.ts';

/** A place in the picture: from left to right and from bottom to top, each from 0 to 1. */
export interface Spot {
  x: number;
  y: number;
}

/** A limit that a rule names, at its height. */
export interface LimitLine {
  value: number;
  y: number;
  /** Where it ends what it began. */
  isClear: boolean;
}

export interface Limit {
  value: number;
  isClear?: boolean;
}

export interface Plot {
  /** What belongs together: between two of them nothing was measured for long, and nothing is drawn. */
  lines: Spot[][];
  /** Of an hour or day: from the lowest to the highest, as `lines`. */
  ranges: { low: Spot; high: Spot }[][];
  /** What is doubtful or cannot be: it counts for nothing, and stands beside the line. */
  doubtful: Spot[];
  gaps: { from: number; to: number }[];
  limits: LimitLine[];
  /** Whole values at the side, the lowest first. */
  heights: { value: number; y: number }[];
}

/** What a point stands for: the reading itself, the mean of a level, or the sum of an amount. */
export const amountOf = ({ value, mean, total }: CurvePoint): number | undefined => value ?? mean ?? total;

/** Whether a reading counts for nothing. */
export const isDoubtful = ({ certainty, flags = [] }: CurvePoint): boolean =>
  certainty === 'doubtful' || flags.includes('implausible');

/** How many heights are named at most. */
const heightsMax = 5;

/** Where everything of a curve stands. @param limits of a rule, drawn whether or not anything comes near them */
export function plotOf(curve: Curve, limits: readonly Limit[] = []): Plot {
  const [from, to] = [Date.parse(curve.from), Date.parse(curve.to)];
  const x = (at: number | string) => within((new Date(at).getTime() - from) / Math.max(1, to - from));
  const counted = curve.items.filter((point) => amountOf(point) !== undefined && !isDoubtful(point));
  const heights = heightsOf([
    ...curve.items.flatMap((point) => [amountOf(point), point.low, point.high]),
    ...limits.map(({ value }) => value),
    ...(curve.kind === 'amount' ? [0] : []),
  ]);
  const [low, high] = [heights[0] ?? 0, heights.at(-1) ?? 1];
  const y = (value: number) => within((value - low) / Math.max(Number.EPSILON, high - low));
  const spot = (point: CurvePoint, value: number): Spot => ({ x: x(point.at), y: y(value) });
  const pieces = piecesOf(counted, curve);
  return {
    lines: pieces.map((piece) => piece.map((point) => spot(point, amountOf(point) as number))),
    ranges: pieces
      .map((piece) =>
        piece.flatMap((point) =>
          point.low === undefined || point.high === undefined
            ? []
            : [{ low: spot(point, point.low), high: spot(point, point.high) }],
        ),
      )
      .filter((range) => range.length > 0),
    doubtful: curve.items
      .filter((point) => isDoubtful(point) && amountOf(point) !== undefined)
      .map((point) => spot(point, amountOf(point) as number)),
    gaps: curve.gaps.map((gap) => ({ from: x(gap.from), to: x(gap.to) })),
    limits: limits.map(({ value, isClear = false }) => ({ value, y: y(value), isClear })),
    heights: heights.map((value) => ({ value, y: y(value) })),
  };
}

const within = (part: number): number => Math.min(1, Math.max(0, part));

/** The points of a curve, apart wherever there is a gap between two of them. */
function piecesOf(points: readonly CurvePoint[], { gaps }: Curve): CurvePoint[][] {
  const pieces: CurvePoint[][] = [];
  let before: CurvePoint | undefined;
  for (const point of points) {
    const [begin, end] = [Date.parse(before?.at ?? point.at), Date.parse(point.at)];
    const isApart = gaps.some((gap) => Date.parse(gap.from) < end && Date.parse(gap.to) > begin);
    if (before && !isApart) pieces.at(-1)?.push(point);
    else pieces.push([point]);
    before = point;
  }
  return pieces;
}

/** Round values from below the lowest to above the highest, few enough to be read. */
function heightsOf(values: readonly (number | undefined)[]): number[] {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (known.length === 0) return [0, 1];
  const [least, most] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  const step = stepOf(Math.max(most - least, Math.abs(most) / 10, 0.1) / (heightsMax - 2));
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return Array.from({ length: last - first + 1 }, (_, nth) => Number(((first + nth) * step).toPrecision(12)));
}

/** The next of 1, 2, 5, 10, 20 … */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((each) => each * power >= least) ?? 10) * power;
}

/** What a picture says to who cannot see it. */
export interface Summed {
  count: number;
  low?: number;
  high?: number;
  last?: number;
  gaps: number;
}

export function summed({ items, gaps }: Curve): Summed {
  const counted = items.filter((point) => !isDoubtful(point));
  const edges = counted.flatMap((point) => [point.low ?? amountOf(point), point.high ?? amountOf(point)]);
  const known = edges.filter((value) => value !== undefined) as number[];
  const last = counted.at(-1);
  return {
    count: items.reduce((sum, { count = 1 }) => sum + count, 0),
    ...(known.length > 0 && {
      low: known.reduce((a, b) => Math.min(a, b)),
      high: known.reduce((a, b) => Math.max(a, b)),
    }),
    ...(last && { last: amountOf(last) }),
    gaps: gaps.length,
  };
}
