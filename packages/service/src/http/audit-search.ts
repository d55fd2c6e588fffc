import { requireRole } from '@cabinet/kit/access/authenticate';
import { hasRole } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import { Router } from 'express';
import { z } from 'zod';
import type { SealedEvent } from '../audit/chain.js';
import { noteSubjects } from '../audit/subjects.js';
import type { AuditTrail } from '../audit/trail.js';
import { Cursors, keyPart, toPage } from './pages.js';

const id = z.uuid().transform((text) => text.toLowerCase());
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const form = z.strictObject({
  subject: z.union([id.transform((each) => [each]), z.array(id).min(1).max(50)]).optional(),
  actor: z.string().min(1).max(100).optional(),
  action: z.string().min(1).max(200).optional(),
  from: time.optional(),
  to: time.optional(),
  limit: z.coerce.number().int().min(1).max(201).default(50),
  cursor: z.string().max(1_000).optional(),
});

const latestFirst = new Cursors('audit', z.tuple([keyPart.time, keyPart.count]));

/**
 * Where admins search the trail of who saw whose data: all that is given has to fit, and the latest come first. The gateway
 * asks all services for it (`/api/system/audit`); it stands in no service's OpenAPI document.
 */
export function auditSearchRoutes(trail: AuditTrail): Router {
  const router = Router();
  router.get('/system/audit', async (req, res) => {
    const caller = requireRole(req, ['admin', 'service']);
    const { subject, cursor, limit, ...rest } = read(req.query);
    // Who looks into a trail is in it as well; a service that asks for somebody has noted that in its own.
    if (subject && !hasRole(caller, 'service')) noteSubjects(...subject);
    const cursors = latestFirst.under(rest);
    const [at, sequence] = cursors.read(cursor) ?? [];
    const before = at === undefined || sequence === undefined ? undefined : { at, sequence };
    const page = toPage(await trail.find({ ...rest, subjects: subject, before, limit: limit + 1 }), limit);
    const nextCursor = cursors.next(page, (event) => [event.at.getTime(), event.sequence]);
    res.set('Cache-Control', 'no-store').json({ items: page.items.map(toItem), nextCursor });
  });
  return router;
}

function read(query: unknown): z.infer<typeof form> {
  const result = form.safeParse(query);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  throw invalidField(
    path || 'subject',
    'INVALID',
    'does not fit: subject, actor, action, from, to, limit and cursor do',
  );
}

const toItem = ({ keyId: _, hash: __, ...event }: SealedEvent) => event;
