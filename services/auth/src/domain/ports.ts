import type { ActsFor, Delegated, Principal } from '@cabinet/kit/access/principal';
import type { ExpectedVersion } from '@cabinet/kit/http/etag';
import type { Begun, Shown } from './begun-sign-in.js';
import type { Delegation, DelegationRule, DelegationRuleVersion, OpenDelegation } from './delegation.js';
import type { Identity, IdentityLink, SessionElsewhere } from './identity.js';
import type { Interaction } from './interaction.js';
import type { Attempts, LockoutPolicy } from './lockout.js';
import type { OneTimeCode, OpenInvitation } from './one-time-code.js';
import type { Passkey } from './passkey.js';
import type { Registration, ShownRegistration } from './registration.js';
import type { Factors } from './second-factor.js';
import type { RefreshVerdict, Session } from './session.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import type { PersonRole, User, UserFact } from './user.js';

/** Who is looked for. */
export interface UserQuestion {
  /** Part of the address. */
  email?: string;
  /** Of users, or of the patients and practitioners that they are. */
  ids?: readonly string[];
}

export interface Users {
  find(id: string): Promise<User | undefined>;
  /** @param email normalised */
  findByEmail(email: string): Promise<User | undefined>;
  /** The active one that is this patient or practitioner; the oldest of two whose registrations were merged. */
  findByLink(link: 'patientId' | 'practitionerId', id: string): Promise<User | undefined>;
  /** Oldest first, those after the id `after`, at most `limit`. */
  list(page: { after?: string; limit: number }): Promise<User[]>;
  /** Oldest first, those who are asked for in any way. @param email part of it, normalised @param ids as `UserQuestion` */
  search(question: UserQuestion, limit: number): Promise<User[]>;
  /**
   * Tells `user.created`. @returns the user, linked to where the patient is now
   * @throws EmailTaken, LinkTaken; see `By`
   */
  add(user: User, by?: By): Promise<User>;
  /**
   * Changes the user while nobody else can, and tells `facts(before, after)`. Other rights or another password end
   * the codes made for the user and those made by them; another password ends the sessions too, but `keptSessionId`, as does a
   * change of which `signsOut(before, after)` says so.
   * @returns the user after the change, with the next version; undefined for an unknown id
   * @throws LastAdmin when no active admin would be left; LinkTaken; see `By`; whatever `change` throws
   */
  change(id: string, change: (user: User) => User, how?: HowChanged): Promise<User | undefined>;
  /** Replaces the hash if it is still `previous`; the same password hashed anew is no change of the user. */
  rehash(id: string, previous: string, next: string): Promise<void>;
  /** Who works in the practice now. */
  staff(): Promise<StaffMember[]>;
  countDemonstrationUsers(): Promise<number>;
  hasAdmin(): Promise<boolean>;
}

/** A user who has a role of the practice; who of them is a patient there too. */
export type StaffMember = Pick<User, 'id' | 'patientId' | 'practitionerId'>;

/** By what something is done that both has to be good when it is done, not only when it was asked for. */
export interface By {
  /** Used up with it. @throws NoSuchCode when it has been used in the meantime */
  codeId?: string;
  /** Decided with it. @throws NoSuchRegistration when it has been in the meantime */
  registrationId?: string;
  /** Undefined for nobody in particular. @throws NotAuthenticated when they may no longer what they might */
  actor?: Principal;
}

export interface HowChanged extends By {
  facts?: (before: User, after: User) => UserFact[];
  signsOut?: (before: User, after: User) => boolean;
  keptSessionId?: string;
}

