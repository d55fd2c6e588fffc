import type { LabelCode, SecurityLabel } from '../domain/security-label.js';
import type { Instant, Uuid } from './patient.dto.js';

export interface SecurityLabelRequest {
  /** Of HL7 v3-ActCode. `VIP`: of public interest, so that whoever looks at the patient is looked at more closely. */
  code: LabelCode;
}

export interface SecurityLabelResponse {
  patientId: Uuid;
  code: LabelCode;
  setAt: Instant;
  /** User id. */
  setBy: string;
}

export interface SecurityLabelList {
  items: SecurityLabelResponse[];
}

export const toSecurityLabelResponse = ({ setAt, ...rest }: SecurityLabel): SecurityLabelResponse => ({
  ...rest,
  setAt: setAt.toISOString(),
});
