import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { CheckSecondFactor } from './check-second-factor.js';
import { NoSuchUser, NoTotp, SignInAgain, TotpInUse, WrongFactorCode } from './errors.js';
import type { SignedIn } from './keep-sessions.js';
import { accountPolicy } from './lockout.js';
import type { FactorChange, FailedAttempts, SecondFactors, Sessions, Users } from './ports.js';
import { countOrRefuse } from './refuse-while-locked.js';
import { type Factors, factorChangeMsMax, hasFactor } from './second-factor.js';

/** What an app that makes codes is told. */
export interface TotpToConfirm {
  secret: string;
  /** What its camera reads. */
  uri: string;
}

/** Everybody keeps their own second factors; an admin takes those of somebody who has lost them. */
export class KeepFactors {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly factors: SecondFactors,
    private readonly attempts: FailedAttempts,
    private readonly second: CheckSecondFactor,
    private readonly clock: Clock,
  ) {}

  read(actor: Principal): Promise<Factors> {
    noteSubjects(actor.id);
    return this.factors.of(actor.id);
  }

  /** A new secret, which counts once a code of it has been shown. @throws SignInAgain (403), TotpInUse (409) */
  async beginTotp(actor: Principal): Promise<TotpToConfirm> {
    const { user } = await this.changing(actor);
    if ((await this.factors.of(user.id)).totp) throw new TotpInUse();
    return this.factors.beginTotp(user);
  }

  /** @returns recovery codes, shown this once @throws SignInAgain (403), WrongFactorCode (422), LockedOut (429) */
  async confirmTotp(code: string, actor: Principal): Promise<string[]> {
    const { by } = await this.changing(actor);
    const { sessionId, now } = by;
    const subject = this.attempts.signedInSubject(sessionId);
    await countOrRefuse(this.attempts, subject, accountPolicy, now);
    const recoveryCodes = await this.factors.confirmTotp(code, by);
    if (!recoveryCodes) throw new WrongFactorCode();
    await this.attempts.forgive(subject);
    return recoveryCodes;
  }

  /** In the place of those of before. @throws SignInAgain (403), NoTotp (409) */
  async remakeRecoveryCodes(actor: Principal): Promise<string[]> {
    const { user, by } = await this.changing(actor);
    if (!(await this.factors.of(user.id)).totp) throw new NoTotp();
    return this.factors.remakeRecoveryCodes(by);
  }

  /** @throws SignInAgain (403), LastFactor (409) */
  async removeTotp(actor: Principal): Promise<void> {
    const { user, by } = await this.changing(actor);
    await this.factors.removeTotp(by, (left) => this.second.assertEnough(user, left));
  }

  /** Of somebody who has lost them all: they sign in by password, and enrol anew. @throws NoSuchUser (404) */
  async removeAllOf(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (!user) throw new NoSuchUser();
    noteSubjects(user.patientId);
    await this.factors.removeAll(user.id, this.clock.now());
  }

  /** Whoever changes factors, shortly after they have shown all that is asked of them. @throws SignInAgain (403), NoSuchUser (404) */
  async changing(actor: Principal): Promise<SignedIn & { by: FactorChange }> {
    noteSubjects(actor.id);
    const now = this.clock.now();
    const session = actor.sessionId ? await this.sessions.findOpen(actor.sessionId, now) : undefined;
    if (!session || now.getTime() - session.factorShownAt.getTime() > factorChangeMsMax) throw new SignInAgain();
    const user = await this.users.find(actor.id);
    if (!user?.active) throw new NoSuchUser();
    // Somebody else has begun with the password alone, and the owner was faster.
    if (session.enrolling && hasFactor(await this.factors.of(user.id))) throw new SignInAgain();
    return { user, session, by: { userId: user.id, sessionId: session.id, now } };
  }
}
