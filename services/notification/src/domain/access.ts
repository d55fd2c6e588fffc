import { ask } from '@cabinet/access/ask';
import { actsForNow, familyRelation } from '@cabinet/access/family';
import { policy } from '@cabinet/access/table';
import type { Relation } from '@cabinet/access/vocabulary';
import { type ActsFor, hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Decision } from './decisions/decision.js';
import { NotificationNotFound, NotYours } from './errors.js';
import type { ActingNow } from './neighbours.js';

const own: readonly Relation[] = ['self'];
const anothers: readonly Relation[] = ['other'];
const written = policy.question('notification', 'read', 'message');

/** Who acts for somebody is nothing else to them, in whichever role they come. */
const actingFor = (actor: Principal, patientId: string): ActsFor['as'] | undefined =>
  actsForNow(actor, 'appointments').find((each) => each.patientId === patientId)?.as;

/** What somebody is to the notifications about a patient; what they may then do stands in the access table. */
function relationTo(actor: Principal, patientId: string): readonly Relation[] {
  if (hasRole(actor, 'patient') && actor.patientId === patientId) return own;
  const as = hasRole(actor, 'patient') ? actingFor(actor, patientId) : undefined;
  return as ? [as, ...anothers] : anothers;
}

/** The minors whose guardian somebody is: what these keep from guardians does not exist for them. */
export const wardsOf = (actor: Principal): readonly string[] =>
  actsForNow(actor, 'appointments')
    .filter(({ as }) => as === 'guardian')
    .map(({ patientId }) => patientId);

/** @throws NotYours (403) for those of another patient, or of all */
export function assertMayAskFor(actor: Principal, patientId: string | undefined): void {
  if (!ask(actor, patientId === undefined ? anothers : relationTo(actor, patientId)).allowed) throw new NotYours();
}

/** @throws NotificationNotFound (404): what somebody may not see they cannot tell from what is not there */
export function assertMaySee(actor: Principal, { patientId, keptFromGuardians }: Decision): void {
  const isKept = keptFromGuardians && patientId !== undefined && wardsOf(actor).includes(patientId);
  const to = patientId === undefined ? anothers : relationTo(actor, patientId);
  if (isKept || !ask(actor, to).allowed) throw new NotificationNotFound();
}

/**
 * Whether who acts for a patient may be written to of them, by the access table.
 * @param acting as the patient service has it now; undefined: they act no longer
 */
export function mayBeWrittenTo(
  acting: ActingNow | undefined,
  { patientId, isKept, now }: { patientId: string; isKept: boolean; now: Date },
): boolean {
  if (!acting) return false;
  const { recipientId, ...rest } = acting;
  const actor: Principal = { id: recipientId, roles: ['patient'], actsFor: [{ patientId, ...rest }] };
  return written.decide(actor.roles, familyRelation(actor, patientId, 'appointments', now, isKept)).allowed;
}
