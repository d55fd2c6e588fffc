import type { Delegated, DelegatedScope } from '@cabinet/kit/access/principal';
import type { DelegationRule, DelegationRuleVersion, OpenDelegation } from '../domain/delegation.js';
import type { PersonRole, User } from '../domain/user.js';
import type { Email, Instant, Uuid } from './user.dto.js';

export interface DelegationRequest {
  /** The user who is to work for you. */
  delegateId: Uuid;
  /** `locum`: a practitioner who stands in for you. */
  as: Delegated['as'];
  /**
   * `agenda`: appointments, waiting list, hours. `letters` and `results`: of documents.
   * @minItems 1
   * @maxItems 3
   * @uniqueItems
   */
  scopes: DelegatedScope[];
  /** From when on, from 31 days ago to 366 days ahead; left out: from now on. A locum treats who comes after that. */
  from?: Instant;
  /** From when on it has ended, within 366 days; left out: until it is taken back, which a locum cannot be given. */
  until?: Instant;
}

export interface DelegationResponse {
  id: Uuid;
  /** For whom. */
  practitionerId: Uuid;
  delegateId: Uuid;
  delegateEmail: Email;
  as: Delegated['as'];
  scopes: DelegatedScope[];
  from: Instant;
  until?: Instant;
  givenAt: Instant;
  /** The user who gave it. */
  givenBy: Uuid;
}

export interface DelegationList {
  items: DelegationResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** A colleague who could work for you. */
export interface DelegateResponse {
  id: Uuid;
  email: Email;
  roles: PersonRole[];
}

export interface DelegateList {
  items: DelegateResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

export interface DelegationRuleRequest {
  /** `all`: every secretary in every agenda of the practice. `named`: for those alone who delegated to them. */
  secretariesWorkFor: DelegationRule['secretariesWorkFor'];
}

export interface DelegationRuleResponse extends DelegationRuleRequest {
  /** Grows with every change; also the ETag. */
  version: number;
}

export interface DelegationRuleVersionResponse extends DelegationRuleResponse {
  /** When it was set; absent of what was set before that was kept. */
  changedAt?: Instant;
  /** The user who set it, likewise. */
  changedBy?: Uuid;
}

export interface DelegationRuleVersions {
  /** The newest first: what is in force. At most 100. */
  items: DelegationRuleVersionResponse[];
}

export const toRuleVersion = ({
  changedAt,
  changedBy,
  ...rule
}: DelegationRuleVersion): DelegationRuleVersionResponse => ({
  ...rule,
  ...(changedAt && { changedAt: changedAt.toISOString() }),
  ...(changedBy && { changedBy }),
});

export const toDelegationResponse = ({
  scopes,
  from,
  until,
  givenAt,
  ...rest
}: OpenDelegation): DelegationResponse => ({
  ...rest,
  scopes: [...scopes],
  from: from.toISOString(),
  until: until?.toISOString(),
  givenAt: givenAt.toISOString(),
});

export const toDelegateResponse = ({ id, email, roles }: User): DelegateResponse => ({ id, email, roles });
