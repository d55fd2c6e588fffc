/**
 * Roles of people (design section 4); `enrolling` of who must first add a second factor, and may do nothing else; `service` for
 * a neighbour that calls through its sidecar.
 */
export const roles = ['patient', 'practitioner', 'secretary', 'admin', 'enrolling', 'service'] as const;
export type Role = (typeof roles)[number];

/** The parts of what is kept of a patient in which somebody else may act for them. */
export const sections = ['details', 'appointments', 'record', 'accesses'] as const;
export type Section = (typeof sections)[number];

/** A patient for whom somebody else may act (FHIR RelatedPerson): guardians of a minor, carers whom an adult chose. */
export interface ActsFor {
  patientId: string;
  as: 'guardian' | 'carer';
  sections: readonly Section[];
  /** From when on they may not. */
  until?: Date;
  /** The sections that end before that, each with from when on they may not in it. */
  ends?: Partial<Record<Section, Date>>;
}

/** Parts of a practitioner's work that others may do for them. `letters` and `results` are of documents, once a service keeps such. */
export const delegatedScopes = ['agenda', 'letters', 'results'] as const;
export type DelegatedScope = (typeof delegatedScopes)[number];

/** In place of a practitioner's id: of every practitioner of the practice. */
export const everyPractitioner = 'all';

/** What a practitioner lets somebody do for them, as secretary or as who stands in for them. */
export interface Delegated {
  /** Whose work it is, or `all`. */
  practitionerId: string;
  as: 'secretary' | 'locum';
  scopes: readonly DelegatedScope[];
  /** From when on it is so; left out where that does not matter. */
  since?: Date;
  /** From when on they may not. */
  until?: Date;
}

/** Who acts. Made only from a verified token, or from a call that came through the process's own sidecar. */
export interface Principal {
  /** User id, or the app-id of a calling service. */
  id: string;
  roles: Role[];
  /** The patient this user is, if any. */
  patientId?: string;
  /** The practitioner this user is, if any. */
  practitionerId?: string;
  /** For whom else they may act; left out for nobody. */
  actsFor?: readonly ActsFor[];
  /** For which practitioners they work; left out for none. */
  delegated?: readonly Delegated[];
  /** The session that the token was given in. */
  sessionId?: string;
  /** The client of OpenID Connect that acts in their name; left out for themselves, at our own pages. */
  clientId?: string;
}

/** Our own portal, as a client of OpenID Connect: who acts there acts themselves. */
export const portalId = 'portal';

export const hasRole = (principal: Principal, ...wanted: Role[]): boolean =>
  principal.roles.some((role) => wanted.includes(role));
