import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { NoSuchRegistration } from '../domain/errors.js';
import type { HowShown, Registrations } from '../domain/ports.js';
import type { Registration, ShownRegistration } from '../domain/registration.js';
import { useCode } from './postgres-codes.js';
import { openByAny, seal, sealAnew } from './sealed.js';

interface Row {
  id: string;
  email: string;
  password_hash: string;
  applicant_sealed: Buffer;
  created_at: Date;
  expires_at: Date;
}

export class PostgresRegistrations implements Registrations {
  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
  ) {}

  async count(now: Date): Promise<{ begun: number; shown: number }> {
    const [row] = await this.em.execute<{ total: string; shown: string }[]>(
      'select count(*) as total, count(shown_at) as shown from registration where expires_at > ?',
      [now],
    );
    const shown = Number(row?.shown);
    return { begun: Number(row?.total) - shown, shown };
  }

  async begin({ id, email, applicant, createdAt, expiresAt }: Registration): Promise<void> {
    await this.em.execute(
      'insert into registration (id, email, applicant_sealed, created_at, expires_at) values (?, ?, ?, ?, ?)',
      [id, email, seal(this.sealKeys[0] as Buffer, id, JSON.stringify(applicant)), createdAt, expiresAt],
    );
  }

  async addressOf(id: string): Promise<string | undefined> {
    const [row] = await this.em.execute<{ email: string }[]>('select email from registration where id = ?', [id]);
    return row?.email;
  }

  async begun(id: string): Promise<Registration | undefined> {
    const [row] = await this.em.execute<Row[]>('select * from registration where id = ?', [id]);
    return row && this.toRegistration(row);
  }

  show(id: string, { codeId, passwordHash, shownAt, expiresAt }: HowShown): Promise<void> {
    return this.em.transactional(async (tx) => {
      // Two of one address are shown one after the other.
      await tx.execute('select pg_advisory_xact_lock(?)', [showLock]);
      await useCode(tx, codeId);
      // Who reads the mail is the same person: what they sent last counts, and what others may have sent does not.
      await tx.execute(
        'delete from registration where id <> ? and email = (select email from registration where id = ?)',
        [id, id],
      );
      const shown = 'update registration set password_hash = ?, shown_at = ?, expires_at = ? where id = ?';
      await tx.execute(shown, [passwordHash, shownAt, expiresAt, id]);
    });
  }

  async find(id: string, now: Date): Promise<ShownRegistration | undefined> {
    return this.first('id = ? and expires_at > ?', [id, now]);
  }

  async findByEmail(email: string, now: Date): Promise<ShownRegistration | undefined> {
    return this.first('email = ? and expires_at > ?', [email, now]);
  }

  async list({ now, after, limit }: { now: Date; after?: string; limit: number }): Promise<ShownRegistration[]> {
    const behind = after ? 'and id > ?' : '';
    const which = `expires_at > ? ${behind} order by id limit ?`;
    const rows = await this.select(which, [now, ...(after ? [after] : []), limit]);
    const found = rows.flatMap((row) => this.toRegistration(row) ?? []);
    // Those that no key opens hide none behind them.
    const last = rows.length === limit && found.length < limit ? rows.at(-1)?.id : undefined;
    return last ? [...found, ...(await this.list({ now, after: last, limit: limit - found.length }))] : found;
  }

  /** With the first key, so that an older one may go. */
  async sealAnew(): Promise<void> {
    if (this.sealKeys.length === 1) return;
    const rows = await this.em.execute<Row[]>('select * from registration');
    for (const { id, applicant_sealed } of rows) {
      const anew = sealAnew(this.sealKeys, id, Buffer.from(applicant_sealed));
      if (anew) await this.em.execute('update registration set applicant_sealed = ? where id = ?', [anew, id]);
    }
  }

  async remove(id: string, now: Date): Promise<boolean> {
    return isRemoved(this.em, 'id = ? and shown_at is not null and expires_at > ?', [id, now]);
  }

  async forgetEnded(before: Date): Promise<void> {
    await this.em.execute('delete from registration where expires_at < ?', [before]);
  }

  private select(which: string, values: unknown[]): Promise<Row[]> {
    return this.em.execute<Row[]>(`select * from registration where shown_at is not null and ${which}`, values);
  }

  private async first(which: string, values: unknown[]): Promise<ShownRegistration | undefined> {
    const [row] = await this.select(which, values);
    return row && this.toRegistration(row);
  }

  private toRegistration(row: Row): ShownRegistration | undefined {
    const applicant = openByAny(this.sealKeys, row.id, Buffer.from(row.applicant_sealed));
    if (applicant === undefined) return undefined;
    return {
      id: row.id,
      email: row.email,
      passwordHash: row.password_hash,
      applicant: JSON.parse(applicant),
      createdAt: new Date(row.created_at),
      expiresAt: new Date(row.expires_at),
    };
  }

  private get em(): EntityManager {
    return this.orm.em.fork();
  }
}

const showLock = 7_410_013;

const isRemoved = async (em: EntityManager, which: string, values: unknown[]): Promise<boolean> =>
  (await em.execute<unknown[]>(`delete from registration where ${which} returning id`, values)).length > 0;

/** Within the transaction that makes its user. @throws NoSuchRegistration when somebody was faster */
export async function useRegistration(tx: EntityManager, id: string): Promise<void> {
  if (!(await isRemoved(tx, 'id = ?', [id]))) throw new NoSuchRegistration();
}
