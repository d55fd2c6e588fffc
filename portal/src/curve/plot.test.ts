import { describe, expect, it } from 'vitest';
import type { Curve, CurvePoint } from '../api/types.ts';
import { plotOf, summed } from './plot.ts';

const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`;
const reading = (hour: number, value: number, more: Partial<CurvePoint> = {}): CurvePoint => ({
  at: at(hour),
  value,
  ...more,
});
const curve = (items: CurvePoint[], more: Partial<Curve> = {}): Curve => ({
  ...{ code: '8867-4', name: 'Heart rate', unit: '/min', kind: 'level', resolution: 'raw', zone: 'Europe/Paris' },
  ...{ patientId: 'p', from: at(0), to: at(10), items, gaps: [] },
  ...more,
});

describe('a curve', () => {
  it('goes from its beginning to its end, and from a round value below to one above', () => {
    const { lines, heights } = plotOf(curve([reading(0, 61), reading(5, 99)]));
    expect(lines[0]?.map(({ x }) => x)).toEqual([0, 0.5]);
    expect(heights.map(({ value }) => value)).toEqual([60, 80, 100]);
    expect(heights.map(({ y }) => y)).toEqual([0, 0.5, 1]);
  });

  it('is not drawn across a gap', () => {
    const gaps = [{ from: at(2), to: at(6) }];
    const plot = plotOf(curve([reading(1, 70), reading(2, 72), reading(6, 74), reading(7, 76)], { gaps }));
    expect(plot.lines.map((line) => line.length)).toEqual([2, 2]);
    expect(plot.gaps).toEqual([{ from: 0.2, to: 0.6 }]);
  });

  it('leaves a single reading between two gaps as a point of its own', () => {
    const gaps = [
      { from: at(1), to: at(4) },
      { from: at(4), to: at(8) },
    ];
    const plot = plotOf(curve([reading(1, 70), reading(4, 72), reading(8, 74)], { gaps }));
    expect(plot.lines.map((line) => line.length)).toEqual([1, 1, 1]);
  });

  it('has what is doubtful or cannot be beside its line, and does not count it', () => {
    const items = [
      reading(1, 70),
      reading(2, 250, { certainty: 'doubtful' }),
      reading(3, 999, { flags: ['implausible'] }),
      reading(4, 71),
    ];
    const plot = plotOf(curve(items));
    expect(plot.lines.map((line) => line.length)).toEqual([2]);
    expect(plot.doubtful).toHaveLength(2);
    expect(summed(curve(items))).toMatchObject({ low: 70, high: 71, last: 71 });
  });

  it('has room for a limit that nothing comes near', () => {
    const { limits, heights } = plotOf(curve([reading(1, 70)]), [{ value: 120 }, { value: 110, isClear: true }]);
    expect(heights.at(-1)?.value).toBeGreaterThanOrEqual(120);
    expect(limits.map(({ isClear }) => isClear)).toEqual([false, true]);
    expect(limits[0]?.y).toBeGreaterThan(limits[1]?.y as number);
  });

  it('of an amount stands on nothing, and shows the range of what is summed by the hour', () => {
    const plot = plotOf(curve([{ at: at(1), total: 5_400 }], { kind: 'amount', resolution: 'daily' }));
    expect(plot.heights[0]?.value).toBe(0);
    const hourly = plotOf(curve([{ at: at(1), mean: 70, low: 60, high: 90, count: 12 }], { resolution: 'hourly' }));
    expect(hourly.ranges[0]?.[0]?.high.y).toBeGreaterThan(hourly.ranges[0]?.[0]?.low.y as number);
  });

  it('of the same value throughout, or of nothing, can be drawn', () => {
    const flat = plotOf(curve([reading(1, 70), reading(2, 70)]));
    expect(flat.lines[0]?.every(({ y }) => y >= 0 && y <= 1)).toBe(true);
    expect(plotOf(curve([])).lines).toEqual([]);
    expect(summed(curve([]))).toEqual({ count: 0, gaps: 0 });
  });
});
