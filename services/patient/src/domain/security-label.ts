/**
 * Codes of HL7 v3-ActCode that a practice may give a patient (FHIR `meta.security`). `VIP`: of public interest, so that more people
 * than usual may be curious about them.
 */
export const labelCodes = ['VIP'] as const;
export type LabelCode = (typeof labelCodes)[number];

export interface SecurityLabel {
  patientId: string;
  code: LabelCode;
  setAt: Date;
  /** User id. */
  setBy: string;
}
