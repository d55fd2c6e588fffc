import type { Clock } from '@cabinet/kit/clock';
import { invalidField } from '@cabinet/kit/errors';
import { currentPatientId } from '@cabinet/postgres/gone-patients';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { EmailTaken, LastAdmin, LinkTaken } from '../domain/errors.js';
import type { By, HowChanged, StaffMember, UserQuestion, Users } from '../domain/ports.js';
import {
  demonstrationDomain,
  isAccessAnother,
  isActiveAdmin,
  staffRoles,
  type User,
  type UserFact,
} from '../domain/user.js';
import { endRights, endSessionsOf } from './ended-access.js';
import { lockUsers } from './lock-users.js';
import { forgetCodesMadeBy, forgetCodesOf, useCode } from './postgres-codes.js';
import { endDelegationsOfChanged } from './postgres-delegations.js';
import { useRegistration } from './postgres-registrations.js';
import { holdActor, lockUser, toRow, toUser, UserSchema } from './user.schema.js';
import type { UserEvents } from './user-events.js';

export class PostgresUsers implements Users {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
    private readonly events: UserEvents,
  ) {}

  async find(id: string): Promise<User | undefined> {
    const row = await this.orm.em.fork().findOne(UserSchema, { id });
    return row ? toUser(row) : undefined;
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.orm.em.fork().findOne(UserSchema, { email });
    return row ? toUser(row) : undefined;
  }

  async findByLink(link: 'patientId' | 'practitionerId', id: string): Promise<User | undefined> {
    const row = await this.orm.em.fork().findOne(UserSchema, { [link]: id, active: true }, { orderBy: { id: 'asc' } });
    return row ? toUser(row) : undefined;
  }

  async list({ after, limit }: { after?: string; limit: number }): Promise<User[]> {
    const where = after ? { id: { $gt: after } } : {};
    const rows = await this.orm.em.fork().find(UserSchema, where, { orderBy: { id: 'asc' }, limit });
    return rows.map(toUser);
  }

  async search({ email, ids }: UserQuestion, limit: number): Promise<User[]> {
    const asked = [
      // What is a wildcard to the database is a letter to whoever types it.
      ...(email === undefined ? [] : [{ email: { $like: `%${email.replace(/[\\%_]/g, '\\$&')}%` } }]),
      ...(ids === undefined ? [] : ['id', 'patientId', 'practitionerId'].map((key) => ({ [key]: { $in: [...ids] } }))),
    ];
    const rows = await this.orm.em.fork().find(UserSchema, { $or: asked }, { orderBy: { id: 'asc' }, limit });
    return rows.map(toUser);
  }

  async add(user: User, by: By = {}): Promise<User> {
    return this.inTransaction(async (tx) => {
      await this.hold(tx, by);
      const added = await linkedAnew(tx, user);
      await tx.insert(UserSchema, toRow(added));
      await this.events.enqueue(tx, added, { type: 'user.created' });
      return added;
    });
  }

  async change(
    id: string,
    change: (user: User) => User,
    { facts, signsOut, keptSessionId, ...by }: HowChanged = {},
  ): Promise<User | undefined> {
    return this.inTransaction(async (tx) => {
      await this.hold(tx, by, id);
      const row = await tx.findOne(UserSchema, { id });
      if (!row) return undefined;
      const before = toUser(row);
      const changed = change(before);
      const linked = changed.patientId === before.patientId ? changed : await linkedAnew(tx, changed);
      const now = this.clock.now();
      const isAnother = isAccessAnother(before, linked);
      const accessVersion = before.accessVersion + (isAnother ? 1 : 0);
      const after: User = { ...linked, updatedAt: now, version: before.version + 1, accessVersion };
      await tx.nativeUpdate(UserSchema, { id }, toRow(after));
      if (isAnother) await endRights(tx, before, now);
      if (isAnother) await endDelegationsOfChanged(tx, before, after, now);
      const isPasswordAnother = after.passwordHash !== before.passwordHash;
      if (isAnother || isPasswordAnother) {
        await forgetCodesOf(tx, id);
        await forgetCodesMadeBy(tx, id);
      }
      if (isPasswordAnother || signsOut?.(before, after)) await endSessionsOf(tx, id, now, keptSessionId);
      if (isActiveAdmin(before) && !isActiveAdmin(after)) await assertAdminLeft(tx);
      await this.events.enqueueAll(
        tx,
        (facts?.(before, after) ?? []).map((fact): [User, UserFact] => [after, fact]),
      );
      return after;
    });
  }

  async rehash(id: string, previous: string, next: string): Promise<void> {
    await this.orm.em.fork().nativeUpdate(UserSchema, { id, passwordHash: previous }, { passwordHash: next });
  }

  async staff(): Promise<StaffMember[]> {
    const rows = await this.orm.em
      .fork()
      .find(UserSchema, { active: true, roles: { $overlap: [...staffRoles] } }, { orderBy: { id: 'asc' } });
    return rows.map(toUser).map(({ id, patientId, practitionerId }) => ({ id, patientId, practitionerId }));
  }

  countDemonstrationUsers(): Promise<number> {
    return this.orm.em.fork().count(UserSchema, { email: { $like: `%${demonstrationDomain}` } });
  }

  async hasAdmin(): Promise<boolean> {
    return hasActiveAdmin(this.orm.em.fork());
  }

  /** One change of users at a time, each by what is still good. */
  private async hold(tx: EntityManager, { codeId, registrationId, actor }: By, id?: string): Promise<void> {
    if (codeId) await useCode(tx, codeId);
    if (registrationId) await useRegistration(tx, registrationId);
    await lockUsers(tx);
    if (!actor) return;
    // Who changes themselves: everybody locks a user before their sessions.
    if (id === actor.id) await lockUser(tx, id);
    await holdActor(tx, actor, this.clock.now());
  }

  private async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      const result = await this.orm.em.fork().transactional(work);
      this.events.committed();
      return result;
    } catch (error) {
      throw toRefusal(error);
    }
  }
}

/**
 * The user with their new link leading to where the patient is now. Only registrations that are merged bring two logins of
 * one person together; nobody else makes a second one.
 */
async function linkedAnew(tx: EntityManager, user: User): Promise<User> {
  if (!user.patientId) return user;
  const patientId = await currentPatientId(tx, user.patientId);
  if (!patientId) throw invalidField('patientId', 'ERASED', 'is a patient who was erased');
  const other = await tx.findOne(UserSchema, { patientId, id: { $ne: user.id } });
  if (other) throw new LinkTaken('patientId', other.id);
  return { ...user, patientId };
}

async function hasActiveAdmin(em: EntityManager): Promise<boolean> {
  const [row] = await em.execute<{ found: boolean }[]>(
    `select exists (select from user_account where active and 'admin' = any (roles)) as found`,
  );
  return row?.found ?? false;
}

async function assertAdminLeft(tx: EntityManager): Promise<void> {
  if (!(await hasActiveAdmin(tx))) throw new LastAdmin();
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof UniqueConstraintViolationException)) return error;
  switch ((error as { constraint?: string }).constraint) {
    case 'user_account_email_unique':
      return new EmailTaken();
    case 'user_account_practitioner_unique':
      return new LinkTaken('practitionerId');
    default:
      return error;
  }
}
