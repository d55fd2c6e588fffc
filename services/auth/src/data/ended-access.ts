import { type EndedGrounds, type Ground, rightsGround, sessionGround } from '@cabinet/kit/access/ended-access';
import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { RequestHandler } from 'express';
import type { User } from '../domain/user.js';
import { accessTokenSeconds } from './jwt-issuer.js';
import { forgetCodesMadeBy } from './postgres-codes.js';

/** Longer than any token lives that stood on what has ended; a clock elsewhere may be a little late. */
const toldMs = (accessTokenSeconds + 60) * 1_000;

/** Ends the rights that the user has had until now; within the transaction that gives them others. */
export const endRights = (tx: EntityManager, user: Pick<User, 'id' | 'accessVersion'>, now: Date): Promise<void> =>
  note(tx, [rightsGround(user.id, user.accessVersion)], now);

/** The same of several, who go on with a new access token. */
export async function renewRights(tx: EntityManager, userIds: readonly string[], now: Date): Promise<void> {
  if (userIds.length === 0) return;
  const before = await tx.execute<Pick<User, 'id' | 'accessVersion'>[]>(
    `update user_account set access_version = access_version + 1 where id = any(array(
       select jsonb_array_elements_text(?::jsonb))::uuid[]) returning id, access_version - 1 as "accessVersion"`,
    [JSON.stringify(userIds)],
  );
  await note(
    tx,
    before.map(({ id, accessVersion }) => rightsGround(id, accessVersion)),
    now,
  );
}

/** Ends the sessions that are still open of those asked for, and the tokens given in them. */
export async function endSessions(tx: EntityManager, where: string, values: unknown[], now: Date): Promise<void> {
  const ended = await tx.execute<{ id: string }[]>(
    `update session set revoked_at = ? where revoked_at is null and ${where} returning id`,
    [now, ...values],
  );
  await note(
    tx,
    ended.map(({ id }) => sessionGround(id)),
    now,
  );
}

/** Of a user, all but one. */
export const endSessionsOf = (tx: EntityManager, userId: string, now: Date, exceptId?: string): Promise<void> =>
  exceptId
    ? endSessions(tx, 'user_id = ? and id <> ?', [userId, exceptId], now)
    : endSessions(tx, 'user_id = ?', [userId], now);

/**
 * Signs a user out, and turns away who is about to come in by what was shown before. What they made for others goes too: it may
 * be of whoever they are signed out for.
 */
export async function signOut(tx: EntityManager, userId: string, now: Date, exceptId?: string): Promise<void> {
  await tx.execute('update user_account set version = version + 1 where id = ?', [userId]);
  await forgetCodesMadeBy(tx, userId);
  await endSessionsOf(tx, userId, now, exceptId);
}

/** Ends the tokens that were given in a session, which itself waits for its user. */
export async function lockSessionAt(tx: EntityManager, id: string, now: Date): Promise<void> {
  await tx.execute('update session set locked_at = ? where id = ?', [now, id]);
  await note(tx, [sessionGround(id)], now);
}

async function note(tx: EntityManager, grounds: Ground[], now: Date): Promise<void> {
  if (grounds.length === 0) return;
  const rows = grounds.map(() => '(?, ?)').join(', ');
  await tx.execute(
    `insert into ended_access (ground, ended_at) values ${rows} on conflict do nothing`,
    grounds.flatMap((ground) => [ground, now]),
  );
}

/** What every other process asks for: see the kit's ended-access.ts. Digests only, so anybody may read them. */
export function tellEndedAccess(orm: Orm, clock: Clock): RequestHandler {
  return async (req, res, next) => {
    if (req.method !== 'GET' || req.path !== '/.well-known/ended-access.json') return next();
    const since = new Date(clock.now().getTime() - toldMs);
    const rows = await orm.em
      .fork()
      .execute<{ ground: string }[]>('select ground from ended_access where ended_at > ?', [since]);
    res.set('Cache-Control', 'no-store');
    res.json({ ended: rows.map(({ ground }) => ground) } satisfies EndedGrounds);
  };
}

export const forgetEndedAccess = async (orm: Orm, now: Date): Promise<void> => {
  await orm.em.fork().execute('delete from ended_access where ended_at < ?', [new Date(now.getTime() - 2 * toldMs)]);
};
