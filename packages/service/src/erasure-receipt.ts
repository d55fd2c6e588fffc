/** Why something of a patient is kept: the rule that each code cites. */
export const keepingRules = {
  'medical-record':
    'A medical record is kept for twenty years after the last visit (Code de la santé publique, R. 1112-7; GDPR, article 17(3)(b) and (c))',
  'access-trail':
    'It stays on record who saw or changed data of a patient, never what these said (GDPR, articles 5(2) and 32; EHDS, article 9)',
} as const;

/** What a service did with one kind of what it had of a patient. */
export interface Fate {
  /** In its own words: `entries`, `accounts`. */
  kind: string;
  /** Left out where nobody counts. */
  count?: number;
  /** `anonymised`: what is left says nothing of them but the bare id. */
  outcome: 'erased' | 'anonymised' | 'kept';
  reason?: keyof typeof keepingRules;
  /** Until when it is kept (RFC 3339), where that is known. */
  until?: string;
}

/** What a service did with all that it had of a patient who was erased; told as `<service>.patient-data-erased`. */
export interface ErasureReceipt {
  patientId: string;
  what: Fate[];
}

/** Every service has a trail, and takes nothing out of it. */
export const keptTrail: Fate = { kind: 'auditTrail', outcome: 'kept', reason: 'access-trail' };
