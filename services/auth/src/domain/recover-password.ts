import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { assertMayHelp } from './access.js';
import { NoSuchCode, NoSuchUser } from './errors.js';
import { type CodeChannel, makeCode, mayMail, type OneTimeCode, resetMsMax } from './one-time-code.js';
import type { ChosenPasswords } from './password.js';
import type { Codes, CodeTerms, FailedAttempts, Users } from './ports.js';
import type { UseCodes } from './use-codes.js';
import { normaliseEmail, type User } from './user.js';

export interface MadeCode {
  code: string;
  expiresAt: Date;
}

/** Longer than asking takes for an address that has an account, so that the time does not tell. */
const askMs = 150;

export class RecoverPassword {
  constructor(
    private readonly users: Users,
    private readonly codes: Codes,
    private readonly use: UseCodes,
    private readonly attempts: FailedAttempts,
    private readonly chosen: ChosenPasswords,
    private readonly clock: Clock,
  ) {}

  /** Has a code sent to the address, if somebody signs in with it. Answer and time are the same for any address. */
  async ask(email: string): Promise<void> {
    await Promise.all([this.sendIfKnown(normaliseEmail(email)), delay(askMs)]);
  }

  /** A code to be handed over on paper. @throws NoSuchUser (404), NotAllowed (403) */
  async make(userId: string, actor: Principal): Promise<MadeCode> {
    const user = await this.users.find(userId);
    if (!user?.active) throw new NoSuchUser();
    // Who makes it could sign in as them: patients find it among who has seen them.
    noteSubjects(user.patientId);
    assertMayHelp(actor, user.roles);
    const made = await this.makeFor(user, 'paper', { actor });
    if (!made) throw new NoSuchUser();
    return made;
  }

  /**
   * Sets the password of the code's user, signs them out everywhere, and lets them in again wherever they were locked out.
   * @throws NoSuchCode (401), PasswordUnsuitable (422), LockedOut (429), Busy (503)
   */
  async reset(code: string, newPassword: string, address: string): Promise<void> {
    const found = await this.use.find(code, address);
    const user = found.userId ? await this.users.find(found.userId) : undefined;
    if (!user?.active) throw new NoSuchCode();
    noteSubjects(user.id, user.patientId);
    const passwordHash = await this.chosen.hash(newPassword, user, 'newPassword');
    await this.users.change(
      user.id,
      (current) => {
        if (!current.active) throw new NoSuchCode();
        return { ...current, passwordHash };
      },
      { codeId: found.id },
    );
    await this.attempts.forgive(this.attempts.accountSubject(user.email));
  }

  /** @param email normalised @returns whether it is known; nothing is sent to who was deactivated */
  async sendIfKnown(email: string): Promise<boolean> {
    const user = await this.users.findByEmail(email);
    if (user?.active) await this.makeFor(user, 'mail', { mayMail: (mailed) => mayMail(mailed, this.clock.now()) });
    return user !== undefined;
  }

  private async makeFor(user: User, channel: CodeChannel, terms: CodeTerms): Promise<MadeCode | undefined> {
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + resetMsMax[channel]);
    const code = makeCode();
    const madeBy = terms.actor?.id;
    const made: OneTimeCode = { id: newId(), channel, userId: user.id, madeBy, createdAt, expiresAt };
    return (await this.codes.add(made, code, { ...terms, user })) ? { code, expiresAt } : undefined;
  }
}
