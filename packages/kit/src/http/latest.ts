/** What happened when: `at` is a time in UTC as `Date.toISOString` writes it. */
interface Happened {
  at: string;
}

/** As many of the latest things as one of several sources gave, latest first. */
export interface Latest<T> {
  items: T[];
  /** Whether it has older ones. */
  hasMore: boolean;
}

/**
 * The latest of several sources as one page, latest first. Of things that happened at the time where the page would end,
 * all are on the next one: nothing is told twice or never.
 * @param lists what each source gave when it was asked for one more than `limit`
 * @returns `before`: the next page is of what happened before this time; undefined on the last one
 */
export function latestOf<T extends Happened>(lists: Latest<T>[], limit: number): { items: T[]; before?: string } {
  const all = lists.flatMap(({ items }) => items).sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const isLast = all.length <= limit && !lists.some(({ hasMore }) => hasMore);
  if (isLast) return { items: all };
  // A source that has more may have some of the same time as its last one.
  const ends = lists.filter(({ hasMore }) => hasMore).map(({ items }) => items.at(-1)?.at ?? '');
  const end = [all[limit]?.at ?? '', ...ends].reduce((latest, each) => (each > latest ? each : latest));
  const items = all.slice(0, limit).filter(({ at }) => at > end);
  // So many at once that they fill a page cannot be told apart by time.
  if (items.length === 0) return { items: all.slice(0, limit), before: end };
  return { items, before: new Date(Date.parse(end) + 1).toISOString() };
}