export interface Sessions {
  /**
   * Opens the session of a user who is still as they were read.
   * @returns the first refresh token; undefined when the user was changed or signed out everywhere in the meantime, or the
   *   session that it follows has ended
   */
  open(session: Session, user: User, ends?: WhatEnds): Promise<string | undefined>;
  /**
   * Judges the token and acts on the verdict, so that two requests never both rotate one generation.
   * @returns undefined for a token that was never given; `token` when the verdict is to go on
   */
  refresh(token: string, now: Date): Promise<{ verdict: RefreshVerdict; session: Session; token?: string } | undefined>;
  /** Revokes the session that `token` belongs to, if there is one. */
  revokeByToken(token: string, now: Date): Promise<void>;
  /** Revokes every session of the user but one, and what they have made for others. */
  revokeAllOf(userId: string, now: Date, exceptId?: string): Promise<void>;
  /** @returns false when the user has no such session that is open */
  revokeOf(userId: string, id: string, now: Date): Promise<boolean>;
  /** The user's open sessions, the one used last first, at most `limit`. */
  openOf(userId: string, now: Date, limit: number): Promise<Session[]>;
  /** When the user's latest session began, of those that are not forgotten yet. */
  lastBegunOf(userId: string): Promise<Date | undefined>;
  findOpen(id: string, now: Date): Promise<Session | undefined>;
  /** The session at an issuer that the one of this token follows. */
  elsewhereOf(token: string): Promise<SessionElsewhere | undefined>;
  /** The open session that a refresh token belongs to, unless the token was exchanged for a newer one before. */
  findOpenByToken(token: string, now: Date): Promise<Session | undefined>;
  /** A client of OpenID Connect has had a token in it. */
  noteUse(id: string, now: Date): Promise<void>;
  /** The tokens given in it are good for nothing from now on, as if it had ended. */
  lock(id: string, now: Date): Promise<void>;
  /** Forgets sessions that had their end before the instant. */
  forgetEnded(before: Date): Promise<void>;
}

/** What a new session takes the place of. */
export interface WhatEnds {
  /** The token of whoever was signed in at the browser. */
  before?: string;
  /** The locked session that stands for the second factor. */
  follows?: Session;
}

/** An account (known or not), or where attempts come from, as a digest: none is kept in clear. */
export type AttemptSubject = string;

export interface FailedAttempts {
  /** Of an account, from wherever nobody has signed in to it before. */
  accountSubject(email: string): AttemptSubject;
  /** Of an account, from a device that has signed in to it before. */
  deviceSubject(email: string, device: string): AttemptSubject;
  /** Of one session whose user shows something again: who has stolen another one keeps them from nothing. */
  signedInSubject(sessionId: string): AttemptSubject;
  /** Of a network address; all of one network of IPv6 count as one, since whoever has one of them has all. */
  addressSubject(address: string): AttemptSubject;
  /** As before, of those who register themselves from there. */
  registeringSubject(address: string): AttemptSubject;
  /** Of what strangers have mailed to an address. @param email normalised */
  mailSubject(email: string): AttemptSubject;
  /** Of invitations mailed to an address. @param email normalised */
  invitationSubject(email: string): AttemptSubject;
  read(subjects: AttemptSubject[]): Promise<Attempts[]>;
  /** Counts one more failure; tells `user.locked` when it locks the account of a user. */
  countFailure(
    subject: AttemptSubject,
    policy: LockoutPolicy,
    now: Date,
    lockedUser?: Pick<User, 'id' | 'version'>,
  ): Promise<void>;
  /**
   * Counts one more, unless the subject has to wait: of many at once each sees those that were counted before.
   * @returns seconds to wait; 0 when it was counted
   */
  countUnlessLocked(subject: AttemptSubject, policy: LockoutPolicy, now: Date): Promise<number>;
  forgive(subject: AttemptSubject): Promise<void>;
  /** Forgets subjects whose last failure was before the instant. */
  forgetOlderThan(before: Date): Promise<void>;
}

