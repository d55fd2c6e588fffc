import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { RefreshInvalid, RefreshMissing, RefreshReused } from './errors.js';
import type { AccessToken, Sessions, TokenIssuer, Users } from './ports.js';
import { cookieSeconds, type Session, sessionMsMax } from './session.js';
import type { User } from './user.js';

/** What somebody has after signing in or refreshing: a token to show, and one to get the next with. */
export interface TokenPair extends AccessToken {
  refreshToken: string;
  refreshSeconds: number;
}

export class KeepSessions {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: TokenIssuer,
    private readonly clock: Clock,
  ) {}

  /** For a user who has shown who they are. */
  async open(user: User): Promise<TokenPair> {
    const now = this.clock.now();
    const session: Session = {
      id: newId(),
      userId: user.id,
      generation: 1,
      rotatedAt: now,
      endsAt: new Date(now.getTime() + sessionMsMax),
    };
    return this.issue(user, session, await this.sessions.open(session), now);
  }

  /**
   * Exchanges a refresh token for the next one and a new access token, with the user's roles as they are now.
   * @throws RefreshMissing, RefreshInvalid, RefreshReused (all 401)
   */
  async refresh(presented: string | undefined): Promise<TokenPair> {
    if (!presented) throw new RefreshMissing();
    const now = this.clock.now();
    const refreshed = await this.sessions.refresh(presented, now);
    if (!refreshed) throw new RefreshInvalid();
    const { verdict, session, token } = refreshed;
    if (verdict === 'reused') throw new RefreshReused();
    const user = await this.users.find(session.userId);
    if (verdict === 'ended' || !token || !user?.active) throw new RefreshInvalid();
    return this.issue(user, session, token, now);
  }

  /** Ends the session of the token, if there is one; signing out twice is signing out. */
  async end(presented: string | undefined): Promise<void> {
    if (presented) await this.sessions.revokeByToken(presented, this.clock.now());
  }

  private async issue(user: User, session: Session, refreshToken: string, now: Date): Promise<TokenPair> {
    const access = await this.tokens.issue(user, now);
    return { ...access, refreshToken, refreshSeconds: cookieSeconds(session, now) };
  }
}
