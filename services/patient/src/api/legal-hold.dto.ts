import { type HoldReason, holdRules, type LegalHold } from '../domain/legal-hold.js';
import type { Instant, Uuid } from './patient.dto.js';

export interface LegalHoldRequest {
  /** Which rule demands it (GDPR, article 17(3)). */
  reason: HoldReason;
  /** At most thirty years from now; then it is over. */
  until: Instant;
}

export interface LegalHoldResponse {
  patientId: Uuid;
  reason: HoldReason;
  /**
   * The rule, in words.
   * @example "It is needed to make or defend a legal claim (GDPR, article 17(3)(e))"
   */
  rule: string;
  until: Instant;
  setAt: Instant;
  /** User id. */
  setBy: string;
}

export const toLegalHoldResponse = ({ patientId, reason, until, setAt, setBy }: LegalHold): LegalHoldResponse => ({
  patientId,
  reason,
  rule: holdRules[reason],
  until: until.toISOString(),
  setAt: setAt.toISOString(),
  setBy,
});
