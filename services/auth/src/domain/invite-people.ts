import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { newId } from '@cabinet/kit/ids';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { type Page, toPage } from '@cabinet/service/http/pages';
import { assertMayHelp } from './access.js';
import type { Directory } from './directory.js';
import { EmailTaken, NoSuchCode, NoSuchInvitation, TooManyInvitations } from './errors.js';
import {
  type CodeChannel,
  type Invitation,
  invitationMailPolicy,
  invitationMsMax,
  makeCode,
  type OneTimeCode,
  type OpenInvitation,
} from './one-time-code.js';
import type { ChosenPasswords } from './password.js';
import type { Codes, FailedAttempts, Users } from './ports.js';
import type { UseCodes } from './use-codes.js';
import { assertRolesAndLinks, normaliseEmail } from './user.js';

export interface Invited {
  id: string;
  /** To be handed over; undefined when it is sent. */
  code?: string;
  expiresAt: Date;
}

export interface Acceptance {
  code: string;
  /** The address to sign in with, where the invitation names none. */
  email?: string;
  password: string;
  /** The network address it comes from. */
  address: string;
}

export class InvitePeople {
  constructor(
    private readonly users: Users,
    private readonly codes: Codes,
    private readonly use: UseCodes,
    private readonly attempts: FailedAttempts,
    private readonly chosen: ChosenPasswords,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * There is no user until somebody accepts.
   * @throws InvalidInput (422) also for a link that leads to nobody, NotAllowed (403), TooManyInvitations (429), Unavailable (503)
   */
  async invite(wanted: Invitation, channel: CodeChannel, actor: Principal): Promise<Invited> {
    assertMayHelp(actor, wanted.roles);
    assertRolesAndLinks(wanted);
    if (channel === 'mail' && !wanted.email) throw invalidField('email', 'REQUIRED', 'is needed to send a mail');
    const known = await this.directory.known(wanted);
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + invitationMsMax[channel]);
    const email = wanted.email && normaliseEmail(wanted.email);
    if (channel === 'mail' && email) await this.countMail(email, createdAt);
    const id = newId();
    const invitation = { ...known, email };
    const invited: OneTimeCode = { id, channel, invitation, madeBy: actor.id, createdAt, expiresAt };
    // Of a colleague nothing else is known yet, and who makes an admin is to be on the trail.
    noteSubjects(actor.id, id);
    const code = makeCode();
    await this.codes.add(invited, code, { actor });
    return { id, code: channel === 'paper' ? code : undefined, expiresAt };
  }

  /** Who works here, or has taken over a session of theirs, fills nobody's mailbox. @throws TooManyInvitations (429) */
  private async countMail(email: string, now: Date): Promise<void> {
    const to = this.attempts.invitationSubject(email);
    const seconds = await this.attempts.countUnlessLocked(to, invitationMailPolicy, now);
    if (seconds > 0) throw new TooManyInvitations(seconds);
  }

  /**
   * Makes the user who was invited, with the password they chose.
   * @throws NoSuchCode (401), InvalidInput, PasswordUnsuitable (422), EmailTaken, LinkTaken (409), LockedOut (429), Busy (503)
   */
  async accept({ code, email: given, password, address }: Acceptance): Promise<void> {
    const { id, invitation } = await this.use.find(code, address);
    if (!invitation) throw new NoSuchCode();
    const email = invitation.email ?? (given && normaliseEmail(given));
    if (!email) throw invalidField('email', 'REQUIRED', 'is what you will sign in with');
    const passwordHash = await this.chosen.hash(password, { email }, 'password');
    const now = this.clock.now();
    const userId = newId();
    const { roles, patientId, practitionerId } = invitation;
    noteSubjects(id, userId, patientId);
    const rights = { roles, patientId, practitionerId, active: true, version: 1, accessVersion: 1 };
    const user = { id: userId, email, passwordHash, ...rights, createdAt: now, updatedAt: now };
    await this.users.add(user, { codeId: id }).catch(async (error) => {
      // An invitation that names no address could be tried with all.
      if (error instanceof EmailTaken) await this.use.countGuess(address);
      throw error;
    });
  }

  /** Oldest first; `after` is the id of the last one of the page before. */
  async list({ limit, after }: { limit: number; after?: string }, actor: Principal): Promise<Page<OpenInvitation>> {
    const open = { now: this.clock.now(), ofPatientsOnly: !hasRole(actor, 'admin') };
    return toPage(await this.codes.invitations(open, { after, limit: limit + 1 }), limit);
  }

  /** @throws NoSuchInvitation (404), the same for one that the actor does not see */
  async withdraw(id: string, actor: Principal): Promise<void> {
    const open = { now: this.clock.now(), ofPatientsOnly: !hasRole(actor, 'admin') };
    if (!(await this.codes.withdraw(id, open))) throw new NoSuchInvitation();
  }
}
