import type { Principal } from '@cabinet/kit/access/principal';
import type { EntityManager } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, LockMode, p } from '@mikro-orm/core';
import { noLongerSignedIn } from '../domain/caller.js';
import type { PersonRole, User } from '../domain/user.js';
import { holdSession } from './session.schema.js';

export const UserSchema = defineEntity({
  name: 'UserAccount',
  tableName: 'user_account',
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    passwordHash: p.text(),
    roles: p.array<PersonRole>(),
    patientId: p.uuid().nullable(),
    practitionerId: p.uuid().nullable(),
    active: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    version: p.integer(),
    accessVersion: p.integer(),
  },
});

export type UserRow = InferEntity<typeof UserSchema>;

export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  passwordHash: row.passwordHash,
  roles: row.roles,
  patientId: row.patientId ?? undefined,
  practitionerId: row.practitionerId ?? undefined,
  active: row.active,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  version: row.version,
  accessVersion: row.accessVersion,
});

export const toRow = (user: User) => ({
  ...user,
  patientId: user.patientId ?? null,
  practitionerId: user.practitionerId ?? null,
});

/** One after the other: what is found of a user within the transaction is still so when it ends. */
export const lockUser = (tx: EntityManager, id: string): Promise<unknown> =>
  tx.execute('select from user_account where id = ? for update', [id]);

/**
 * Keeps whoever does something from losing the right to it until the transaction ends: what they do is done, or they have lost it.
 * @throws NotAuthenticated (401) when they have lost it since it was asked who they are
 */
export async function holdActor(tx: EntityManager, { id, roles, sessionId }: Principal, now: Date): Promise<void> {
  const [user] = await tx.execute<{ roles: string[] }[]>(
    'select roles from user_account where id = ? and active for share',
    [id],
  );
  if (!user || !roles.every((role) => user.roles.includes(role))) throw noLongerSignedIn();
  if (sessionId && !(await holdSession(tx, { userId: id, sessionId, now }))) throw noLongerSignedIn();
}

/**
 * Keeps the user from being changed until the transaction ends.
 * @returns false when they were changed since they were read
 */
export async function holdUser(tx: EntityManager, { id, version }: Pick<User, 'id' | 'version'>): Promise<boolean> {
  const lockMode = LockMode.PESSIMISTIC_READ;
  return (await tx.findOne(UserSchema, { id, version, active: true }, { lockMode })) !== null;
}
