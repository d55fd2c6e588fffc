import { createHmac } from 'node:crypto';
import type { Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, LockMode, p } from '@mikro-orm/core';
import { type Attempts, afterFailure, type LockoutPolicy } from '../domain/lockout.js';
import type { AttemptSubject, FailedAttempts } from '../domain/ports.js';
import type { ToldOf, UserEvents } from './user-events.js';

export const AttemptsSchema = defineEntity({
  name: 'SignInAttempts',
  tableName: 'sign_in_attempts',
  properties: {
    subject: p.text().primary(),
    failures: p.integer(),
    lastFailureAt: p.datetime(),
    lockedUntil: p.datetime().nullable(),
  },
});

const toAttempts = (row: InferEntity<typeof AttemptsSchema>): Attempts => ({
  failures: row.failures,
  lastFailureAt: row.lastFailureAt,
  lockedUntil: row.lockedUntil ?? undefined,
});

export class PostgresFailedAttempts implements FailedAttempts {
  constructor(
    private readonly orm: Orm,
    /** Keys the digests, so that a copy of the table does not tell who was tried. */
    private readonly digestKey: Buffer,
    private readonly events: UserEvents,
  ) {}

  accountSubject = (email: string): AttemptSubject => this.digest(`account:${email}`);

  deviceSubject = (email: string, device: string): AttemptSubject => this.digest(`device:${device}:${email}`);

  signedInSubject = (userId: string): AttemptSubject => this.digest(`signed-in:${userId}`);

  addressSubject = (address: string): AttemptSubject => this.digest(`address:${address}`);

  async read(subjects: AttemptSubject[]): Promise<Attempts[]> {
    const rows = await this.orm.em.fork().find(AttemptsSchema, { subject: { $in: subjects } });
    return rows.map(toAttempts);
  }

  async countFailure(subject: AttemptSubject, policy: LockoutPolicy, now: Date, user?: ToldOf): Promise<void> {
    const isLocked = await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute(
        `insert into sign_in_attempts (subject, failures, last_failure_at) values (?, 0, ?) on conflict do nothing`,
        [subject, now],
      );
      const row = await tx.findOneOrFail(AttemptsSchema, { subject }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const after = afterFailure(toAttempts(row), policy, now);
      await tx.nativeUpdate(AttemptsSchema, { subject }, { ...after, lockedUntil: after.lockedUntil ?? null });
      if (after.lockedUntil && user) await this.events.enqueue(tx, user, { type: 'user.locked' });
      return after.lockedUntil !== undefined;
    });
    if (isLocked && user) this.events.committed();
  }

  async forgive(subject: AttemptSubject): Promise<void> {
    await this.orm.em.fork().nativeDelete(AttemptsSchema, { subject });
  }

  /** Forgets what no policy looks at any more. */
  async forgetOlderThan(before: Date): Promise<void> {
    await this.orm.em.fork().nativeDelete(AttemptsSchema, { lastFailureAt: { $lt: before } });
  }

  private digest(text: string): string {
    return createHmac('sha256', this.digestKey).update(text).digest('base64url');
  }
}
