import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { NoSuchUser, PasswordUnsuitable, WrongPassword } from './errors.js';
import { accountPolicy } from './lockout.js';
import { type ChosenPasswords, normalisePassword } from './password.js';
import type { FailedAttempts, PasswordHasher, Users } from './ports.js';
import { refuseWhileLocked } from './refuse-while-locked.js';
import type { User } from './user.js';

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

export class ChangePassword {
  constructor(
    private readonly users: Users,
    private readonly attempts: FailedAttempts,
    private readonly passwords: PasswordHasher,
    private readonly chosen: ChosenPasswords,
    private readonly clock: Clock,
  ) {}

  /**
   * Everybody changes their own. The session it is done in goes on, and all others end.
   * @throws WrongPassword, PasswordUnsuitable (422), LockedOut (429), NoSuchUser (404), NotAuthenticated (401), Busy (503)
   */
  async change({ currentPassword, newPassword }: PasswordChange, actor: Principal): Promise<void> {
    noteSubjects(actor.id);
    const user = await this.users.find(actor.id);
    if (!user?.active) throw new NoSuchUser();
    await this.chosen.assertSuitable(newPassword, user, 'newPassword');
    if (normalisePassword(newPassword) === normalisePassword(currentPassword)) {
      throw new PasswordUnsuitable('newPassword', 'UNCHANGED', 'must differ from the current password');
    }
    // Who has a token is not held up by those who guess without one.
    const subject = this.attempts.signedInSubject(actor.sessionId ?? user.id);
    const passwordHash = await this.passwords.inTurn(async () => {
      await refuseWhileLocked(this.attempts, [subject], this.clock.now());
      if (!(await this.passwords.verify(normalisePassword(currentPassword), user.passwordHash))) {
        await this.attempts.countFailure(subject, accountPolicy, this.clock.now());
        throw new WrongPassword();
      }
      return this.passwords.hash(normalisePassword(newPassword));
    });
    await this.users.change(
      user.id,
      (current) => {
        if (isPasswordAnother(user, current)) throw new WrongPassword();
        return { ...current, passwordHash };
      },
      { actor, keptSessionId: actor.sessionId },
    );
    await this.attempts.forgive(subject);
    await this.attempts.forgive(this.attempts.accountSubject(user.email));
  }
}

/** Somebody was faster. A hash that was made anew of the same password leaves the version as it is. */
const isPasswordAnother = (read: User, current: User): boolean =>
  current.version !== read.version && current.passwordHash !== read.passwordHash;
