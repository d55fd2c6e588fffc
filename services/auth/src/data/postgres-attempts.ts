import { createHmac } from 'node:crypto';
import { networkOf } from '@cabinet/kit/http/network';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, LockMode, p } from '@mikro-orm/core';
import { type Attempts, afterFailure, type LockoutPolicy, secondsLocked } from '../domain/lockout.js';
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

  addressSubject = (address: string): AttemptSubject => this.digest(`address:${networkOf(address)}`);

  registeringSubject = (address: string): AttemptSubject => this.digest(`registering:${networkOf(address)}`);

  mailSubject = (email: string): AttemptSubject => this.digest(`mail:${email}`);

  invitationSubject = (email: string): AttemptSubject => this.digest(`invitation:${email}`);

  async read(subjects: AttemptSubject[]): Promise<Attempts[]> {
    const rows = await this.orm.em.fork().find(AttemptsSchema, { subject: { $in: subjects } });
    return rows.map(toAttempts);
  }

  async countFailure(subject: AttemptSubject, policy: LockoutPolicy, now: Date, user?: ToldOf): Promise<void> {
    const isLocked = await this.orm.em.fork().transactional(async (tx) => {
      const after = afterFailure(await lockedRow(tx, subject, now), policy, now);
      await write(tx, subject, after);
      if (after.lockedUntil && user) await this.events.enqueue(tx, user, { type: 'user.locked' });
      return after.lockedUntil !== undefined;
    });
    if (isLocked && user) this.events.committed();
  }

  countUnlessLocked(subject: AttemptSubject, policy: LockoutPolicy, now: Date): Promise<number> {
    return this.orm.em.fork().transactional(async (tx) => {
      const before = await lockedRow(tx, subject, now);
      const seconds = secondsLocked(before, now);
      if (seconds === 0) await write(tx, subject, afterFailure(before, policy, now));
      return seconds;
    });
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

/** Nobody else counts there until the transaction ends. */
async function lockedRow(tx: EntityManager, subject: AttemptSubject, now: Date): Promise<Attempts> {
  await tx.execute(
    `insert into sign_in_attempts (subject, failures, last_failure_at) values (?, 0, ?) on conflict do nothing`,
    [subject, now],
  );
  return toAttempts(await tx.findOneOrFail(AttemptsSchema, { subject }, { lockMode: LockMode.PESSIMISTIC_WRITE }));
}

const write = (tx: EntityManager, subject: AttemptSubject, after: Attempts): Promise<number> =>
  tx.nativeUpdate(AttemptsSchema, { subject }, { ...after, lockedUntil: after.lockedUntil ?? null });
