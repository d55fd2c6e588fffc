import { ask } from '@cabinet/access/ask';
import type { Relation } from '@cabinet/access/vocabulary';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import { NotAllowed } from '@cabinet/kit/errors';
import type { Alert } from './alert.js';
import { existing } from './errors.js';
import type { WatchRule } from './watch-rule.js';

/** Practitioners whom a rule may tell treat its patients; what they may then do stands in the access table. */
const relationTo = (actor: Principal, watchers: readonly string[]): readonly Relation[] =>
  hasRole(actor, 'practitioner') && actor.practitionerId && watchers.includes(actor.practitionerId)
    ? ['care']
    : ['other'];

/** @throws NotAllowed (403) where the role is not enough */
export function assertMay(actor: Principal): void {
  if (!ask(actor, []).allowed) throw new NotAllowed();
}

/** Who lists or follows alerts does so as the practitioner they are. @throws NotAllowed (403) for one who is none */
export function assertMayWatch(actor: Principal): string {
  const { practitionerId } = actor;
  if (!practitionerId || !ask(actor, relationTo(actor, [practitionerId])).allowed) throw new NotAllowed();
  return practitionerId;
}

/** @throws NotFound (404) */
export function assertMaySee(actor: Principal, { watchers }: Pick<Alert, 'watchers'>): void {
  if (!ask(actor, relationTo(actor, watchers)).allowed) existing(undefined, 'ALERT.NOT_FOUND');
}

/** @throws NotFound (404) */
export function assertMayAnswer(actor: Principal, { watchers }: { watchers: readonly string[] }): void {
  if (!ask(actor, relationTo(actor, watchers)).allowed) existing(undefined, 'QUESTION.NOT_FOUND');
}

/** What somebody is to the rules of a patient: patients see what watches them, and by whom. */
const relationToPatient = (actor: Principal, patientId: string | undefined): readonly Relation[] =>
  hasRole(actor, 'patient') && actor.patientId !== undefined && actor.patientId === patientId ? ['self'] : ['other'];

/** @throws NotAllowed (403) for the rules of another patient, or of nobody in particular */
export function assertMayListRules(actor: Principal, patientId: string | undefined): void {
  if (!ask(actor, relationToPatient(actor, patientId)).allowed)
    throw new NotAllowed('ACCESS.NOT_YOUR_DATA', 'You may only see what watches yourself');
}

/** @throws NotFound (404) */
export function assertMaySeeRule(actor: Principal, { patientId }: Pick<WatchRule, 'patientId'>): void {
  if (!ask(actor, relationToPatient(actor, patientId)).allowed) existing(undefined, 'ALERT_RULE.NOT_FOUND');
}
