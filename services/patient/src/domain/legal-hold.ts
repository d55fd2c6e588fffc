/** Why a patient must not be erased: the rule that each code cites (GDPR, article 17(3)). */
export const holdRules = {
  'legal-claim': 'It is needed to make or defend a legal claim (GDPR, article 17(3)(e))',
  'authority-order': 'A court or an authority has ordered that it be kept (GDPR, article 17(3)(b))',
  'public-health': 'It is needed in the interest of public health (GDPR, article 17(3)(c))',
} as const;

export type HoldReason = keyof typeof holdRules;

export interface LegalHold {
  /** Whoever is merged into somebody else keeps it: it holds for whom they turned out to be. */
  patientId: string;
  reason: HoldReason;
  until: Date;
  setAt: Date;
  /** User id. */
  setBy: string;
}
