/**
 * Roles of people (design section 4); `enrolling` of who must first add a second factor, and may do nothing else; `service` for
 * a neighbour that calls through its sidecar.
 */
export const roles = ['patient', 'practitioner', 'secretary', 'admin', 'enrolling', 'service'] as const;
export type Role = (typeof roles)[number];

/** Who acts. Made only from a verified token, or from a call that came through the process's own sidecar. */
export interface Principal {
  /** User id, or the app-id of a calling service. */
  id: string;
  roles: Role[];
  /** The patient this user is, if any. */
  patientId?: string;
  /** The practitioner this user is, if any. */
  practitionerId?: string;
  /** The session that the token was given in. */
  sessionId?: string;
}

export const hasRole = (principal: Principal, ...wanted: Role[]): boolean =>
  principal.roles.some((role) => wanted.includes(role));
