import type { SessionElsewhere } from './identity.js';

/**
 * One sign-in on one device: a family of refresh tokens. Each refresh opens the next generation, and only tokens of the
 * newest generation are good (RFC 9700 section 4.14).
 */
export interface Session {
  id: string;
  userId: string;
  generation: number;
  createdAt: Date;
  /** When its user last showed all that is asked of them; earlier than it began when it follows a locked one. */
  factorShownAt: Date;
  /** What the browser says of itself, so that its user knows it again. */
  device?: string;
  /** When the newest generation began. */
  rotatedAt: Date;
  /** When a client of OpenID Connect last had a token in it. */
  usedAt?: Date;
  /** The end however often it is refreshed. */
  endsAt: Date;
  revokedAt?: Date;
  /** Until then its user may do nothing but add a second factor. */
  enrolling: boolean;
  /** Set when its user has left the screen: it goes on with their next sign-in, and with nothing else. */
  lockedAt?: Date;
  /** What it follows when it is opened by an issuer's word. */
  elsewhere?: SessionElsewhere;
}

const minutes = 60_000;

export const deviceLengthMax = 200;

/** A session in which no token is had for this long has ended. */
export const sessionIdleMsMax = 12 * 60 * minutes;
export const sessionMsMax = 7 * 24 * 60 * minutes;

/**
 * Two tabs that refresh at once present the same token; the slower one is honoured for this long. Both get the same next
 * token, so there is one of each generation, and never a second that outlives it.
 */
export const parallelRefreshMs = 10_000;

export type RefreshVerdict = 'rotate' | 'join' | 'reused' | 'ended' | 'locked';

/**
 * What to do with a refresh token of `generation`: open the next generation, give the token of the one that a parallel
 * request has just opened, or treat it as stolen.
 */
export function judgeRefresh(session: Session, generation: number, now: Date): RefreshVerdict {
  const idleMs = now.getTime() - lastUsedAt(session).getTime();
  if (session.revokedAt || now >= session.endsAt || idleMs > sessionIdleMsMax) return 'ended';
  if (session.lockedAt) return 'locked';
  if (generation === session.generation) return 'rotate';
  return isNewEnough(session, generation, now) ? 'join' : 'reused';
}

/** True of a token of the newest generation, and for a moment of the one before it. */
export const isNewEnough = ({ generation, rotatedAt }: Session, presented: number, now: Date): boolean =>
  presented === generation ||
  (presented === generation - 1 && now.getTime() - rotatedAt.getTime() <= parallelRefreshMs);

export const lastUsedAt = ({ rotatedAt, usedAt }: Pick<Session, 'rotatedAt' | 'usedAt'>): Date =>
  usedAt && usedAt > rotatedAt ? usedAt : rotatedAt;

/**
 * Seconds for which a browser keeps a refresh cookie that is given now. Silence ends the session sooner, but clients of OpenID
 * Connect may keep it awake without the cookie, by which it is then still locked, signed out and followed.
 */
export const cookieSeconds = ({ endsAt }: Session, now: Date): number =>
  Math.floor((endsAt.getTime() - now.getTime()) / 1_000);
