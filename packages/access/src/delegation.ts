import {
  type Delegated,
  type DelegatedScope,
  everyPractitioner,
  hasRole,
  type Principal,
} from '@cabinet/kit/access/principal';
import { requestAccess } from './ask.js';

/** The role without which nobody works as it, whatever was delegated. */
const roleOf = { secretary: 'secretary', locum: 'practitioner' } as const;

/** What of a kind of work was delegated to somebody, and is so now. */
export const delegatedIn = (actor: Principal, scope: DelegatedScope, now: Date): readonly Delegated[] =>
  (actor.delegated ?? []).filter(
    ({ as, scopes, since, until }) =>
      hasRole(actor, roleOf[as]) &&
      scopes.includes(scope) &&
      (since === undefined || since <= now) &&
      (until === undefined || now < until),
  );

/** The same, at the time of the request at hand; outside of one nothing is delegated to anybody. */
export function delegatedNow(actor: Principal, scope: DelegatedScope): readonly Delegated[] {
  const access = actor.delegated && requestAccess();
  return access?.at ? delegatedIn(actor, scope, access.at) : [];
}

/** True for a secretary who works for every practitioner of the practice. */
export const worksForAll = (delegated: readonly Delegated[]): boolean =>
  delegated.some(({ practitionerId, as }) => practitionerId === everyPractitioner && as === 'secretary');

/** As what somebody works for a practitioner: as they are named before by the rule, and of two names as secretary, who sees less. */
export function worksAs(delegated: readonly Delegated[], practitionerId: string): Delegated['as'] | undefined {
  const its = delegated.filter((each) => each.practitionerId === practitionerId);
  const named = its.find(({ as }) => as === 'secretary') ?? its[0];
  return named?.as ?? (worksForAll(delegated) ? 'secretary' : undefined);
}
