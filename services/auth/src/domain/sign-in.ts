import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { BadCredentials, LockedOut } from './errors.js';
import { type Attempts, accountPolicy, addressPolicy, type LockoutPolicy, secondsLocked } from './lockout.js';
import { normalisePassword } from './password.js';
import type {
  AccessToken,
  AttemptCounter,
  AttemptSubject,
  KnownDevices,
  PasswordHasher,
  Sessions,
  TokenIssuer,
  Users,
} from './ports.js';
import { cookieSeconds, type Session, sessionMsMax } from './session.js';
import { normaliseEmail, type User } from './user.js';

export interface AuthParts {
  users: Users;
  sessions: Sessions;
  attempts: AttemptCounter;
  devices: KnownDevices;
  passwords: PasswordHasher;
  tokens: TokenIssuer;
  clock: Clock;
}

/** What somebody has after signing in or refreshing: a token to show, and one to get the next with. */
export interface SignedIn extends AccessToken {
  refreshToken: string;
  refreshSeconds: number;
}

export interface Credentials {
  email: string;
  password: string;
  /** The network address the attempt comes from. */
  address: string;
  /** What the device kept of earlier sign-ins. */
  device?: string;
}

/** What the device is to keep, so that it is known when it comes again. */
export interface KnownFrom {
  device: string;
}

/**
 * Opens a session for the right password. An unknown address, a wrong password and a deactivated account give the same
 * answer in the same time, and count alike.
 * @throws BadCredentials (401), LockedOut (429), Busy (503)
 */
export async function signIn(parts: AuthParts, credentials: Credentials): Promise<SignedIn & KnownFrom> {
  const email = normaliseEmail(credentials.email);
  const counted = countedAt(parts, email, credentials);
  const subjects = counted.map(({ subject }) => subject);
  await refuseWhileLocked(parts, subjects);
  const user = await parts.passwords.inTurn(async () => {
    // Looked at again: many attempts may have waited here together, and the first of them may have locked the rest.
    await refuseWhileLocked(parts, subjects);
    const found = await parts.users.findByEmail(email);
    const isRight = await isPasswordOf(parts, found, credentials.password);
    if (!isRight || !found) {
      for (const { subject, policy, locksUser } of counted) {
        await parts.attempts.countFailure(subject, policy, parts.clock.now(), locksUser ? found : undefined);
      }
      throw new BadCredentials();
    }
    return found;
  });
  // An address is not forgiven: whoever guesses from it may have an account as well.
  for (const { subject, policy } of counted) if (policy === accountPolicy) await parts.attempts.forgive(subject);
  return { ...(await openSession(parts, user)), device: parts.devices.remember(credentials.device, email) };
}

interface Counted {
  subject: AttemptSubject;
  policy: LockoutPolicy;
  /** The account is out of reach once this has too many. */
  locksUser: boolean;
}

/**
 * Where a failure counts, and what has to be open for an attempt to be looked at. A device that has signed in to the account
 * before has a count of its own: so nobody elsewhere can shut its user out, by guessing at the account or from their address.
 */
function countedAt({ attempts, devices }: AuthParts, email: string, { address, device }: Credentials): Counted[] {
  const known = devices.deviceOf(device, email);
  if (known) return [{ subject: attempts.deviceSubject(email, known), policy: accountPolicy, locksUser: false }];
  return [
    { subject: attempts.accountSubject(email), policy: accountPolicy, locksUser: true },
    { subject: attempts.addressSubject(address), policy: addressPolicy, locksUser: false },
  ];
}

/** @throws LockedOut when any of the subjects has to wait */
export async function refuseWhileLocked(parts: AuthParts, subjects: AttemptSubject[]): Promise<void> {
  const now = parts.clock.now();
  const known: Attempts[] = await parts.attempts.read(subjects);
  const seconds = Math.max(0, ...known.map((attempts) => secondsLocked(attempts, now)));
  if (seconds > 0) throw new LockedOut(seconds);
}

async function isPasswordOf(parts: AuthParts, user: User | undefined, sent: string): Promise<boolean> {
  const password = normalisePassword(sent);
  const isRight = await parts.passwords.verify(password, user?.passwordHash);
  if (!isRight || !user?.active) return false;
  if (parts.passwords.isOutdated(user.passwordHash)) {
    await parts.users.rehash(user.id, user.passwordHash, await parts.passwords.hash(password));
  }
  return true;
}

async function openSession(parts: AuthParts, user: User): Promise<SignedIn> {
  const now = parts.clock.now();
  const session: Session = {
    id: newId(),
    userId: user.id,
    generation: 1,
    rotatedAt: now,
    endsAt: new Date(now.getTime() + sessionMsMax),
  };
  const refreshToken = await parts.sessions.open(session);
  const access = await parts.tokens.issue(user, now);
  return { ...access, refreshToken, refreshSeconds: cookieSeconds(session, now) };
}
