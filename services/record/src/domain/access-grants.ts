/** That a patient lets a practitioner into their record. */
export interface AccessGrant {
  id: string;
  practitionerId: string;
  givenAt: Date;
  /** Of the patient themself, of a guardian of a minor, or of a secretary at the patient's word. */
  givenBy: { id: string; role: 'patient' | 'guardian' | 'secretary' };
  /** The first instant at which they are no longer let in. */
  until: Date;
  withdrawnAt?: Date;
  /** True for one that a minor keeps from their guardians. */
  keptFromGuardians?: boolean;
}

const hourMs = 3_600_000;
export const grantLastsMs = { min: 24 * hourMs, max: 366 * 24 * hourMs };
/**
 * Of those that let somebody in, and of those that have ended and are still shown; those kept from guardians are counted apart, so
 * that no guardian notices them.
 */
export const grantsMax = 20;
const endedMax = 200;

export const isInForce = ({ until, withdrawnAt }: AccessGrant, now: Date): boolean => !withdrawnAt && now < until;

/** Those in force that let a practitioner in. */
export const grantsTo = (grants: readonly AccessGrant[], practitionerId: string, now: Date): AccessGrant[] =>
  grants.filter((grant) => grant.practitionerId === practitionerId && isInForce(grant, now));

/** Those that are, or are not, kept from guardians, as this one is. */
export const likeIt = (grants: readonly AccessGrant[], grant: Pick<AccessGrant, 'keptFromGuardians'>): AccessGrant[] =>
  grants.filter((each) => Boolean(each.keptFromGuardians) === Boolean(grant.keptFromGuardians));

/** With one more, which takes the place of what the practitioner was granted before. */
export function withGrant(grants: readonly AccessGrant[], grant: AccessGrant): AccessGrant[] {
  const now = grant.givenAt;
  const alike = likeIt(grants, grant);
  const before = grantsTo(alike, grant.practitionerId, now);
  const ended = alike.filter((each) => before.includes(each) || !isInForce(each, now));
  const tooOld = ended.slice(0, Math.max(0, ended.length - endedMax));
  const others = grants.filter((each) => !tooOld.includes(each));
  return [...others.map((each) => (before.includes(each) ? { ...each, withdrawnAt: now } : each)), grant];
}
