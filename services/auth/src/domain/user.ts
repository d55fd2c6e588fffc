import type { Principal, Role } from '@cabinet/kit/access/principal';
import { type FieldError, InvalidInput } from '@cabinet/kit/errors';

/** Roles that a person can have; `service` is for processes and never stands in a token. */
export const personRoles = ['patient', 'practitioner', 'secretary', 'admin'] as const satisfies readonly Role[];
/** Roles in which somebody sees data of others. */
export const staffRoles = ['practitioner', 'secretary', 'admin'] as const satisfies readonly PersonRole[];
export type PersonRole = (typeof personRoles)[number];

export interface User {
  id: string;
  /** Lower case; the name somebody signs in with. */
  email: string;
  /** PHC string, see PasswordHasher. */
  passwordHash: string;
  roles: PersonRole[];
  /** The patient this user is. Needs the role `patient`. */
  patientId?: string;
  /** The practitioner this user is. Needs the role `practitioner`. */
  practitionerId?: string;
  active: boolean;
  createdAt: Date;
  updatedAt: Date;
  /** Grows with each change of roles, links, activity or password. */
  version: number;
  /** Grows with each change of roles, links or activity: tokens of before are then good for nothing. */
  accessVersion: number;
}

/** What somebody is who must first add a second factor. */
export const whileEnrolling: Pick<Principal, 'roles' | 'patientId' | 'practitionerId'> = { roles: ['enrolling'] };

/** One spelling for each address: two that differ only in case or in composed letters are the same person's. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** Demonstration users live in a domain that exists nowhere (RFC 2606), so they can be recognised and refused. */
export const demonstrationDomain = '@cabinet.test';

export const isActiveAdmin = (user: Pick<User, 'active' | 'roles'>): boolean =>
  user.active && user.roles.includes('admin');

/** The user after their patient was erased; undefined when nothing is left that they sign in for. */
export function afterErasure(user: User): User | undefined {
  const roles = user.roles.filter((role) => role !== 'patient');
  return roles.length === 0 ? undefined : { ...user, roles, patientId: undefined };
}

/** A fact about a user, told to the other processes together with the change it tells of. */
export interface UserFact {
  type: 'user.created' | 'user.locked' | 'user.role-changed' | 'user.removed';
  /** The practitioner that the user acted as until now, and does no longer. */
  endedPractitionerId?: string;
}

/** What is told of a change of roles, links or activity. */
export function factsOf(before: User, after: User): UserFact[] {
  const actedAs = practitionerOf(before);
  const endedPractitionerId = actedAs === practitionerOf(after) ? undefined : actedAs;
  if (sameRoles(before.roles, after.roles) && !endedPractitionerId) return [];
  return [{ type: 'user.role-changed', endedPractitionerId }];
}

/** True when tokens given before allow what the user may no longer do, or do not yet allow what they may. */
export const isAccessAnother = (before: User, after: User): boolean =>
  !sameRoles(before.roles, after.roles) ||
  before.active !== after.active ||
  before.patientId !== after.patientId ||
  before.practitionerId !== after.practitionerId;

/** Whom the user acts as now, if anybody. */
export const practitionerOf = ({ active, roles, practitionerId }: User): string | undefined =>
  active && roles.includes('practitioner') ? practitionerId : undefined;

const sameRoles = (one: readonly PersonRole[], other: readonly PersonRole[]): boolean =>
  one.length === other.length && one.every((role) => other.includes(role));

/** @throws InvalidInput (422) for no role, a role twice, or a link without its role. */
export function assertRolesAndLinks(user: Pick<User, 'roles' | 'patientId' | 'practitionerId'>): void {
  const fields: FieldError[] = [];
  if (user.roles.length === 0) fields.push({ path: 'roles', code: 'REQUIRED', message: 'must have one role at least' });
  if (new Set(user.roles).size < user.roles.length) {
    fields.push({ path: 'roles', code: 'DUPLICATE', message: 'names a role twice' });
  }
  if (user.patientId && !user.roles.includes('patient')) {
    fields.push({ path: 'patientId', code: 'ROLE_MISSING', message: 'needs the role patient' });
  }
  if (user.practitionerId && !user.roles.includes('practitioner')) {
    fields.push({ path: 'practitionerId', code: 'ROLE_MISSING', message: 'needs the role practitioner' });
  }
  if (fields.length > 0) throw new InvalidInput(fields);
}
