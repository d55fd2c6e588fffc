import { NoSuchUser, PasswordUnsuitable, WrongPassword } from './errors.js';
import { accountPolicy } from './lockout.js';
import { assertPasswordSuitable, normalisePassword } from './password.js';
import { type AuthParts, refuseWhileLocked } from './sign-in.js';
import type { User } from './user.js';

export interface PasswordChange {
  userId: string;
  currentPassword: string;
  newPassword: string;
  /** The session it is done in, which goes on; all others end. */
  refreshToken?: string;
}

/** @throws WrongPassword, PasswordUnsuitable (422), LockedOut (429), NoSuchUser (404), Busy (503) */
export async function changePassword(parts: AuthParts, change: PasswordChange): Promise<void> {
  const user = await parts.users.find(change.userId);
  if (!user?.active) throw new NoSuchUser();
  assertPasswordSuitable(change.newPassword, user.email, 'newPassword');
  if (normalisePassword(change.newPassword) === normalisePassword(change.currentPassword)) {
    throw new PasswordUnsuitable('newPassword', 'UNCHANGED', 'must differ from the current password');
  }
  // Who has a token is not held up by those who guess without one.
  const attempts = parts.attempts.signedInSubject(user.id);
  const passwordHash = await parts.passwords.inTurn(async () => {
    await refuseWhileLocked(parts, [attempts]);
    if (!(await parts.passwords.verify(normalisePassword(change.currentPassword), user.passwordHash))) {
      await parts.attempts.countFailure(attempts, accountPolicy, parts.clock.now());
      throw new WrongPassword();
    }
    return parts.passwords.hash(normalisePassword(change.newPassword));
  });
  await parts.users.change(user.id, (current) => {
    if (isPasswordAnother(user, current)) throw new WrongPassword();
    return { ...current, passwordHash };
  });
  await parts.attempts.forgive(attempts);
  await parts.attempts.forgive(parts.attempts.accountSubject(user.email));
  await parts.sessions.revokeAllOf(user.id, parts.clock.now(), change.refreshToken);
}

/** Somebody was faster. A hash that was made anew of the same password leaves the version as it is. */
const isPasswordAnother = (read: User, current: User): boolean =>
  current.version !== read.version && current.passwordHash !== read.passwordHash;
