import { type Clock, newId } from '@cabinet/kit';
import { BadCredentials, LockedOut } from './errors.js';
import { type Attempts, accountPolicy, addressPolicy, secondsLocked } from './lockout.js';
import { normalisePassword } from './password.js';
import type {
  AccessToken,
  AttemptCounter,
  AttemptSubject,
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
}

/**
 * Opens a session for the right password. An unknown address, a wrong password and a deactivated account give the same
 * answer in the same time, and count alike.
 * @throws BadCredentials (401), LockedOut (429), Busy (503)
 */
export async function signIn(parts: AuthParts, credentials: Credentials): Promise<SignedIn> {
  const email = normaliseEmail(credentials.email);
  const account = parts.attempts.accountSubject(email);
  const address = parts.attempts.addressSubject(credentials.address);
  await refuseWhileLocked(parts, [account, address]);
  const user = await parts.passwords.inTurn(async () => {
    // Looked at again: many attempts may have waited here together, and the first of them may have locked the rest.
    await refuseWhileLocked(parts, [account, address]);
    const found = await parts.users.findByEmail(email);
    const isRight = await isPasswordOf(parts, found, credentials.password);
    if (!isRight || !found) {
      await countFailure(parts, account, address, found);
      throw new BadCredentials();
    }
    return found;
  });
  await parts.attempts.forgive(account);
  return openSession(parts, user);
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

async function countFailure(
  parts: AuthParts,
  account: AttemptSubject,
  address: AttemptSubject,
  user: User | undefined,
): Promise<void> {
  const now = parts.clock.now();
  await parts.attempts.countFailure(account, accountPolicy, now, user);
  await parts.attempts.countFailure(address, addressPolicy, now);
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
