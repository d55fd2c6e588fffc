import { createHmac } from 'node:crypto';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { Secret, TOTP } from 'otpauth';
import { makeCode, normaliseCode } from '../domain/one-time-code.js';
import type { CodeUse, FactorChange, JudgeLeft, SecondFactors } from '../domain/ports.js';
import { type Factors, recoveryCodesMade } from '../domain/second-factor.js';
import type { User } from '../domain/user.js';
import { signOut } from './ended-access.js';
import { addFactor, factorsOf, holdChange } from './factor-changes.js';
import { deriveKeys, openByAny, seal, sealAnew } from './sealed.js';

const stepMs = 30_000;
const secretBytes = 20;

interface TotpRow {
  secret_sealed: Buffer;
}

/** Codes of an app by RFC 6238 in the form that every app knows: six digits, half a minute, SHA-1; one step early or late. */
export class PostgresSecondFactors implements SecondFactors {
  private readonly sealKeys: Buffer[];
  private readonly digestKeys: Buffer[];

  constructor(
    private readonly orm: Orm,
    secrets: readonly string[],
  ) {
    this.sealKeys = deriveKeys(secrets, 'totp');
    this.digestKeys = deriveKeys(secrets, 'recovery-codes');
  }

  of(userId: string): Promise<Factors> {
    return factorsOf(this.orm.em.fork(), userId);
  }

  async beginTotp(user: User): Promise<{ secret: string; uri: string }> {
    const secret = new Secret({ size: secretBytes });
    const sealed = seal(this.sealKeys[0] as Buffer, user.id, secret.base32);
    await this.orm.em.fork().transactional((tx) =>
      tx.execute(
        `insert into totp (user_id, secret_sealed, confirmed) values (?, ?, false)
         on conflict (user_id) do update set secret_sealed = excluded.secret_sealed where not totp.confirmed`,
        [user.id, sealed],
      ),
    );
    return { secret: secret.base32, uri: new TOTP({ issuer: 'Cabinet', label: user.email, secret }).toString() };
  }

  confirmTotp(code: string, by: FactorChange): Promise<string[] | undefined> {
    const { userId, now } = by;
    return this.orm.em.fork().transactional(async (tx) => {
      const add = async () => (await this.takeStep(tx, userId, code, now, false)) === 'right';
      return (await addFactor(tx, by, add)) ? this.makeRecoveryCodes(tx, userId) : undefined;
    });
  }

  useCode(userId: string, code: string, now: Date): Promise<CodeUse> {
    return this.orm.em.fork().transactional(async (tx) => {
      const taken = await this.takeStep(tx, userId, code, now, true);
      if (taken === 'right') return taken;
      const used = await tx.execute<unknown[]>(
        "delete from recovery_code where user_id = ? and hash = any(string_to_array(?, ' ')) returning hash",
        [userId, this.digests(userId, code).join(' ')],
      );
      return used.length > 0 ? 'right' : taken;
    });
  }

  remakeRecoveryCodes(by: FactorChange): Promise<string[]> {
    return this.orm.em.fork().transactional(async (tx) => {
      await holdChange(tx, by);
      return this.makeRecoveryCodes(tx, by.userId);
    });
  }

  removeTotp(by: FactorChange, judge: JudgeLeft): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      await holdChange(tx, by);
      await remove(tx, by.userId, ['totp', 'recovery_code']);
      judge(await factorsOf(tx, by.userId));
    });
  }

  removeAll(userId: string, now: Date): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      await signOut(tx, userId, now);
      await remove(tx, userId, ['totp', 'recovery_code', 'passkey']);
    });
  }

  async sealAnew(): Promise<void> {
    if (this.sealKeys.length === 1) return;
    const em = this.orm.em.fork();
    const rows = await em.execute<(TotpRow & { user_id: string })[]>('select user_id, secret_sealed from totp');
    for (const { user_id, secret_sealed } of rows) {
      const anew = sealAnew(this.sealKeys, user_id, Buffer.from(secret_sealed));
      if (!anew) continue;
      await em.execute('update totp set secret_sealed = ? where user_id = ? and secret_sealed = ?', [
        anew,
        user_id,
        secret_sealed,
      ]);
    }
  }

  /** A code of a time step of which one was taken is wrong. */
  private async takeStep(
    em: EntityManager,
    userId: string,
    code: string,
    now: Date,
    confirmed: boolean,
  ): Promise<CodeUse> {
    const [row] = await em.execute<TotpRow[]>('select secret_sealed from totp where user_id = ? and confirmed = ?', [
      userId,
      confirmed,
    ]);
    if (!row) return 'wrong';
    const seed = openByAny(this.sealKeys, userId, Buffer.from(row.secret_sealed));
    if (seed === undefined) return 'unknown';
    const token = code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(token)) return 'wrong';
    const secret = Secret.fromBase32(seed);
    const late = TOTP.validate({ token, secret, timestamp: now.getTime(), window: 1 });
    if (late === null) return 'wrong';
    const step = Math.floor(now.getTime() / stepMs) + late;
    const taken = await em.execute<unknown[]>(
      `update totp set last_step = ?, confirmed = true
       where user_id = ? and confirmed = ? and (last_step is null or last_step < ?) returning user_id`,
      [step, userId, confirmed, step],
    );
    return taken.length > 0 ? 'right' : 'wrong';
  }

  private async makeRecoveryCodes(tx: EntityManager, userId: string): Promise<string[]> {
    await tx.execute('delete from recovery_code where user_id = ?', [userId]);
    const codes = Array.from({ length: recoveryCodesMade }, makeCode);
    const rows = codes.map(() => '(?, ?)').join(', ');
    const values = codes.flatMap((code) => [userId, this.digests(userId, code)[0]]);
    await tx.execute(`insert into recovery_code (user_id, hash) values ${rows}`, values);
    return codes;
  }

  /** By each key; the first is what is kept of a new one. */
  private digests(userId: string, code: string): string[] {
    const text = `${userId} ${normaliseCode(code)}`;
    return this.digestKeys.map((key) => createHmac('sha256', key).update(text).digest('base64url'));
  }
}

async function remove(tx: EntityManager, userId: string, tables: string[]): Promise<void> {
  for (const table of tables) await tx.execute(`delete from ${table} where user_id = ?`, [userId]);
}
