import { randomBytes } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { type Begun, elsewhereMsMax, type Shown } from './begun-sign-in.js';
import type { CheckSecondFactor } from './check-second-factor.js';
import { AppNotKnown, BadSecondFactor } from './errors.js';
import {
  LevelTooLow,
  NoActivity,
  NoRoleThere,
  NoSuchIssuer,
  NoSuchSignIn,
  NotForRole,
  NotLinked,
} from './errors-elsewhere.js';
import { type Activity, type Identity, rolesBy } from './identity.js';
import type { KeepSessions, TokenPair } from './keep-sessions.js';
import { accountPolicy } from './lockout.js';
import type { BegunSignIns, FailedAttempts, IdentityLinks, KnownDevices, RelyingParty, Users } from './ports.js';
import { countOrRefuse, refuseWhileLocked } from './refuse-while-locked.js';
import type { KnownFrom } from './sign-in.js';
import { linkOf, type TrustedIssuer } from './trusted-issuer.js';
import { factsOf, normaliseEmail, type User } from './user.js';

export interface Leaving {
  /** The address at the issuer. */
  continueAt: string;
  /** What the browser keeps, and shows when it comes back. */
  kept: string;
}

/** Where a browser comes from. */
export interface From {
  device?: string;
  userAgent?: string;
  before?: string;
}

/** What somebody has to say before they are signed in. */
export interface Asking {
  asks: 'activity' | 'code';
  activities: Activity[];
  /** What the browser keeps meanwhile. */
  kept: string;
}

type SignedInElsewhere = TokenPair & KnownFrom & { continueAt: string };
type Come = SignedInElsewhere | Omit<Asking, 'kept'>;
export type Arrived = SignedInElsewhere | Asking;

interface Answers {
  activity?: string;
  code?: string;
}

/** Sign-in by an issuer that the practice trusts. It says who somebody is; whom that is here, the practice has said. */
export class SignInElsewhere {
  constructor(
    private readonly issuers: readonly TrustedIssuer[],
    private readonly party: RelyingParty,
    private readonly begun: BegunSignIns,
    private readonly links: IdentityLinks,
    private readonly users: Users,
    private readonly attempts: FailedAttempts,
    private readonly devices: KnownDevices,
    private readonly sessions: KeepSessions,
    private readonly second: CheckSecondFactor,
    private readonly clock: Clock,
  ) {}

  list(): TrustedIssuer[] {
    return [...this.issuers];
  }

  /** Ends the session of the browser. @returns where it goes on to sign out of the issuer by which it was opened */
  async signOut(presented: string | undefined): Promise<string | undefined> {
    const there = await this.sessions.endBoth(presented);
    return there && this.party.signOutAddress(there);
  }

  /** @throws NoSuchIssuer (404) */
  find(id: string): TrustedIssuer {
    const found = this.issuers.find((each) => each.id === id);
    if (!found) throw new NoSuchIssuer();
    return found;
  }

  /** @throws NoSuchIssuer (404), IssuerUnreachable (503) */
  async begin(issuerId: string, continueAt: string): Promise<Leaving> {
    const issuer = this.find(issuerId);
    const [state, nonce, verifier] = [random(), random(), random()];
    const until = this.clock.now().getTime() + elsewhereMsMax;
    const begun: Begun = { issuerId, state, nonce, verifier, continueAt, until };
    return { continueAt: await this.party.addressFor(issuer, begun), kept: this.begun.seal(begun) };
  }

  /**
   * Takes what an issuer has sent a browser back with.
   * @param search what stands in the address, from the question mark @param kept what the browser was given when it left
   * @throws NoSuchIssuer, NoSuchSignIn (404), RefusedElsewhere, IssuerNotBelieved, LevelTooLow (401), NoActivity, NotLinked,
   *   NotForRole, NoRoleThere (403), LastAdmin (409), IssuerUnreachable (503)
   */
  async finish(issuerId: string, search: string, kept: string | undefined, from: From): Promise<Arrived> {
    const issuer = this.find(issuerId);
    const begun = kept ? this.begun.open(kept) : undefined;
    const state = new URLSearchParams(search).getAll('state');
    const now = this.clock.now();
    const isOurs = begun?.issuerId === issuerId && state.length === 1 && state[0] === begun.state;
    if (!isOurs || now.getTime() >= begun.until) throw new NoSuchSignIn();
    if (!(await this.begun.use(begun.state, new Date(begun.until)))) throw new NoSuchSignIn();
    const identity = await this.party.identityOf(issuer, search, begun);
    if (issuer.acr.length > 0 && !issuer.acr.includes(identity.acr ?? '')) throw new LevelTooLow();
    if (issuer.kind === 'pro-sante-connect' && identity.activities.length === 0) throw new NoActivity();
    const shown = { identity, continueAt: begun.continueAt };
    const come = await this.arrive(issuer, shown, {}, from);
    if (!('asks' in come)) return come;
    const token = random();
    await this.begun.keep(token, shown, elsewhereMsMax / 1_000);
    return { ...come, kept: token };
  }

