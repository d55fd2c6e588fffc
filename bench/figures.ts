/** One measured figure beside what it is compared with: a peer measured in the same run, or a limit. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it is compared with, and how. */
  peer: { name: string; value: number };
  /** The figure divided by its peer. */
  ratio: number;
  /** What the ratio has to be; absent for what is only told. */
  wanted?: { atLeast: number } | { atMost: number };
  /** True for what is only told. */
  holds: boolean;
}

export function figure(
  name: string,
  unit: string,
  value: number,
  peer: Figure['peer'],
  wanted?: Figure['wanted'],
  ratio = value / peer.value,
): Figure {
  return { name, value, unit, peer, ratio, wanted, holds: wanted === undefined || isMet(wanted, ratio) };
}

const isMet = (wanted: NonNullable<Figure['wanted']>, ratio: number): boolean =>
  'atLeast' in wanted ? ratio >= wanted.atLeast : ratio <= wanted.atMost;

/**
 * The medians of what was measured in turn, and the median of the ratios: where a machine's speed swings, it meets both of a
 * pair.
 */
export function pairedFigure(
  name: string,
  unit: string,
  values: number[],
  peer: { name: string; values: number[] },
  wanted?: Figure['wanted'],
): Figure {
  const ratio = median(values.map((value, nth) => value / (peer.values[nth] as number)));
  return figure(name, unit, median(values), { name: peer.name, value: median(peer.values) }, wanted, ratio);
}

/** A figure that must not exceed a limit of the same unit. */
export const within = (name: string, unit: string, value: number, limit: number): Figure =>
  figure(name, unit, value, { name: 'limit', value: limit }, { atMost: 1 });

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const round = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export function toTable(figures: Figure[]): string {
  const rows = figures.map(({ name, value, unit, peer, ratio, wanted, holds }) => [
    name,
    `${round(value)} ${unit}`,
    `${peer.name} ${round(peer.value)} ${unit}`,
    ratio.toFixed(2),
    limitOf(wanted),
    wanted === undefined ? '' : holds ? 'yes' : 'NO',
  ]);
  const table = [['figure', 'measured', 'beside', 'ratio', 'wanted', 'holds'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function limitOf(wanted: Figure['wanted']): string {
  if (!wanted) return '';
  return 'atLeast' in wanted ? `>= ${wanted.atLeast}` : `<= ${wanted.atMost}`;
}
