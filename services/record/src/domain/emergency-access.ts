/** Few and specific: who has to choose among many takes the first. */
export const emergencyReasons = [
  'life-threatening',
  'unable-to-consent',
  'urgent-symptoms',
  'colleague-unreachable',
] as const;
export type EmergencyReason = (typeof emergencyReasons)[number];

export interface Verdict {
  finding: 'justified' | 'not-justified';
  words: string;
  /** User id of the reviewer. */
  by: string;
  at: Date;
}

/** That a practitioner whom nothing else lets in opened a record in an emergency. */
export interface EmergencyAccess {
  id: string;
  practitionerId: string;
  /** User id of the practitioner. */
  openedBy: string;
  since: Date;
  /** The first instant at which it is over. */
  until: Date;
  reasonCode: EmergencyReason;
  /** What was said of it; empty once the record was erased. */
  words: string;
  verdict?: Verdict;
}

const hourMs = 3_600_000;
export const emergencyLastsMs = 2 * hourMs;
/** How many of one practitioner there may be within this time, but for those that were found justified. */
export const emergenciesMax = { count: 5, withinMs: 24 * hourMs };
const reviewedWithinMs = 7 * 24 * hourMs;

export const openEmergency = (
  accesses: readonly EmergencyAccess[],
  practitionerId: string,
  now: Date,
): EmergencyAccess | undefined => accesses.find((each) => each.practitionerId === practitionerId && now < each.until);

export const reviewDue = ({ since }: EmergencyAccess): Date => new Date(since.getTime() + reviewedWithinMs);

export const isEscalated = (access: EmergencyAccess, now: Date): boolean => !access.verdict && reviewDue(access) <= now;

/** Ends at once when it is found to be without ground. */
export const withVerdict = (access: EmergencyAccess, verdict: Verdict): EmergencyAccess => ({
  ...access,
  until: verdict.finding === 'not-justified' && verdict.at < access.until ? verdict.at : access.until,
  verdict,
});

/** Nobody judges what they did themselves, in whichever role. */
export const isBy = (
  access: EmergencyAccess,
  { id, practitionerId }: { id: string; practitionerId?: string },
): boolean => access.openedBy === id || access.practitionerId === practitionerId;
