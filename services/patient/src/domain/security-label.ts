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
  /** Left out while it stands. */
  removedAt?: Date;
}

/** When a patient had it: it is still known what was so when somebody looked. */
export interface Marked {
  from: Date;
  until?: Date;
}

export const wasMarked = (marks: readonly Marked[], at: Date): boolean =>
  marks.some(({ from, until }) => from <= at && (until === undefined || at < until));
