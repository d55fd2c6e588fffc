import { invalidField } from '../errors.js';

/** One page of a list; `nextCursor` is absent on the last. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** An opaque cursor from the sort key of the last item of a page. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws 422 on `cursor` for anything that `encodeCursor` did not make with as many parts. */
export function decodeCursor(cursor: string, parts: number): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isKey =
      Array.isArray(key) &&
      key.length === parts &&
      key.every((part) => typeof part === 'string' || typeof part === 'number');
    if (isKey) return key;
  } catch {
    // not JSON: refused below like every other cursor that is not ours
  }
  throw invalidCursor();
}

export const invalidCursor = () =>
  invalidField('cursor', 'INVALID_CURSOR', 'is not a cursor of this list; start again without it');

/**
 * Cuts a page from rows fetched with one more than `limit`, so that the end is known without counting.
 * @param keyOf the sort key of an item, for the cursor
 */
export function toPage<T>(rows: T[], limit: number, keyOf: (item: T) => (string | number)[]): Page<T> {
  if (rows.length <= limit) return { items: rows };
  const items = rows.slice(0, limit);
  return { items, nextCursor: encodeCursor(keyOf(items[items.length - 1] as T)) };
}

/** `Link: <...>; rel="next"` (RFC 8288) for the request's own address with the next cursor. */
export function nextLink(originalUrl: string, nextCursor?: string): string | undefined {
  if (!nextCursor) return undefined;
  const url = new URL(originalUrl, 'http://relative');
  url.searchParams.set('cursor', nextCursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