/** What a device keeps to show that an account has signed in from it before. */
export interface KnownDevices {
  /** The device's id, when the account has. It takes as long for any account, there or not. */
  deviceOf(kept: string | undefined, email: string): string | undefined;
  /** What the device is to keep from now on. */
  remember(kept: string | undefined, email: string): string;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** With no hash it takes as long as with one and answers false, so that time does not tell who has an account. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** True when the hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean;
  /**
   * Costs nothing, so that many who guess cost others little.
   * @param isKnown whoever cannot be guessing: they do not wait for those who may be
   * @throws Busy when too many wait
   */
  assertRoom(isKnown: boolean): void;
  /** Runs `work` when there is room for one more password check. @throws Busy when too many wait */
  inTurn<T>(work: () => Promise<T>, isKnown?: boolean): Promise<T>;
}

export type JudgeLeft = (left: Factors) => void;

/**
 * In which session factors are changed: it has to be open when that is done. One in which a factor is added is as good as any
 * other from then on; with the first factor what was begun elsewhere with the password alone has ended.
 */
export interface FactorChange {
  userId: string;
  sessionId: string;
  now: Date;
}

/** Unknown: whatever an app would make, its seed can no longer be read. */
export type CodeUse = 'right' | 'wrong' | 'unknown';

export interface SecondFactors {
  of(userId: string): Promise<Factors>;
  /** In the place of a secret of which no code has been shown yet. */
  beginTotp(user: User): Promise<{ secret: string; uri: string }>;
  /** @returns recovery codes; undefined for a wrong code @throws SignInAgain */
  confirmTotp(code: string, by: FactorChange): Promise<string[] | undefined>;
  /** Takes a code of an app that is newer than the last one taken, or uses up a recovery code. */
  useCode(userId: string, code: string, now: Date): Promise<CodeUse>;
  /** In the place of those of before. @throws SignInAgain */
  remakeRecoveryCodes(by: FactorChange): Promise<string[]>;
  /** @param judge throws when what is left is too little: then nothing is removed @throws SignInAgain */
  removeTotp(by: FactorChange, judge: JudgeLeft): Promise<void>;
  /** Passkeys as well, and signs the user out everywhere. */
  removeAll(userId: string, now: Date): Promise<void>;
}

export interface Passkeys {
  find(credentialId: string): Promise<Passkey | undefined>;
  /** Oldest first. */
  listOf(userId: string): Promise<Passkey[]>;
  /** @returns false when the device's name of it is in use @throws SignInAgain */
  add(passkey: Passkey, by: FactorChange): Promise<boolean>;
  /** Notes its use and that of the challenge. @returns false when the challenge was used before, or the key is gone */
  use(passkey: Passkey, challenge: Challenge): Promise<boolean>;
  /** @param judge throws when what is left is too little: then nothing is removed @throws SignInAgain */
  remove(id: string, by: FactorChange, judge: JudgeLeft): Promise<void>;
  forgetUsedChallenges(before: Date): Promise<void>;
}

/** What a device signs, so that nothing it signed before is good again. */
export interface Challenge {
  text: string;
  expiresAt: Date;
}

export type NewKey = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'synced' | 'backedUp' | 'transports'>;

export interface ShownKey {
  counter: number;
  backedUp: boolean;
  challenge: Challenge;
}

/** How a browser is asked for a key or a signature, and what it answers is checked. */
export interface PasskeyCeremonies<CreateOptions, Created, SignOptions, Signed> {
  toCreate(user: User, own: Passkey[], now: Date): Promise<CreateOptions>;
  /** @throws PasskeyRefused (422) */
  created(created: Created, user: User, now: Date): Promise<NewKey>;
  toSign(now: Date): Promise<SignOptions>;
  /** @throws BadPasskey (401) */
  signed(signed: Signed, passkey: Passkey, now: Date): Promise<ShownKey>;
}

export interface BreachedPasswords {
  /** True when one of them is what others have used so often that it is tried first. @param forms of one password */
  hasAny(forms: string[]): Promise<boolean>;
}

