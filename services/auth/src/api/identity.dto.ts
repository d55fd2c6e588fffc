import type { IdentityLink } from '../domain/identity.js';
import type { IssuerId } from './issuer.dto.js';
import type { Instant, Uuid } from './user.dto.js';

/** Somebody who has come by an issuer, as it tells of them; once it is confirmed who they are, only that. */
export interface IdentityResponse {
  id: Uuid;
  issuerId: IssuerId;
  familyName?: string;
  givenNames?: string;
  /** @example "1975-02-03" */
  birthDate?: string;
  /** Code of the place in the national list. */
  birthPlace?: string;
  birthCountry?: string;
  gender?: string;
  email?: string;
  /** The number of a professional in the national directory. */
  professionalId?: string;
  /** The user they are, once it is confirmed. */
  userId?: Uuid;
  confirmedAt?: Instant;
  createdAt: Instant;
  /** When they last came. */
  lastShownAt: Instant;
}

export interface IdentityList {
  items: IdentityResponse[];
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}

/** Exactly one of these. */
export interface ConfirmRequest {
  userId?: Uuid;
  patientId?: Uuid;
  practitionerId?: Uuid;
}

export const toIdentityResponse = (link: IdentityLink): IdentityResponse => ({
  id: link.id,
  issuerId: link.issuerId,
  familyName: link.person.familyName,
  givenNames: link.person.givenNames,
  birthDate: link.person.birthDate,
  birthPlace: link.person.birthPlace,
  birthCountry: link.person.birthCountry,
  gender: link.person.gender,
  email: link.person.email,
  professionalId: link.person.professionalId,
  userId: link.userId,
  confirmedAt: link.confirmedAt?.toISOString(),
  createdAt: link.createdAt.toISOString(),
  lastShownAt: link.lastShownAt.toISOString(),
});
