import { identifyCaller, requireRole } from '@cabinet/kit/access/authenticate';
import { invalidField } from '@cabinet/kit/errors';
import { tidyAddress } from '@cabinet/kit/http/body';
import { type Latest, latestOf } from '@cabinet/kit/http/latest';
import type { Express } from 'express';
import { addressee, askServices } from './ask-services.js';
import type { PageParts } from './page-parts.js';

const limitDefault = 50;
const limitMax = 200;

interface Item {
  service: string;
  at: string;
}

/**
 * `GET /api/system/audit`, for admins: who saw or changed whose data, of all services (or of one, `service`), latest first, by
 * `subject`, `actor`, `action`, `from` and `to`. A service that cannot be asked is named among `unavailable`.
 */
export function serveAudit(app: Express, parts: PageParts): void {
  const path = '/api/system/audit';
  app.get(path, identifyCaller(parts.verifier), tidyAddress, async (req, res) => {
    requireRole(req, ['admin']);
    const { service: only, rest } = addressee(parts.routes.services, req.query);
    const { cursor, limit: wanted = limitDefault, ...question } = rest as Record<string, string>;
    const limit = Number(wanted);
    if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
      throw invalidField('limit', 'INVALID', `is not a number from 1 to ${limitMax}`);
    }
    const query = new URLSearchParams({ ...question, limit: String(limit + 1) });
    if (cursor !== undefined) query.set('to', timeOf(cursor));
    const { answers, unavailable } = await askServices(parts, req, { only, path: `/system/audit?${query}` });
    const lists = [...answers].map(
      ([service, { items, nextCursor }]): Latest<Item> => ({
        items: (items as Omit<Item, 'service'>[]).map((item) => ({ service, ...item })),
        hasMore: nextCursor !== undefined,
      }),
    );
    const page = latestOf(lists, limit);
    const nextCursor = page.before && Buffer.from(page.before).toString('base64url');
    res.set('Cache-Control', 'no-store').json({ items: page.items, nextCursor, unavailable });
  });
}

/** A cursor is the time before which the next page begins. */
function timeOf(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return text;
  throw invalidField('cursor', 'INVALID_CURSOR', 'is not a cursor of this list; start again without it');
}
