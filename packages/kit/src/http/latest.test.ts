import fc from 'fast-check';
import { expect, it } from 'vitest';
import { latestOf } from './latest.js';

interface Thing {
  id: number;
  at: string;
}

const at = (ms: number) => new Date(Date.UTC(2026, 10, 22) + ms).toISOString();

/** A source as a service is one: it gives the latest before a time. */
const give = (things: Thing[], before: string | undefined, limit: number) => {
  const found = things
    .filter((each) => before === undefined || each.at < before)
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return { items: found.slice(0, limit), hasMore: found.length > limit };
};

it('gives everything of all sources once, latest first, however many there are at one time', () => {
  // Fewer at one time than fill a page.
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), fc.integer({ min: 5, max: 9 }), (sources, limit) => {
      let id = 0;
      const lists = sources.map((each) => each.map((ms): Thing => ({ id: id++, at: at(ms) })));
      const told: Thing[] = [];
      let before: string | undefined;
      do {
        const page = latestOf(
          lists.map((things) => give(things, before, limit + 1)),
          limit,
        );
        expect(page.items.length).toBeLessThanOrEqual(limit);
        told.push(...page.items);
        before = page.before;
      } while (before !== undefined);
      expect(told.map((each) => each.id).sort((a, b) => a - b)).toEqual(Array.from({ length: id }, (_, n) => n));
      expect(told.map((each) => each.at)).toEqual(
        told
          .map((each) => each.at)
          .toSorted()
          .reverse(),
      );
    }),
  );
});
