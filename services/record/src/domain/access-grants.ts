/** That a patient lets a practitioner into their record. */
export interface AccessGrant {
  id: string;
  practitionerId: string;
  givenAt: Date;
  /** Of the patient themself, or of a secretary at the patient's word. */
  givenBy: { id: string; role: 'patient' | 'secretary' };
  /** The first instant at which they are no longer let in. */
  until: Date;
  withdrawnAt?: Date;
}

const hourMs = 3_600_000;
export const grantLastsMs = { min: 24 * hourMs, max: 366 * 24 * hourMs };
/** Of those that let somebody in, and of those that have ended and are still shown. */
export const grantsMax = 20;
const endedMax = 200;

export const isInForce = ({ until, withdrawnAt }: AccessGrant, now: Date): boolean => !withdrawnAt && now < until;

export const isGranted = (grants: readonly AccessGrant[], practitionerId: string, now: Date): boolean =>
  grants.some((grant) => grant.practitionerId === practitionerId && isInForce(grant, now));

/** With one more, which takes the place of what the practitioner was granted before. */
export function withGrant(grants: readonly AccessGrant[], grant: AccessGrant): AccessGrant[] {
  const now = grant.givenAt;
  const before = grants.map((each) =>
    each.practitionerId === grant.practitionerId && isInForce(each, now) ? { ...each, withdrawnAt: now } : each,
  );
  const shown = new Set(before.filter((each) => !isInForce(each, now)).slice(-endedMax));
  return [...before.filter((each) => isInForce(each, now) || shown.has(each)), grant];
}
