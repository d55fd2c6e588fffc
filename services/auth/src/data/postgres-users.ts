import type { Clock } from '@cabinet/kit';
import type { EntityManager, Orm } from '@cabinet/kit/postgres';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { EmailTaken, LastAdmin, LinkTaken } from '../domain/errors.js';
import type { ChangeFacts, Users } from '../domain/ports.js';
import { demonstrationDomain, isActiveAdmin, type User } from '../domain/user.js';
import { type Telling, tellOf } from './telling.js';
import { toRow, toUser, UserSchema } from './user.schema.js';

// Changes of users are rare, and "one admin at least" is a rule over all of them: one change at a time.
const usersLock = 7_410_010;

export class PostgresUsers implements Users {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
    private readonly telling: Telling,
  ) {}

  async find(id: string): Promise<User | undefined> {
    const row = await this.orm.em.fork().findOne(UserSchema, { id });
    return row ? toUser(row) : undefined;
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const row = await this.orm.em.fork().findOne(UserSchema, { email });
    return row ? toUser(row) : undefined;
  }

  async list({ after, limit }: { after?: string; limit: number }): Promise<User[]> {
    const where = after ? { id: { $gt: after } } : {};
    const rows = await this.orm.em.fork().find(UserSchema, where, { orderBy: { id: 'asc' }, limit });
    return rows.map(toUser);
  }

  async add(user: User): Promise<void> {
    await this.inTransaction(async (tx) => {
      await tx.insert(UserSchema, toRow(user));
      await tellOf(tx, this.telling, user, ['user.created']);
    });
  }

  async change(id: string, change: (user: User) => User, facts?: ChangeFacts): Promise<User | undefined> {
    return this.inTransaction(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [usersLock]);
      const row = await tx.findOne(UserSchema, { id });
      if (!row) return undefined;
      const before = toUser(row);
      const after: User = { ...change(before), updatedAt: this.clock.now(), version: before.version + 1 };
      await tx.nativeUpdate(UserSchema, { id }, toRow(after));
      if (isActiveAdmin(before) && !isActiveAdmin(after)) await assertAdminLeft(tx);
      await tellOf(tx, this.telling, after, facts?.(before, after) ?? []);
      return after;
    });
  }

  async rehash(id: string, previous: string, next: string): Promise<void> {
    await this.orm.em.fork().nativeUpdate(UserSchema, { id, passwordHash: previous }, { passwordHash: next });
  }

  countDemonstrationUsers(): Promise<number> {
    return this.orm.em.fork().count(UserSchema, { email: { $like: `%${demonstrationDomain}` } });
  }

  async hasAdmin(): Promise<boolean> {
    return hasActiveAdmin(this.orm.em.fork());
  }

  private async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      const result = await this.orm.em.fork().transactional(work);
      this.telling.told();
      return result;
    } catch (error) {
      throw toRefusal(error);
    }
  }
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
    case 'user_account_patient_unique':
      return new LinkTaken('patientId');
    case 'user_account_practitioner_unique':
      return new LinkTaken('practitionerId');
    default:
      return error;
  }
}
