import type { EntityManager } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Session } from '../domain/session.js';

export const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    generation: p.integer(),
    createdAt: p.datetime(),
    factorShownAt: p.datetime().nullable(),
    device: p.text().nullable(),
    rotatedAt: p.datetime(),
    usedAt: p.datetime().nullable(),
    endsAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
    enrolling: p.boolean(),
    lockedAt: p.datetime().nullable(),
  },
});

export const RefreshTokenSchema = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_token',
  properties: {
    hash: p.text().primary(),
    sessionId: p.uuid(),
    generation: p.integer(),
  },
});

export type SessionRow = InferEntity<typeof SessionSchema>;

export const toSession = (row: SessionRow): Session => ({
  id: row.id,
  userId: row.userId,
  generation: row.generation,
  createdAt: row.createdAt,
  factorShownAt: row.factorShownAt ?? row.createdAt,
  device: row.device ?? undefined,
  rotatedAt: row.rotatedAt,
  usedAt: row.usedAt ?? undefined,
  endsAt: row.endsAt,
  revokedAt: row.revokedAt ?? undefined,
  enrolling: row.enrolling,
  lockedAt: row.lockedAt ?? undefined,
});

/** Keeps a session from ending until the transaction does. @returns false when it is not open, or is locked */
export async function holdSession(
  tx: EntityManager,
  { userId, sessionId, now }: { userId: string; sessionId: string; now: Date },
): Promise<boolean> {
  const open = await tx.execute<unknown[]>(
    `select id from session
     where id = ? and user_id = ? and revoked_at is null and locked_at is null and ends_at > ? for share`,
    [sessionId, userId, now],
  );
  return open.length > 0;
}
