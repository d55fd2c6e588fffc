import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReading } from '../domain/reading.js';
import { mergeReadings, type Placed, type ReadingRow, type Standing } from './reading-rows.js';

const now = new Date('2026-11-20T10:00:00Z');

const placed = (sourceId: string, value: number): Placed => ({
  reading: readReading(
    { code: '8867-4', value, unit: '/min', effectiveAt: '2026-11-20T09:00:00Z', sourceId },
    { source: 'app', now },
  ),
  trackId: 1,
  originId: 1,
});

/** What the tables have, after what batches make of them. */
class Tables {
  readonly rows = new Map<string, ReadingRow>();
  readonly earlier: ReadingRow[] = [];

  take(batch: Placed[]) {
    const merged = mergeReadings(batch, this.standing(), now);
    for (const { identity } of merged.corrected) this.earlier.push(this.rows.get(identity) as ReadingRow);
    this.earlier.push(...merged.superseded);
    for (const row of merged.rows) this.rows.set(row.identity, row);
    return merged;
  }

  private standing(): Standing[] {
    const toStanding = (isEarlier: boolean) => (row: ReadingRow) => ({ ...row, hour: 0, is_earlier: isEarlier });
    return [...this.earlier.map(toStanding(true)), ...[...this.rows.values()].map(toStanding(false))];
  }
}

const batches = fc.array(
  fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 60, max: 64 })).map(([id, value]) => placed(id, value)),
    { maxLength: 8 },
  ),
  { maxLength: 6 },
);

describe('readings that come again', () => {
  it('change nothing, in whatever batches and order', () => {
    fc.assert(
      fc.property(batches, fc.integer(), (all, seed) => {
        const tables = new Tables();
        for (const batch of all) tables.take(batch);
        const before = structuredClone([...tables.rows]);
        const again = all.flat().sort((a, b) => ((a.reading.value * seed) % 7) - ((b.reading.value * seed) % 7));
        const { taken, told } = tables.take(again);
        expect([taken.filter(({ kind }) => kind !== 'known'), told]).toEqual([[], []]);
        expect([...tables.rows]).toEqual(before);
      }),
    );
  });

  it('make as many versions as there were different contents, each told in its turn, none lost', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const tables = new Tables();
        const told = all.flatMap((batch) => tables.take(batch).told);
        for (const [identity, { version, id }] of tables.rows) {
          const contents = new Set(
            all.flat().flatMap(({ reading }) => (reading.identity === identity ? [reading.value] : [])),
          );
          expect(version).toBe(contents.size);
          const its = told.filter(({ reading }) => reading.identity === identity);
          expect(its.map(({ isCorrectionOf }) => isCorrectionOf)).toEqual(
            [undefined, ...its.map((each) => each.id)].slice(0, -1),
          );
          expect(its.at(-1)?.id).toBe(id);
          expect(tables.earlier.filter((row) => row.identity === identity)).toHaveLength(version - 1);
        }
      }),
    );
  });
});