export interface Codes {
  /**
   * In the place of an earlier one for the same; but mailed ones for a password are each good until their end, since anybody
   * may ask for the next. One to be mailed is told, as `code.made`, so that who
   * sends mails may ask for it.
   * @returns false when none is made
   */
  add(made: OneTimeCode, code: string, terms?: CodeTerms): Promise<boolean>;
  /** @returns undefined for one that is not there or has run out */
  find(code: string, now: Date): Promise<OneTimeCode | undefined>;
  /** A code that is to be mailed, in clear. @returns undefined when it is not there, has run out, or is on paper */
  findToMail(id: string, now: Date): Promise<(OneTimeCode & { code: string }) | undefined>;
  /** Oldest first. @param after the id of the last one before */
  invitations(open: OpenAt, page: { after?: string; limit: number }): Promise<OpenInvitation[]>;
  /** @returns false when there is no such invitation, or none any more */
  withdraw(id: string, open: OpenAt): Promise<boolean>;
  forgetEnded(before: Date): Promise<void>;
}

/** Who registered themselves, until it is decided who they are. All but the first three know only those whose mail has come. */
export interface Registrations {
  /** Those that wait for their mail to be read, and those that wait for the practice. */
  count(now: Date): Promise<{ begun: number; shown: number }>;
  begin(registration: Registration): Promise<void>;
  /** Where the code of one goes. */
  addressOf(id: string): Promise<string | undefined>;
  /** One, whether its mail has come or not. */
  begun(id: string): Promise<Registration | undefined>;
  /** In the place of others of the same address. @throws NoSuchCode when the code has been used in the meantime */
  show(id: string, how: HowShown): Promise<void>;
  find(id: string, now: Date): Promise<ShownRegistration | undefined>;
  findByEmail(email: string, now: Date): Promise<ShownRegistration | undefined>;
  /** Oldest first, those after the id `after`. */
  list(page: { now: Date; after?: string; limit: number }): Promise<ShownRegistration[]>;
  /** @returns false when there is no such one */
  remove(id: string, now: Date): Promise<boolean>;
  forgetEnded(before: Date): Promise<void>;
}

/** By which code, with which password; seen by the practice from then until its end. */
export interface HowShown {
  codeId: string;
  passwordHash: string;
  shownAt: Date;
  expiresAt: Date;
}

/** What has to be so when a code is made, and not only when it was asked for. */
export interface CodeTerms {
  /** Whose password it sets anew, as they were read: none is made for one who was changed since. */
  user?: User;
  /** Who makes it. @throws NotAuthenticated when they may no longer what they might */
  actor?: Principal;
  /**
   * Judged for one code of the user after the other: false, and none is made.
   * @param mailed when codes were mailed to them within a day, the last one first
   */
  mayMail?: (mailed: Date[]) => boolean;
}

/** Invitations that have not run out; all, or those of patients and of nobody else. */
export interface OpenAt {
  now: Date;
  ofPatientsOnly: boolean;
}

/** What clients of OpenID Connect have asked for, while their users answer. */
export interface Interactions {
  /** @returns undefined for one that is not there or has run out */
  find(id: string): Promise<Interaction | undefined>;
  /** @returns where the browser goes on */
  signIn(id: string, session: Session): Promise<string>;
  /** @returns where the browser goes on */
  allow(id: string): Promise<string>;
  /** @returns where the browser goes on, which leads to the client and tells it */
  refuse(id: string): Promise<string>;
}

/** Who may act for whom, as the patient service tells it. */
export interface ActingFor {
  /** For whom a patient may act now, twenty at most. */
  of(patientId: string, now: Date): Promise<ActsFor[]>;
}

/** Somebody who may act for a patient, as it was told. */
export interface ToldRelatedPerson {
  relatedPersonId: string;
  version: number;
  patientId: string;
  relatedPatientId: string;
  relationship: ActsFor['as'];
  sections: string[];
  until?: string;
  /** Sections that end before that. */
  ends?: { section: string; at: string }[];
  ended: boolean;
}

/** Whose delegations are asked for: given by the practitioner or had by the user; of nobody: all. */
export interface DelegationsOf {
  practitionerId?: string;
  delegateId?: string;
}

