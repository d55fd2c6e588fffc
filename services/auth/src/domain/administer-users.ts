import type { Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { effectOfRequest, storedBefore } from '@cabinet/kit/http/request-context';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import type { CheckSecondFactor } from './check-second-factor.js';
import type { Directory } from './directory.js';
import { NoSuchUser } from './errors.js';
import type { ChosenPasswords } from './password.js';
import type { Users } from './ports.js';
import { assertRolesAndLinks, factsOf, normaliseEmail, type PersonRole, type User } from './user.js';

export interface NewUser {
  email: string;
  password: string;
  roles: PersonRole[];
  patientId?: string;
  practitionerId?: string;
}

/** What an admin may change. `undefined` leaves a field, `null` clears it. */
export interface UserChange {
  roles?: PersonRole[];
  active?: boolean;
  patientId?: string | null;
  practitionerId?: string | null;
}

export class AdministerUsers {
  constructor(
    private readonly users: Users,
    private readonly chosen: ChosenPasswords,
    private readonly second: Pick<CheckSecondFactor, 'isRequiredOf'>,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * @param actor undefined for the first users, whom nobody makes
   * @throws InvalidInput (422) also for a link that leads to nobody, EmailTaken, LinkTaken (409), NotAuthenticated (401), Busy,
   *   Unavailable (503)
   */
  async create(wanted: NewUser, actor?: Principal): Promise<User> {
    const stored = await storedBefore((id) => this.users.find(id));
    if (stored) return stored;
    const email = normaliseEmail(wanted.email);
    assertRolesAndLinks(wanted);
    const { patientId, practitionerId } = await this.directory.known(wanted);
    const passwordHash = await this.chosen.hash(wanted.password, { email }, 'password');
    const now = this.clock.now();
    const user: User = {
      id: effectOfRequest().id,
      email,
      passwordHash,
      roles: wanted.roles,
      patientId,
      practitionerId,
      active: true,
      createdAt: now,
      updatedAt: now,
      version: 1,
      accessVersion: 1,
    };
    noteSubjects(user.id, user.patientId);
    return this.users.add(user, { actor });
  }

  /**
   * Changes roles, links or activity. A user who is deactivated, loses a role or gets the first one that demands a second
   * factor is signed out everywhere; whoever else has other rights now goes on with a new access token.
   * @throws NoSuchUser (404), staleVersion (412), InvalidInput (422) also for a new link that leads to nobody, LastAdmin,
   *   LinkTaken (409), NotAuthenticated (401), Unavailable (503)
   */
  async change(id: string, expectedVersion: ExpectedVersion, wanted: UserChange, actor: Principal): Promise<User> {
    const change = await this.known(id, expectedVersion, wanted);
    const changed = await this.users.change(id, (user) => changedBy(change, user, expectedVersion), {
      actor,
      facts: factsOf,
      signsOut: (before, after) => this.signsOut(before, after),
    });
    if (!changed) throw new NoSuchUser();
    return changed;
  }

  /** Asked before anything is held, since neighbours may be slow. */
  private async known(id: string, expectedVersion: ExpectedVersion, change: UserChange): Promise<UserChange> {
    if (!change.patientId && !change.practitionerId) return change;
    const user = await this.users.find(id);
    if (!user) throw new NoSuchUser();
    const after = changedBy(change, user, expectedVersion);
    const isNew = (link: 'patientId' | 'practitionerId') => after[link] !== user[link];
    const known = await this.directory.known({
      ...(isNew('patientId') && { patientId: change.patientId }),
      ...(isNew('practitionerId') && { practitionerId: change.practitionerId }),
    });
    return { ...change, ...known };
  }

  private signsOut(before: User, after: User): boolean {
    const asksMore = this.second.isRequiredOf(after) && !this.second.isRequiredOf(before);
    return !after.active || asksMore || before.roles.some((role) => !after.roles.includes(role));
  }
}

/** @throws staleVersion (412), InvalidInput (422) */
function changedBy(change: UserChange, user: User, expectedVersion: ExpectedVersion): User {
  noteSubjects(user.patientId, change.patientId ?? undefined);
  assertVersion(expectedVersion, user.version);
  const after: User = {
    ...user,
    roles: change.roles ?? user.roles,
    active: change.active ?? user.active,
    patientId: change.patientId === undefined ? user.patientId : (change.patientId ?? undefined),
    practitionerId: change.practitionerId === undefined ? user.practitionerId : (change.practitionerId ?? undefined),
  };
  assertRolesAndLinks(after);
  return after;
}
