import type { Instant, Keepable, Uuid } from './common.dto.js';

/** Whom the patient lets into the record, until when. */
export interface AccessGrantRequest extends Keepable {
  practitionerId: Uuid;
  /** From one day to one year (366 days) from now; then it is over. */
  until: Instant;
}

export interface AccessGrantResponse extends AccessGrantRequest {
  id: Uuid;
  givenAt: Instant;
  givenBy: GrantorResponse;
  /** When it was taken back, or another one took its place. */
  withdrawnAt?: Instant;
}

export interface GrantorResponse {
  /** User id. */
  id: string;
  /** `guardian`: of a minor. `secretary`: at the word of the patient. */
  role: 'patient' | 'guardian' | 'secretary';
}

export interface AccessGrantList {
  /** The newest first, those that are over as well. */
  items: AccessGrantResponse[];
}
