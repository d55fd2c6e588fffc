import { familyRelation, isMinorsOwn, wardsOf } from '@cabinet/access/family';
import type { Policy } from '@cabinet/access/policy';
import { requireRole } from '@cabinet/kit/access/authenticate';
import type { Clock } from '@cabinet/kit/clock';
import { NotAllowed, NotFound } from '@cabinet/kit/errors';
import { isId } from '@cabinet/kit/ids';
import { Router } from 'express';
import type { SealedEvent } from '../audit/chain.js';
import { noteSubjects } from '../audit/subjects.js';
import type { AuditTrail } from '../audit/trail.js';
import { readPage } from './audit-search.js';

/** How long people see who has seen them (EHDS, article 9). */
const years = 3;
const action = 'GET /system/accesses/:patientId';

interface AccessParts {
  trail: AuditTrail;
  policy: Policy;
  clock: Clock;
  /** Ids under which a patient was registered as well, before they were merged. Left out: the service keeps nothing of patients. */
  earlierIds?(patientId: string): Promise<string[]>;
}

/**
 * Where a patient, or who acts for them, sees who saw or changed what of them in this service, the latest first. Guardians do
 * not see that what a minor keeps from them was seen. The gateway asks all services for it
 * (`/api/patients/{id}/accesses`), and says it in words; it stands in no service's OpenAPI document.
 */
export function accessRoutes({ trail, policy, clock, earlierIds }: AccessParts): Router {
  const question = policy.find({ resource: 'patientAccess', action: 'read', channel: 'list' });
  if (!question) throw new Error('the access table does not say who sees who has seen a patient');
  const router = Router();
  router.get('/system/accesses/:patientId', async (req, res) => {
    const caller = requireRole(req, question.roles);
    const patientId = String(req.params.patientId);
    if (!isId(patientId)) throw new NotFound('PATIENT.NOT_FOUND', 'There is no such patient');
    noteSubjects(patientId);
    const earlier = async (id: string) => [id, ...((await earlierIds?.(id)) ?? [])];
    const own = caller.patientId ? await earlier(caller.patientId) : [];
    const isOwn = own.includes(patientId);
    const relations = isOwn ? (['self'] as const) : familyRelation(caller, patientId, 'accesses', clock.now());
    // Whose an old id was is for others to say.
    if (relations.length === 0 && !earlierIds) throw new NotFound('PATIENT.NOT_FOUND', 'There is no such patient');
    const { allowed, relation } = question.decide(caller.roles, relations.length > 0 ? relations : ['other']);
    if (!allowed) {
      const detail = wardsOf(caller, clock.now()).includes(patientId) ? isMinorsOwn : undefined;
      throw new NotAllowed('ACCESS.ROLE_NOT_ALLOWED', 'Your role does not allow this', { detail });
    }
    const subjects = isOwn ? own : await earlier(patientId);
    const exceptKeptOf = relation === 'guardian' ? subjects : undefined;
    const from = clock.now();
    from.setUTCFullYear(from.getUTCFullYear() - years);
    from.setUTCHours(0, 0, 0, 0);
    // Whoever reads this list need not find in it that they did.
    const except = { actor: caller.id, actions: [action] };
    const page = await readPage(trail, req.query, { subjects, exceptKeptOf, from, except });
    res.set('Cache-Control', 'no-store').json({ ...page, items: page.items.map(toItem) });
  });
  return router;
}

/** Others whom it concerns as well, and from where it came, is nothing for this patient. */
const toItem = ({ at, actor, roles, practitionerId, onBehalfOf, purpose, action, outcome, times }: SealedEvent) => ({
  at,
  actor,
  roles,
  practitionerId,
  onBehalfOf,
  purpose,
  action,
  outcome,
  times,
});