/** Who works for which practitioners. */
export interface Delegations {
  /** What a user of these roles may do for practitioners now, as tokens say it. */
  to(userId: string, roles: readonly PersonRole[], now: Date): Promise<Delegated[]>;
  /** One that is in force. */
  find(id: string, now: Date): Promise<OpenDelegation | undefined>;
  /** One that is or was in force. */
  given(id: string): Promise<OpenDelegation | undefined>;
  /** Those in force, oldest first. */
  list(of: DelegationsOf, page: { after?: string; limit: number; now: Date }): Promise<OpenDelegation[]>;
  /** @throws as `KeepDelegations.give`, and NotAuthenticated (401) when the actor has lost the right since they asked */
  add(delegation: Delegation, actor: Principal): Promise<OpenDelegation>;
  /** @returns false when it has ended already */
  end(id: string, now: Date, actor: Principal): Promise<boolean>;
  colleagues(exceptId: string, page: { after?: string; limit: number }): Promise<User[]>;
  rule(): Promise<DelegationRule>;
  /** The newest first. */
  ruleVersions(limit: number): Promise<DelegationRuleVersion[]>;
  /** @throws staleVersion (412) */
  setRule(
    expected: ExpectedVersion,
    secretariesWorkFor: DelegationRule['secretariesWorkFor'],
    actor: Principal,
  ): Promise<DelegationRule>;
}

export interface AccessToken {
  accessToken: string;
  expiresInSeconds: number;
}

export interface TokenIssuer {
  issue(user: User, session: Session, now: Date): Promise<AccessToken>;
}

/** What is kept of a patient who signs in. */
export interface PatientLogins {
  /** By the id of one who was merged, of the one they turned out to be; undefined for one who was erased. */
  of(
    patientId: string,
  ): Promise<{ patientId: string; users: User[]; sessions: Session[]; passkeys: Passkey[] } | undefined>;
}

/** The other side of an issuer that the practice trusts. */
export interface RelyingParty {
  /** Where the browser goes to sign in. @throws IssuerUnreachable (503) */
  addressFor(issuer: TrustedIssuer, begun: Begun): Promise<string>;
  /**
   * Whom the issuer has sent back.
   * @throws RefusedElsewhere, IssuerNotBelieved (401), IssuerUnreachable (503)
   */
  identityOf(issuer: TrustedIssuer, search: string, begun: Begun): Promise<Identity>;
  /** Where the browser goes to sign out there. @returns undefined where the issuer has no such place, or is away */
  signOutAddress(there: SessionElsewhere): Promise<string | undefined>;
}

/** What is kept while a browser is at an issuer, and until it has answered what is asked besides. */
export interface BegunSignIns {
  /** The browser keeps it itself: beginning leaves nothing in the database. */
  seal(begun: Begun): string;
  /** @returns undefined for what was not sealed here */
  open(kept: string): Begun | undefined;
  /** @returns false when it was used before */
  use(state: string, until: Date): Promise<boolean>;
  keep(token: string, shown: Shown, seconds: number): Promise<void>;
  find(token: string): Promise<Shown | undefined>;
  /** @returns false when somebody was faster */
  spend(token: string): Promise<boolean>;
}

export interface IdentityLinks {
  /**
   * Notes that somebody came, as the one who is known by issuer and subject, or as one to be confirmed.
   * @returns as it is kept; undefined when too many wait to be confirmed
   */
  show(link: IdentityLink): Promise<IdentityLink | undefined>;
  /** @returns false when it was confirmed or removed in the meantime, or the user has another identity at the issuer */
  confirm(id: string, user: User, now: Date, by?: string): Promise<boolean>;
  find(id: string): Promise<IdentityLink | undefined>;
  /** Those of these issuers, the newest first, those before the id `before`. */
  list(page: { issuerIds: string[]; before?: string; limit: number }): Promise<IdentityLink[]>;
  /** Ends the sessions that were opened by it as well. */
  remove(id: string, now: Date): Promise<void>;
  /** Forgets those that nobody has confirmed since. */
  forgetProposals(before: Date): Promise<void>;
}