  /**
   * For whom something was asked besides.
   * @throws NoSuchIssuer, NoSuchSignIn (404), BadSecondFactor, AppNotKnown (401), NotLinked, NotForRole, NoRoleThere (403),
   *   LastAdmin (409), LockedOut (429)
   */
  async goOn(issuerId: string, token: string | undefined, answers: Answers, from: From): Promise<Arrived> {
    const issuer = this.find(issuerId);
    const shown = token ? await this.begun.find(token) : undefined;
    if (!token || shown?.identity.issuerId !== issuerId) throw new NoSuchSignIn();
    const come = await this.arrive(issuer, shown, answers, from, () => this.begun.spend(token));
    return 'asks' in come ? { ...come, kept: token } : come;
  }

  /** @param mayOpen false when somebody was faster with the same */
  private async arrive(
    issuer: TrustedIssuer,
    { identity, continueAt }: Shown,
    answers: Answers,
    { device, userAgent, before }: From,
    mayOpen: () => Promise<boolean> = async () => true,
  ): Promise<Come> {
    const { linkId, user: linked } = await this.userOf(issuer, identity);
    const { activities } = identity;
    const activity = activities.length === 1 ? activities[0] : activities.find(({ id }) => id === answers.activity);
    if (activities.length > 1 && !activity) return { asks: 'activity', activities };
    const user = await this.withRolesOf(issuer, identity, linked);
    const isEnough = issuer.secondFactorAcr.includes(identity.acr ?? '');
    const verdict = isEnough ? 'passed' : await this.checkSecond(user, answers.code);
    if (verdict === 'missing') return { asks: 'code', activities: [] };
    if (!(await mayOpen())) throw new NoSuchSignIn();
    const opened = await this.sessions.open(user, {
      device: userAgent,
      before,
      enrolling: verdict === 'to-enrol',
      elsewhere: { ...identity.there, linkId, site: activity?.site },
    });
    if (!opened) throw new NoSuchSignIn();
    return { ...opened, continueAt, device: this.devices.remember(device, user.email) };
  }

  /** Whose identity it is here. Who is not known yet is proposed to the practice. */
  private async userOf(issuer: TrustedIssuer, identity: Identity): Promise<{ linkId: string; user: User }> {
    const now = this.clock.now();
    const { subject, person } = identity;
    const stored = await this.links.show({
      id: newId(),
      issuerId: issuer.id,
      subject,
      person,
      createdAt: now,
      lastShownAt: now,
    });
    if (!stored) throw new NotLinked();
    const user = stored.userId ? await this.users.find(stored.userId) : await this.byEmail(issuer, identity);
    const link = linkOf(issuer);
    if (!user?.active || (link && !user[link])) throw new NotLinked();
    const isOfPatients = link === 'patientId' && user.roles.some((role) => role !== 'patient');
    if (isOfPatients || (user.roles.includes('admin') && !issuer.admins)) throw new NotForRole();
    if (!stored.userId && !(await this.links.confirm(stored.id, user, now))) throw new NotLinked();
    return { linkId: stored.id, user };
  }

  private async byEmail({ linkBy }: TrustedIssuer, { verifiedEmail }: Identity): Promise<User | undefined> {
    return linkBy === 'email' && verifiedEmail ? this.users.findByEmail(normaliseEmail(verifiedEmail)) : undefined;
  }

  private async checkSecond(user: User, code: string | undefined): Promise<'passed' | 'missing' | 'to-enrol'> {
    const subject = this.attempts.signedInSubject(user.id);
    if (code !== undefined) await countOrRefuse(this.attempts, subject, accountPolicy, this.clock.now());
    else await refuseWhileLocked(this.attempts, [subject], this.clock.now());
    const verdict = await this.second.check(user, code);
    if (verdict !== 'wrong' && verdict !== 'unknown') {
      if (code !== undefined) await this.attempts.forgive(subject);
      return verdict;
    }
    throw verdict === 'wrong' ? new BadSecondFactor() : new AppNotKnown();
  }

  /** The user with the roles that the issuer gives them now. @throws NoRoleThere (403) */
  private async withRolesOf(issuer: TrustedIssuer, identity: Identity, user: User): Promise<User> {
    if (Object.keys(issuer.roles).length === 0) return user;
    const rolesOf = (own: User) => rolesBy(issuer, identity.roles, own.roles);
    const wanted = rolesOf(user);
    if (wanted.length === 0) throw new NoRoleThere();
    if (wanted.length === user.roles.length && wanted.every((role) => user.roles.includes(role))) return user;
    const changed = await this.users.change(
      user.id,
      (current) => {
        const roles = rolesOf(current);
        const isPractitioner = roles.includes('practitioner');
        return { ...current, roles, practitionerId: isPractitioner ? current.practitionerId : undefined };
      },
      { facts: factsOf, signsOut: (before, after) => before.roles.some((role) => !after.roles.includes(role)) },
    );
    if (!changed) throw new NotLinked();
    return changed;
  }
}

const random = (): string => randomBytes(32).toString('base64url');
