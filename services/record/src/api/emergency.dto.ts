import type { EmergencyReason } from '../domain/emergency-access.js';
import type { Instant, Uuid } from './common.dto.js';

/**
 * Why, of this one patient.
 * @minLength 10
 * @maxLength 500
 * @example "Found unconscious in the waiting room, allergies unknown"
 */
export type EmergencyWords = string;

export interface EmergencyAccessRequest {
  reasonCode: EmergencyReason;
  words: EmergencyWords;
}

export interface VerdictRequest {
  /** `not-justified` also ends the access at once. */
  finding: 'justified' | 'not-justified';
  words: EmergencyWords;
}

export interface VerdictResponse {
  finding: 'justified' | 'not-justified';
  /** Empty once the record was erased. */
  words: string;
  /** User id of the reviewer. */
  by: string;
  at: Instant;
}

export interface EmergencyAccessResponse {
  id: Uuid;
  patientId: Uuid;
  practitionerId: Uuid;
  since: Instant;
  /** Two hours later. */
  until: Instant;
  reasonCode: EmergencyReason;
  /** Empty once the record was erased. Guardians do not see what anybody says in free words. */
  words?: string;
  verdict?: VerdictResponse;
  /** True when nobody has judged it for seven days. */
  escalated?: boolean;
}

export interface EmergencyAccessList {
  items: EmergencyAccessResponse[];
}

export interface EmergencyAccessPage extends EmergencyAccessList {
  /** Ask for the next page with it; absent on the last page. */
  nextCursor?: string;
}
