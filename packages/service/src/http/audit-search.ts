import { wardsOf } from '@cabinet/access/family';
import { requireRole } from '@cabinet/kit/access/authenticate';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { Router } from 'express';
import { z } from 'zod';
import { keptFromGuardians, type SealedEvent } from '../audit/chain.js';
import { noteSubjects } from '../audit/subjects.js';
import type { AuditQuestion, AuditTrail } from '../audit/trail.js';
import { Cursors, keyPart, toPage } from './pages.js';

const id = z.uuid().transform((text) => text.toLowerCase());
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const paging = z.strictObject({
  to: time.optional(),
  limit: z.coerce.number().int().min(1).max(201).default(50),
  cursor: z.string().max(1_000).optional(),
});

/** As many ids as one person has here: of a user, a patient and a practitioner, before and after a merge. */
const subjectsMax = 10;

const form = paging.extend({
  subject: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(id).min(1).max(subjectsMax))
    .optional(),
  actor: z.string().min(1).max(100).optional(),
  action: z.string().trim().min(1).max(200).optional(),
  from: time.optional(),
});

const latestFirst = new Cursors('audit', z.tuple([keyPart.time, keyPart.count]));

/** Of lines by these actions an admin does not learn that they concern these people. */
export interface KeptSubjects {
  actions: readonly string[];
  subjects: readonly string[];
}

/** What of a trail is kept from an admin who searches it, beside what is kept from all. */
export type KeepSubjects = (caller: Principal) => Promise<KeptSubjects>;

const nothingKept: KeepSubjects = async () => ({ actions: [], subjects: [] });

interface SearchParts {
  trail: AuditTrail;
  clock: Clock;
  /** Ids under which a patient was registered as well, before they were merged. */
  earlierIds?(patientId: string): Promise<string[]>;
  keepSubjects?: KeepSubjects;
}

/**
 * Where admins search the trail of who saw whose data: all that is given has to fit (of several subjects one), and the latest come
 * first. An admin who is a
 * guardian finds in it no more of what the minor keeps from guardians than they do elsewhere. The gateway asks all services for it
 * (`/api/system/audit`); it stands in no service's OpenAPI document.
 */
export function auditSearchRoutes({ trail, clock, earlierIds, keepSubjects = nothingKept }: SearchParts): Router {
  const router = Router();
  router.get('/system/audit', async (req, res) => {
    const caller = requireRole(req, ['admin', 'service']);
    const { subject: subjects, actor, action, from, ...paging } = read(form, req.query);
    // Who looks into a trail is in it as well, also where they ask of nobody; a service that asks has noted that in its own.
    if (!hasRole(caller, 'service')) noteSubjects(...(subjects ?? [caller.id]));
    const kept = await keepSubjects(caller);
    const except = subjects?.some((each) => kept.subjects.includes(each)) ? { actions: kept.actions } : undefined;
    const wards = wardsOf(caller, clock.now());
    const earlier = await Promise.all(wards.map(async (ward) => (await earlierIds?.(ward)) ?? []));
    const exceptKeptOf = wards.length > 0 ? [...wards, ...earlier.flat()] : undefined;
    const which = { subjects, exceptKeptOf, actor, action, from, except };
    const page = await pageOf(trail, which, paging);
    res.set('Cache-Control', 'no-store').json({ ...page, items: page.items.map((event) => toItem(event, kept)) });
  });
  return router;
}

type Which = Omit<AuditQuestion, 'limit' | 'before' | 'to'>;

/** One page of what a trail has of this, by `to`, `limit` and `cursor` of a query. @throws InvalidInput (422) */
export const readPage = (trail: AuditTrail, query: unknown, which: Which) => pageOf(trail, which, read(paging, query));

async function pageOf(trail: AuditTrail, which: Which, { to, limit, cursor }: z.infer<typeof paging>) {
  const cursors = latestFirst.under({ ...which, to });
  const [at, sequence] = cursors.read(cursor) ?? [];
  const before = at === undefined || sequence === undefined ? undefined : { at, sequence };
  const page = toPage(await trail.find({ ...which, to, before, limit: limit + 1 }), limit);
  return { items: page.items, nextCursor: cursors.next(page, (event) => [event.at.getTime(), event.sequence]) };
}

function read<T extends object>(form: z.ZodType<T>, query: unknown): T {
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

const toItem = ({ keyId: _, hash: __, subjects, ...event }: SealedEvent, kept: KeptSubjects) => {
  const hidden = [keptFromGuardians, ...(kept.actions.includes(event.action) ? kept.subjects : [])];
  return { ...event, subjects: subjects.filter((each) => !hidden.includes(each)) };
};
