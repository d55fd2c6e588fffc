import type { EntityManager } from '@cabinet/postgres/orm';
import { SignInAgain } from '../domain/errors.js';
import type { FactorChange } from '../domain/ports.js';
import { type Factors, hasFactor } from '../domain/second-factor.js';
import { endSessionsOf } from './ended-access.js';
import { holdSession } from './session.schema.js';
import { lockUser } from './user.schema.js';

/** Factors of one user change one after the other, each in a session that is open until it is done. @throws SignInAgain */
export async function holdChange(tx: EntityManager, by: FactorChange): Promise<void> {
  await lockUser(tx, by.userId);
  if (!(await holdSession(tx, by))) throw new SignInAgain();
}

/**
 * Adds a factor. With the first one all other sessions end: whoever began them has shown the password alone.
 * @param add false when there is nothing to add, and nothing changes @throws SignInAgain
 */
export async function addFactor(tx: EntityManager, by: FactorChange, add: () => Promise<boolean>): Promise<boolean> {
  await holdChange(tx, by);
  const isFirst = !hasFactor(await factorsOf(tx, by.userId));
  if (!(await add())) return false;
  await tx.execute('update session set enrolling = false where id = ?', [by.sessionId]);
  if (isFirst) await endSessionsOf(tx, by.userId, by.now, by.sessionId);
  return true;
}

export async function factorsOf(em: EntityManager, userId: string): Promise<Factors> {
  const [row] = await em.execute<{ totp: boolean; codes: number; passkeys: number }[]>(
    `select exists (select from totp where user_id = ? and confirmed) as totp,
       (select count(*)::int from recovery_code where user_id = ?) as codes,
       (select count(*)::int from passkey where user_id = ?) as passkeys`,
    [userId, userId, userId],
  );
  return { totp: row?.totp ?? false, recoveryCodes: row?.codes ?? 0, passkeys: row?.passkeys ?? 0 };
}
