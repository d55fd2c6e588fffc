import { RefreshInvalid, RefreshMissing, RefreshReused } from './errors.js';
import { cookieSeconds } from './session.js';
import type { AuthParts, SignedIn } from './sign-in.js';

/**
 * Exchanges a refresh token for the next one and a new access token, with the user's roles as they are now.
 * @throws RefreshMissing, RefreshInvalid, RefreshReused (all 401)
 */
export async function refreshSession(parts: AuthParts, presented: string | undefined): Promise<SignedIn> {
  if (!presented) throw new RefreshMissing();
  const now = parts.clock.now();
  const refreshed = await parts.sessions.refresh(presented, now);
  if (!refreshed) throw new RefreshInvalid();
  const { verdict, session, token } = refreshed;
  if (verdict === 'reused') throw new RefreshReused();
  const user = await parts.users.find(session.userId);
  if (verdict === 'ended' || !token || !user?.active) throw new RefreshInvalid();
  const access = await parts.tokens.issue(user, now);
  return { ...access, refreshToken: token, refreshSeconds: cookieSeconds(session, now) };
}

/** Ends the session of the token, if there is one; signing out twice is signing out. */
export async function signOut(parts: AuthParts, presented: string | undefined): Promise<void> {
  if (presented) await parts.sessions.revokeByToken(presented, parts.clock.now());
}
