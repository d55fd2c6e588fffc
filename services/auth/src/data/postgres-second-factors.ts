import { createHmac } from 'node:crypto';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { Secret, TOTP } from 'otpauth';
import { makeCode, normaliseCode } from '../domain/one-time-code.js';
import type { SecondFactors } from '../domain/ports.js';
import { type Factors, recoveryCodesMade } from '../domain/second-factor.js';
import type { User } from '../domain/user.js';
import { deriveKey, open, seal } from './sealed.js';

const stepMs = 30_000;
const secretBytes = 20;

interface TotpRow {
  secret_sealed: Buffer;
}

/** Codes of an app by RFC 6238 in the form that every app knows: six digits, half a minute, SHA-1; one step early or late. */
export class PostgresSecondFactors implements SecondFactors {
  private readonly sealKey: Buffer;
  private readonly digestKey: Buffer;

  constructor(
    private readonly orm: Orm,
    secret: string,
  ) {
    this.sealKey = deriveKey(secret, 'totp');
    this.digestKey = deriveKey(secret, 'recovery-codes');
  }

  async of(userId: string): Promise<Factors> {
    const [row] = await this.orm.em.fork().execute<{ totp: boolean; codes: number; passkeys: number }[]>(
      `select exists (select from totp where user_id = ? and confirmed) as totp,
         (select count(*)::int from recovery_code where user_id = ?) as codes,
         (select count(*)::int from passkey where user_id = ?) as passkeys`,
      [userId, userId, userId],
    );
    return { totp: row?.totp ?? false, recoveryCodes: row?.codes ?? 0, passkeys: row?.passkeys ?? 0 };
  }

  async beginTotp(user: User): Promise<{ secret: string; uri: string }> {
    const secret = new Secret({ size: secretBytes });
    await this.orm.em.fork().execute(
      `insert into totp (user_id, secret_sealed, confirmed) values (?, ?, false)
       on conflict (user_id) do update set secret_sealed = excluded.secret_sealed where not totp.confirmed`,
      [user.id, seal(this.sealKey, user.id, secret.base32)],
    );
    return { secret: secret.base32, uri: new TOTP({ issuer: 'Cabinet', label: user.email, secret }).toString() };
  }

  confirmTotp(userId: string, code: string, now: Date): Promise<string[] | undefined> {
    return this.orm.em.fork().transactional(async (tx) => {
      if (!(await this.takeStep(tx, userId, code, now, false))) return undefined;
      return this.makeRecoveryCodes(tx, userId);
    });
  }

  async useCode(userId: string, code: string, now: Date): Promise<boolean> {
    const em = this.orm.em.fork();
    if (await this.takeStep(em, userId, code, now, true)) return true;
    const used = await em.execute<unknown[]>(
      'delete from recovery_code where user_id = ? and hash = ? returning hash',
      [userId, this.digest(userId, code)],
    );
    return used.length > 0;
  }

  remakeRecoveryCodes(userId: string): Promise<string[]> {
    return this.orm.em.fork().transactional((tx) => this.makeRecoveryCodes(tx, userId));
  }

  removeTotp(userId: string): Promise<void> {
    return this.remove(userId, ['totp', 'recovery_code']);
  }

  removeAll(userId: string): Promise<void> {
    return this.remove(userId, ['totp', 'recovery_code', 'passkey']);
  }

  /** @returns false for a wrong code, and for one of a time step of which one was taken */
  private async takeStep(em: EntityManager, userId: string, code: string, now: Date, confirmed: boolean) {
    const [row] = await em.execute<TotpRow[]>('select secret_sealed from totp where user_id = ? and confirmed = ?', [
      userId,
      confirmed,
    ]);
    const token = code.replace(/\s/g, '');
    if (!row || !/^\d{6}$/.test(token)) return false;
    const secret = Secret.fromBase32(open(this.sealKey, userId, Buffer.from(row.secret_sealed)));
    const late = TOTP.validate({ token, secret, timestamp: now.getTime(), window: 1 });
    if (late === null) return false;
    const step = Math.floor(now.getTime() / stepMs) + late;
    const taken = await em.execute<unknown[]>(
      `update totp set last_step = ?, confirmed = true
       where user_id = ? and confirmed = ? and (last_step is null or last_step < ?) returning user_id`,
      [step, userId, confirmed, step],
    );
    return taken.length > 0;
  }

  private async makeRecoveryCodes(tx: EntityManager, userId: string): Promise<string[]> {
    await tx.execute('delete from recovery_code where user_id = ?', [userId]);
    const codes = Array.from({ length: recoveryCodesMade }, makeCode);
    const rows = codes.map(() => '(?, ?)').join(', ');
    const values = codes.flatMap((code) => [userId, this.digest(userId, code)]);
    await tx.execute(`insert into recovery_code (user_id, hash) values ${rows}`, values);
    return codes;
  }

  private async remove(userId: string, tables: string[]): Promise<void> {
    await this.orm.em.fork().transactional(async (tx) => {
      for (const table of tables) await tx.execute(`delete from ${table} where user_id = ?`, [userId]);
    });
  }

  private digest(userId: string, code: string): string {
    return createHmac('sha256', this.digestKey)
      .update(`${userId} ${normaliseCode(code)}`)
      .digest('base64url');
  }
}
