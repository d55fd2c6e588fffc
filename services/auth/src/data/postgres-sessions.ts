import { createHash, createHmac } from 'node:crypto';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { LockMode } from '@mikro-orm/core';
import type { Sessions } from '../domain/ports.js';
import { judgeRefresh, type RefreshVerdict, type Session } from '../domain/session.js';
import { RefreshTokenSchema, SessionSchema, toSession } from './session.schema.js';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export class PostgresSessions implements Sessions {
  constructor(
    private readonly orm: Orm,
    /** Makes the tokens: whoever has only the database cannot. */
    private readonly tokenKey: Buffer,
  ) {}

  open(session: Session): Promise<string> {
    return this.orm.em.fork().transactional(async (tx) => {
      await tx.insert(SessionSchema, { ...session, revokedAt: null });
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
          await revoke(tx, { id: session.id }, now);
          return { verdict, session };
        case 'ended':
          return { verdict, session };
        default:
          return verdict satisfies never;
      }
    });
  }

  async revokeByToken(token: string, now: Date): Promise<void> {
    const em = this.orm.em.fork();
    const presented = await em.findOne(RefreshTokenSchema, { hash: hashOf(token) });
    if (presented) await revoke(em, { id: presented.sessionId }, now);
  }

  async revokeAllOf(userId: string, now: Date, exceptToken?: string): Promise<void> {
    const em = this.orm.em.fork();
    const kept = exceptToken ? await em.findOne(RefreshTokenSchema, { hash: hashOf(exceptToken) }) : undefined;
    await revoke(em, kept ? { userId, id: { $ne: kept.sessionId } } : { userId }, now);
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

async function lockSession(tx: EntityManager, id: string): Promise<Session> {
  const row = await tx.findOneOrFail(SessionSchema, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return toSession(row);
}

const revoke = (em: EntityManager, which: { id?: unknown; userId?: string }, now: Date) =>
  em.nativeUpdate(SessionSchema, { ...which, revokedAt: null } as object, { revokedAt: now });
