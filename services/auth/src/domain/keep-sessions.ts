import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NoSuchSession, NoSuchUser, RefreshInvalid, RefreshMissing, RefreshReused } from './errors.js';
import type { AccessToken, Sessions, TokenIssuer, Users } from './ports.js';
import { cookieSeconds, deviceLengthMax, type Session, sessionMsMax } from './session.js';
import type { User } from './user.js';

const sessionsListedMax = 100;

/** What somebody has after signing in or refreshing: a token to show, and one to get the next with. */
export interface TokenPair extends AccessToken {
  refreshToken: string;
  refreshSeconds: number;
}

export interface OwnSession extends Session {
  /** The one that was asked in. */
  isCurrent: boolean;
}

export class KeepSessions {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: TokenIssuer,
    private readonly clock: Clock,
  ) {}

  /** For a user who has shown who they are. @param device what the browser says of itself */
  async open(user: User, device?: string): Promise<TokenPair> {
    const now = this.clock.now();
    const session: Session = {
      id: newId(),
      userId: user.id,
      generation: 1,
      createdAt: now,
      device: device?.slice(0, deviceLengthMax),
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

  /** The sessions somebody has open, the one used last first. */
  async list(actor: Principal): Promise<OwnSession[]> {
    noteSubjects(actor.id);
    const sessions = await this.sessions.openOf(actor.id, this.clock.now(), sessionsListedMax);
    return sessions.map((session) => ({ ...session, isCurrent: session.id === actor.sessionId }));
  }

  /** Ends one of the own sessions, and the tokens given in it. @throws NoSuchSession (404) */
  async endOne(id: string, actor: Principal): Promise<void> {
    noteSubjects(actor.id);
    if (!(await this.sessions.revokeOf(actor.id, id, this.clock.now()))) throw new NoSuchSession();
  }

  /** Ends all the own sessions but the one it is asked in. */
  async endOthers(actor: Principal): Promise<void> {
    noteSubjects(actor.id);
    await this.sessions.revokeAllOf(actor.id, this.clock.now(), actor.sessionId);
  }

  /** Signs a user out everywhere, at once. @throws NoSuchUser (404) */
  async endAllOf(userId: string): Promise<void> {
    if (!(await this.users.find(userId))) throw new NoSuchUser();
    await this.sessions.revokeAllOf(userId, this.clock.now());
  }

  private async issue(user: User, session: Session, refreshToken: string, now: Date): Promise<TokenPair> {
    const access = await this.tokens.issue(user, session, now);
    return { ...access, refreshToken, refreshSeconds: cookieSeconds(session, now) };
  }
}
