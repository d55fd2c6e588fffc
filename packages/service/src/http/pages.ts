import { createHash } from 'node:crypto';
import { invalidField } from '@cabinet/kit/errors';
import { isId } from '@cabinet/kit/ids';
import { hasControlCharacter } from '@cabinet/kit/text';
import { z } from 'zod';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Whether others follow. */
  hasMore: boolean;
}

/** Cuts a page from rows fetched with one more than `limit`, so that the end is known without counting. */
export const toPage = <T>(rows: T[], limit: number): Page<T> => ({
  items: rows.slice(0, limit),
  hasMore: rows.length > limit,
});

/** What sort keys are made of; only what the database takes as such a value passes. */
export const keyPart = {
  id: z.string().refine(isId),
  /** Milliseconds since 1970, of the years 1900 to 2200. */
  time: z.int().min(Date.UTC(1900, 0)).max(Date.UTC(2201, 0)),
  count: z.int().min(0).max(2_147_483_647),
  text: z.string().refine((text) => !hasControlCharacter(text)),
};

/** The opaque cursors of one list. Each is the sort key of the last item of a page, and belongs to the question asked. */
export class Cursors<Key extends readonly (string | number)[]> {
  /** @param list its own among all lists of the service */
  constructor(
    private readonly list: string,
    private readonly key: z.ZodType<Key>,
  ) {}

  /** The cursors under one question; `cursor` and `limit` are no part of it. */
  under(question: object): BoundCursors<Key> {
    const { cursor: _, limit: __, ...asked } = question as Record<string, unknown>;
    return new BoundCursors([this.list, asked], this.key);
  }
}

class BoundCursors<Key extends readonly (string | number)[]> {
  constructor(
    private readonly question: unknown[],
    private readonly key: z.ZodType<Key>,
  ) {}

  /** @throws 422 on `cursor` for anything that `next` did not make of this list, under this question */
  read(cursor: string | undefined): Key | undefined {
    if (cursor === undefined) return undefined;
    const [digest, ...parts] = partsOf(cursor);
    const key = this.key.safeParse(parts);
    if (digest !== digestOf(this.question) || !key.success) {
      throw invalidField(
        'cursor',
        'INVALID_CURSOR',
        'is not a cursor of this list and question; start again without it',
      );
    }
    return key.data;
  }

  /** The cursor of what follows the page; undefined on the last. */
  next<T>({ items, hasMore }: Page<T>, keyOf: (item: T) => Key): string | undefined {
    const last = items.at(-1);
    if (!hasMore || last === undefined) return undefined;
    return Buffer.from(JSON.stringify([digestOf(this.question), ...keyOf(last)])).toString('base64url');
  }
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    // Not JSON: refused like every other cursor that is not ours.
    return [];
  }
}

/** The same for the same question, however its fields are ordered. */
const digestOf = (question: unknown): string =>
  createHash('sha256').update(JSON.stringify(question, inOrder)).digest('base64url').slice(0, 12);

/** A replacer for JSON: the names of each object in one order, however they came. */
export const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** `Link: <...>; rel="next"` (RFC 8288) for the request's own address with the next cursor. */
export function nextLink(originalUrl: string, nextCursor?: string): string | undefined {
  if (!nextCursor) return undefined;
  const url = new URL(originalUrl, 'http://relative');
  url.searchParams.set('cursor', nextCursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
