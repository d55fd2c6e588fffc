import { createHash, createHmac } from 'node:crypto';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { LockMode } from '@mikro-orm/core';
import type { SessionElsewhere } from '../domain/identity.js';
import type { Sessions, WhatEnds } from '../domain/ports.js';
import { isNewEnough, judgeRefresh, type RefreshVerdict, type Session, sessionIdleMsMax } from '../domain/session.js';
import type { User } from '../domain/user.js';
import { endSessions, lockSessionAt, signOut } from './ended-access.js';
import type { SessionsElsewhere } from './issuers/sessions-elsewhere.js';
import { RefreshTokenSchema, SessionSchema, toSession } from './session.schema.js';
import { holdUser } from './user.schema.js';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export class PostgresSessions implements Sessions {
  constructor(
    private readonly orm: Orm,
    /** Makes the tokens: whoever has only the database cannot. */
    private readonly tokenKey: Buffer,
    private readonly elsewhere: SessionsElsewhere,
  ) {}

  open(
    { elsewhere, ...session }: Session,
    user: User,
    { before, follows }: WhatEnds = {},
  ): Promise<string | undefined> {
    return this.orm.em.fork().transactional(async (tx) => {
      if (!(await holdUser(tx, user))) return undefined;
      if (follows && (await lockSession(tx, follows.id)).revokedAt) return undefined;
      if (before) await endByToken(tx, before, session.createdAt);
      const begun = { device: session.device ?? null, usedAt: null, revokedAt: null, lockedAt: null };
      await tx.insert(SessionSchema, { ...session, ...begun });
      if (elsewhere) await this.elsewhere.note(tx, session.id, elsewhere);
      return this.addToken(tx, session);
    });
  }

  refresh(
    token: string,
    now: Date,
  ): Promise<{ verdict: RefreshVerdict; session: Session; token?: string } | undefined> {
    return this.orm.em.fork().transactional(async (tx) => {
      const presented = await tx.findOne(RefreshTokenSchema, { hash: hashOf(token) });
      if (!presented) return undefined;
      const session = await lockSession(tx, presented.sessionId);
      const verdict = judgeRefresh(session, presented.generation, now);
      switch (verdict) {
        case 'rotate': {
          const rotated: Session = { ...session, generation: session.generation + 1, rotatedAt: now };
          await tx.nativeUpdate(SessionSchema, { id: session.id }, { generation: rotated.generation, rotatedAt: now });
          return { verdict, session: rotated, token: await this.addToken(tx, rotated) };
        }
        case 'join':
          return { verdict, session, token: await this.addToken(tx, session) };
        case 'reused':
          await endSessions(tx, 'id = ?', [session.id], now);
          return { verdict, session };
        case 'ended':
        case 'locked':
          return { verdict, session };
        default:
          return verdict satisfies never;
      }
    });
  }

  revokeByToken(token: string, now: Date): Promise<void> {
    return this.orm.em.fork().transactional((tx) => endByToken(tx, token, now));
  }

  revokeAllOf(userId: string, now: Date, exceptId?: string): Promise<void> {
    return this.orm.em.fork().transactional((tx) => signOut(tx, userId, now, exceptId));
  }

  async revokeOf(userId: string, id: string, now: Date): Promise<boolean> {
    return this.orm.em.fork().transactional(async (tx) => {
      if ((await tx.count(SessionSchema, { id, userId, ...open(now) })) === 0) return false;
      await endSessions(tx, 'id = ?', [id], now);
      return true;
    });
  }

  async openOf(userId: string, now: Date, limit: number): Promise<Session[]> {
    const orderBy = { rotatedAt: 'desc', id: 'asc' } as const;
    const rows = await this.orm.em.fork().find(SessionSchema, { userId, ...open(now) }, { orderBy, limit });
    return rows.map(toSession);
  }

  async lastBegunOf(userId: string): Promise<Date | undefined> {
    const [last] = await this.orm.em
      .fork()
      .find(SessionSchema, { userId }, { orderBy: { createdAt: 'desc' }, limit: 1 });
    return last?.createdAt;
  }

  async findOpen(id: string, now: Date): Promise<Session | undefined> {
    const row = await this.orm.em.fork().findOne(SessionSchema, { id, ...open(now) });
    return row ? toSession(row) : undefined;
  }

  async elsewhereOf(token: string): Promise<SessionElsewhere | undefined> {
    const presented = await this.orm.em.fork().findOne(RefreshTokenSchema, { hash: hashOf(token) });
    return presented ? this.elsewhere.of(presented.sessionId) : undefined;
  }

  async findOpenByToken(token: string, now: Date): Promise<Session | undefined> {
    const presented = await this.orm.em.fork().findOne(RefreshTokenSchema, { hash: hashOf(token) });
    const session = presented ? await this.findOpen(presented.sessionId, now) : undefined;
    return session && presented && isNewEnough(session, presented.generation, now) ? session : undefined;
  }

  async noteUse(id: string, now: Date): Promise<void> {
    await this.orm.em.fork().nativeUpdate(SessionSchema, { id }, { usedAt: now });
  }

  lock(id: string, now: Date): Promise<void> {
    return this.orm.em.fork().transactional((tx) => lockSessionAt(tx, id, now));
  }

  async forgetEnded(before: Date): Promise<void> {
    await this.orm.em.fork().nativeDelete(SessionSchema, { endsAt: { $lt: before } });
  }

  /** The one token of the session's generation, however often it is asked for. */
  private async addToken(tx: EntityManager, { id, generation }: Session): Promise<string> {
    const token = createHmac('sha256', this.tokenKey).update(`${id} ${generation}`).digest('base64url');
    await tx.execute(
      'insert into refresh_token (hash, session_id, generation) values (?, ?, ?) on conflict (hash) do nothing',
      [hashOf(token), id, generation],
    );
    return token;
  }
}

const endByToken = (tx: EntityManager, token: string, now: Date): Promise<void> =>
  endSessions(tx, 'id = (select session_id from refresh_token where hash = ?)', [hashOf(token)], now);

async function lockSession(tx: EntityManager, id: string): Promise<Session> {
  const row = await tx.findOneOrFail(SessionSchema, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return toSession(row);
}

/** Of sessions that can still be refreshed, see `judgeRefresh`. */
const open = (now: Date) => {
  const notIdle = { $gte: new Date(now.getTime() - sessionIdleMsMax) };
  return { revokedAt: null, endsAt: { $gt: now }, $or: [{ rotatedAt: notIdle }, { usedAt: notIdle }] };
};
