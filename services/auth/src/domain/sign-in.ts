import type { Clock } from '@cabinet/kit/clock';
import type { CheckSecondFactor } from './check-second-factor.js';
import { AppNotKnown, BadCredentials, BadSecondFactor, RegistrationWaits, SecondFactorNeeded } from './errors.js';
import type { KeepSessions, TokenPair } from './keep-sessions.js';
import { accountPolicy, addressPolicy, type LockoutPolicy } from './lockout.js';
import { normalisePassword } from './password.js';
import type { AttemptSubject, FailedAttempts, KnownDevices, PasswordHasher, Registrations, Users } from './ports.js';
import { refuseWhileLocked } from './refuse-while-locked.js';
import { normaliseEmail, type User } from './user.js';

export interface Credentials {
  email: string;
  password: string;
  /** The network address the attempt comes from. */
  address: string;
  /** What the device kept of earlier sign-ins. */
  device?: string;
  /** What the browser says of itself. */
  userAgent?: string;
  /** Of an app that makes codes, or a recovery code. */
  code?: string;
  /** The refresh token of whoever was signed in at this browser. */
  before?: string;
}

/** What the device is to keep, so that it is known when it comes again. */
export interface KnownFrom {
  device: string;
}

interface Counted {
  subject: AttemptSubject;
  policy: LockoutPolicy;
  /** The account is out of reach once this has too many. */
  locksUser: boolean;
}

export class SignIn {
  constructor(
    private readonly users: Users,
    private readonly registrations: Pick<Registrations, 'findByEmail'>,
    private readonly attempts: FailedAttempts,
    private readonly devices: KnownDevices,
    private readonly passwords: PasswordHasher,
    private readonly sessions: KeepSessions,
    private readonly second: CheckSecondFactor,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session for the right password and, where one is asked for, second factor. An unknown address, a wrong password and
   * a deactivated account give the same answer in the same time, and count alike; so does a wrong code.
   * @throws BadCredentials, SecondFactorNeeded, BadSecondFactor, AppNotKnown (401), RegistrationWaits (403), LockedOut (429), Busy (503)
   */
  async signIn(credentials: Credentials): Promise<TokenPair & KnownFrom> {
    const email = normaliseEmail(credentials.email);
    const device = this.devices.deviceOf(credentials.device, email);
    this.passwords.assertRoom(device !== undefined);
    const counted = this.countedAt(email, credentials.address, device);
    await this.refuseWhileLocked(counted);
    const { user, enrolling, follows } = await this.passwords.inTurn(async () => {
      // Looked at again: many attempts may have waited here together, and the first of them may have locked the rest.
      await this.refuseWhileLocked(counted);
      const [found, registered] = await Promise.all([
        this.users.findByEmail(email),
        this.registrations.findByEmail(email, this.clock.now()),
      ]);
      // One password is checked, whoever it is.
      const waits = found ? undefined : registered;
      if (waits && (await this.passwords.verify(normalisePassword(credentials.password), waits.passwordHash))) {
        throw new RegistrationWaits(waits.expiresAt);
      }
      const isRight = !waits && (await this.isPasswordOf(found, credentials.password));
      const verdict = found && isRight ? await this.second.check(found, credentials.code) : undefined;
      if (found && (verdict === 'passed' || verdict === 'to-enrol')) {
        return { user: found, enrolling: verdict === 'to-enrol' };
      }
      if (found && verdict === 'missing') {
        const locked = await this.sessions.lockedHere(found, credentials.before);
        if (locked) return { user: found, enrolling: false, follows: locked };
        throw new SecondFactorNeeded();
      }
      for (const { subject, policy, locksUser } of counted) {
        await this.attempts.countFailure(subject, policy, this.clock.now(), locksUser ? found : undefined);
      }
      if (verdict === 'unknown') throw new AppNotKnown();
      throw verdict === 'wrong' ? new BadSecondFactor() : new BadCredentials();
    }, device !== undefined);
    // An address is not forgiven: whoever guesses from it may have an account as well.
    for (const { subject, policy } of counted) if (policy === accountPolicy) await this.attempts.forgive(subject);
    const { userAgent, before } = credentials;
    const session = await this.sessions.open(user, { device: userAgent, before, enrolling, follows });
    if (!session) throw new BadCredentials();
    return { ...session, device: this.devices.remember(credentials.device, email) };
  }

  /**
   * Where a failure counts, and what has to be open for an attempt to be looked at. A device that has signed in to the account
   * before has a count of its own: so nobody elsewhere can shut its user out, by guessing at the account or from their address.
   */
  private countedAt(email: string, address: string, known: string | undefined): Counted[] {
    const { attempts } = this;
    if (known) return [{ subject: attempts.deviceSubject(email, known), policy: accountPolicy, locksUser: false }];
    return [
      { subject: attempts.accountSubject(email), policy: accountPolicy, locksUser: true },
      { subject: attempts.addressSubject(address), policy: addressPolicy, locksUser: false },
    ];
  }

  private refuseWhileLocked(counted: Counted[]): Promise<void> {
    const subjects = counted.map(({ subject }) => subject);
    return refuseWhileLocked(this.attempts, subjects, this.clock.now());
  }

  private async isPasswordOf(user: User | undefined, sent: string): Promise<boolean> {
    const password = normalisePassword(sent);
    const isRight = await this.passwords.verify(password, user?.passwordHash);
    if (!isRight || !user?.active) return false;
    if (this.passwords.isOutdated(user.passwordHash)) {
      await this.users.rehash(user.id, user.passwordHash, await this.passwords.hash(password));
    }
    return true;
  }
}
