import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NoSuchSession, NoSuchUser, RefreshInvalid, RefreshMissing, RefreshReused, SessionLocked } from './errors.js';
import type { SessionElsewhere } from './identity.js';
import type { AccessToken, Sessions, TokenIssuer, Users } from './ports.js';
import { cookieSeconds, deviceLengthMax, type Session, sessionMsMax } from './session.js';
import type { User } from './user.js';

const sessionsListedMax = 100;

/** What somebody has after signing in or refreshing: a token to show, and one to get the next with. */
export interface TokenPair extends AccessToken {
  refreshToken: string;
  refreshSeconds: number;
  /** True when nothing but adding a second factor is allowed. */
  enrolling: boolean;
}

export interface Opening {
  /** What the browser says of itself. */
  device?: string;
  /** The refresh token of whoever was signed in at this browser. */
  before?: string;
  enrolling?: boolean;
  /** The locked one at this browser that stands for the second factor: the new one ends when it would have. */
  follows?: Session;
  /** The session at an issuer by whose word it is opened. */
  elsewhere?: SessionElsewhere;
}

export interface SignedIn {
  user: User;
  session: Session;
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

  /**
   * For a user who has shown who they are. Whoever was signed in at the browser before is signed out there.
   * @returns undefined when the user was changed in the meantime: what was shown may be good for nothing any more
   */
  async open(
    user: User,
    { device, before, enrolling = false, follows, elsewhere }: Opening = {},
  ): Promise<TokenPair | undefined> {
    noteSubjects(user.id);
    const now = this.clock.now();
    const session: Session = {
      id: newId(),
      userId: user.id,
      generation: 1,
      createdAt: now,
      factorShownAt: follows?.factorShownAt ?? now,
      device: device?.slice(0, deviceLengthMax),
      rotatedAt: now,
      endsAt: follows?.endsAt ?? new Date(now.getTime() + sessionMsMax),
      enrolling,
      elsewhere,
    };
    const token = await this.sessions.open(session, user, { before, follows });
    return token === undefined ? undefined : this.issue(user, session, token, now);
  }

  /**
   * Exchanges a refresh token for the next one and a new access token, with the user's roles as they are now.
   * @throws RefreshMissing, RefreshInvalid, RefreshReused, SessionLocked (all 401)
   */
  async refresh(presented: string | undefined): Promise<TokenPair> {
    if (!presented) throw new RefreshMissing();
    const now = this.clock.now();
    const refreshed = await this.sessions.refresh(presented, now);
    if (!refreshed) throw new RefreshInvalid();
    const { verdict, session, token } = refreshed;
    if (verdict === 'reused') throw new RefreshReused();
    if (verdict === 'locked') throw new SessionLocked();
    const user = await this.users.find(session.userId);
    if (verdict === 'ended' || !token || !user?.active) throw new RefreshInvalid();
    return this.issue(user, session, token, now);
  }

  /** Ends the session of the token, if there is one; signing out twice is signing out. */
  async end(presented: string | undefined): Promise<void> {
    if (presented) await this.sessions.revokeByToken(presented, this.clock.now());
  }

  /** The same. @returns the session at an issuer that it has followed, if it did */
  async endBoth(presented: string | undefined): Promise<SessionElsewhere | undefined> {
    const there = presented ? await this.sessions.elsewhereOf(presented) : undefined;
    await this.end(presented);
    return there;
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

  /** Whoever leaves the screen: tokens end, and the next sign-in of the same user here needs no second factor again. */
  async lock(actor: Principal): Promise<void> {
    noteSubjects(actor.id);
    if (actor.sessionId) await this.sessions.lock(actor.sessionId, this.clock.now());
  }

  /** The session that the user has locked at this browser, in which they had shown all that is asked of them. */
  async lockedHere(user: User, token: string | undefined): Promise<Session | undefined> {
    const session = token ? await this.sessions.findOpenByToken(token, this.clock.now()) : undefined;
    return session?.userId === user.id && session.lockedAt && !session.enrolling ? session : undefined;
  }

  /** Who holds a refresh token of a session that is open and not locked. */
  async heldBy(token: string | undefined): Promise<SignedIn | undefined> {
    const session = token ? await this.sessions.findOpenByToken(token, this.clock.now()) : undefined;
    return session && this.withUser(session);
  }

  /** Who is signed in in a session, as long as it is open and not locked. */
  async findSignedIn(id: string): Promise<SignedIn | undefined> {
    const session = await this.sessions.findOpen(id, this.clock.now());
    return session && this.withUser(session);
  }

  /** Signs a user out everywhere, at once. @throws NoSuchUser (404) */
  async endAllOf(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (!user) throw new NoSuchUser();
    noteSubjects(user.patientId);
    await this.sessions.revokeAllOf(userId, this.clock.now());
  }

  private async withUser(session: Session): Promise<SignedIn | undefined> {
    const user = session.lockedAt ? undefined : await this.users.find(session.userId);
    return user?.active ? { user, session } : undefined;
  }

  private async issue(user: User, session: Session, refreshToken: string, now: Date): Promise<TokenPair> {
    const access = await this.tokens.issue(user, session, now);
    const { enrolling } = session;
    return { ...access, refreshToken, refreshSeconds: cookieSeconds(session, now), enrolling };
  }
}
