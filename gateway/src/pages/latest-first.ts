import { invalidField } from '@cabinet/kit/errors';
import { type Latest, latestOf } from '@cabinet/kit/http/latest';
import type { Request } from 'express';
import { askServices } from './ask-services.js';
import type { PageParts } from './page-parts.js';

const limitDefault = 50;
const limitMax = 200;

export interface Told {
  service: string;
  at: string;
}

interface Wanted {
  /** The one service that is asked; all when it is left out. */
  only?: string;
  path: string;
  query: Record<string, string>;
}

/**
 * One page of what all trails say, latest first: `limit` and `cursor` of the query are of the page, all else is asked of each
 * service. @throws InvalidInput (422)
 */
export async function latestFirst<T extends Told>(parts: PageParts, req: Request, { only, path, query }: Wanted) {
  const { cursor, limit: wanted = limitDefault, ...question } = query;
  const limit = Number(wanted);
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw invalidField('limit', 'INVALID', `is not a number from 1 to ${limitMax}`);
  }
  const asked = new URLSearchParams({ ...question, limit: String(limit + 1) });
  if (cursor !== undefined) asked.set('to', timeOf(cursor));
  const { answers, unavailable } = await askServices(parts, req, { only, path: `${path}?${asked}` });
  const lists = [...answers].map(
    ([service, { items, nextCursor }]): Latest<T> => ({
      items: (items as T[]).map((item) => ({ ...item, service })),
      hasMore: nextCursor !== undefined,
    }),
  );
  const page = latestOf(lists, limit);
  const nextCursor = page.before && Buffer.from(page.before).toString('base64url');
  return { items: page.items, nextCursor, unavailable };
}

/** A cursor is the time before which the next page begins. */
function timeOf(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return text;
  throw invalidField('cursor', 'INVALID_CURSOR', 'is not a cursor of this list; start again without it');
}
