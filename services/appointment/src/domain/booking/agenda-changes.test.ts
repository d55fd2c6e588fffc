import { describe, expect, it } from 'vitest';
import { type AgendaChange, joined, SeenChanges } from './agenda-changes.js';

const at = (...positions: number[]) => positions.map((position) => ({ position, practitionerId: 'p' }));

describe('changes that were seen', () => {
  it('leave gaps where a transaction took longer, until it is seen', () => {
    const seen = new SeenChanges({ settled: 7, taken: 7 }, 0);
    expect([seen.last, seen.safe, seen.gaps]).toEqual([7, 7, []]);
    seen.note(at(8, 11), 1);
    expect([seen.last, seen.safe, seen.gaps]).toEqual([11, 8, [9, 10]]);
    seen.note(at(9, 12), 2);
    expect([seen.last, seen.safe, seen.gaps]).toEqual([12, 9, [10]]);
    seen.note(at(10), 3);
    expect([seen.last, seen.safe, seen.gaps]).toEqual([12, 12, []]);
  });

  it('leave gaps from the beginning, since others took positions before anybody looked', () => {
    const seen = new SeenChanges({ settled: 498, taken: 502 }, 0);
    seen.note(at(499, 501), 0);
    expect([seen.last, seen.safe, seen.gaps]).toEqual([502, 499, [500, 502]]);
    // Where nothing is left of the last hour, any of those before may be under way.
    const empty = new SeenChanges({ settled: 0, taken: 5_000 }, 0);
    expect([empty.last, empty.safe, empty.gaps.length]).toEqual([5_000, 4_000, 1_000]);
    empty.note(at(5_002), 60_001);
    expect([empty.last, empty.safe, empty.gaps]).toEqual([5_002, 5_000, [5_001]]);
  });

  it('are not waited for when they were undone, nor without end', () => {
    const seen = new SeenChanges({ settled: 0, taken: 1 }, 0);
    seen.note(at(1, 3), 0);
    seen.note([], 60_000);
    expect(seen.gaps).toEqual([2]);
    seen.note([], 60_001);
    expect([seen.safe, seen.gaps]).toEqual([3, []]);
    seen.note(at(5_000), 60_002);
    expect(seen.gaps).toHaveLength(999);
  });
});

describe('two changes of one agenda', () => {
  const between = (from: string, until: string): AgendaChange => ({
    practitionerId: 'p',
    from: new Date(from),
    until: new Date(until),
  });

  it('are one, from the first to the last of both', () => {
    const [early, late] = [
      between('2026-11-23T09:00Z', '2026-11-23T12:00Z'),
      between('2026-11-23T10:00Z', '2026-11-24T09:00Z'),
    ];
    expect(joined(early, late)).toEqual(between('2026-11-23T09:00Z', '2026-11-24T09:00Z'));
    expect(joined(late, early)).toEqual(joined(early, late));
    expect(joined(undefined, late)).toEqual(late);
  });

  it('are of all of it when one of them is', () => {
    expect(joined(between('2026-11-23T09:00Z', '2026-11-23T12:00Z'), { practitionerId: 'p' })).toEqual({
      practitionerId: 'p',
    });
  });
});
