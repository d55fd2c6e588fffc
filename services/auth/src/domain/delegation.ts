import type { Relation } from '@cabinet/access/vocabulary';
import type { Delegated, Principal } from '@cabinet/kit/access/principal';
import { invalidField } from '@cabinet/kit/errors';
import type { User } from './user.js';

/** That somebody works for a practitioner: as secretary, or as who stands in for them. */
export interface Delegation extends Pick<Delegated, 'practitionerId' | 'as' | 'scopes' | 'until'> {
  id: string;
  /** Before that nothing is delegated, and who came before is none of a locum's patients. */
  from: Date;
  /** The user who works for them. */
  delegateId: string;
  givenAt: Date;
  givenBy: string;
}

/** One that is in force, with the address that its delegate is known by. */
export interface OpenDelegation extends Delegation {
  delegateEmail: string;
}

/**
 * Given by one practitioner, and had by one delegate, at a time. All that somebody has stands in their token, beside up to twenty
 * people for whom they act: the header with it stays under 8 kB, which is what proxies take.
 */
export const delegationsMax = 15;

const lastsDaysMax = 366;
/** So that those who came in a time that has begun, or that is prolonged, are the locum's patients too. */
const beganDaysMax = 31;
const day = 24 * 60 * 60_000;

/** For whom secretaries work without that anybody has named them: a rule of the practice. */
export interface DelegationRule {
  secretariesWorkFor: 'all' | 'named';
  version: number;
}

/** What the rule said; by whom and when is not known of what was set before that was kept. */
export interface DelegationRuleVersion extends DelegationRule {
  changedAt?: Date;
  changedBy?: string;
}

/** The role without which nobody works as it. */
export const roleOf = { secretary: 'secretary', locum: 'practitioner' } as const satisfies Record<
  Delegated['as'],
  string
>;

/** @throws InvalidInput (422) for a time that has passed, is too far or ends before it begins, or for a locum without end */
export function assertLasts({ as, from, until }: Pick<Delegation, 'as' | 'from' | 'until'>, now: Date): void {
  if (from.getTime() < now.getTime() - beganDaysMax * day) {
    throw invalidField('from', 'TOO_EARLY', `must be within the last ${beganDaysMax} days, or later`);
  }
  if (from.getTime() > now.getTime() + lastsDaysMax * day) {
    throw invalidField('from', 'TOO_FAR', `must be within ${lastsDaysMax} days`);
  }
  if (!until) {
    if (as === 'locum') throw invalidField('until', 'REQUIRED', 'is needed of who stands in for somebody');
    return;
  }
  if (until <= now) throw invalidField('until', 'IN_THE_PAST', 'has passed');
  if (until <= from) throw invalidField('until', 'END_BEFORE_START', 'must be after from');
  if (until.getTime() > now.getTime() + lastsDaysMax * day) {
    throw invalidField('until', 'TOO_FAR', `must be within ${lastsDaysMax} days`);
  }
}

/** @throws InvalidInput (422): patients and who has left are told apart from nobody */
export function assertCanWork(delegate: User | undefined, { as, delegateId }: Pick<Delegation, 'as' | 'delegateId'>) {
  const isColleague = delegate?.active && Object.values(roleOf).some((role) => delegate.roles.includes(role));
  if (!isColleague) throw invalidField('delegateId', 'UNKNOWN', 'is no colleague who can work for you');
  if (!delegate.roles.includes(roleOf[as])) {
    throw invalidField('as', 'ROLE_MISSING', `needs the role ${roleOf[as]}`);
  }
  if (as === 'locum' && !delegate.practitionerId) {
    throw invalidField('delegateId', 'NO_PRACTITIONER', 'is linked to no practitioner of this practice');
  }
  return delegateId;
}

/** What somebody is to a delegation. */
export const relationTo = (
  actor: Principal,
  delegation: Pick<Delegation, 'practitionerId' | 'delegateId' | 'as'>,
): Relation[] => [
  ...(actor.practitionerId === delegation.practitionerId ? (['self'] as const) : []),
  ...(delegation.delegateId === actor.id ? ([delegation.as === 'locum' ? 'locum' : 'delegate'] as const) : []),
];
