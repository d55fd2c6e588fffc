import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { IdentityLink, Person } from '../../domain/identity.js';
import type { IdentityLinks } from '../../domain/ports.js';
import type { User } from '../../domain/user.js';
import { openByAny, seal } from '../sealed.js';
import { holdUser } from '../user.schema.js';
import { endSessionsBy } from './sessions-elsewhere.js';

interface Row {
  id: string;
  issuer_id: string;
  subject: string;
  person_sealed: Buffer | null;
  user_id: string | null;
  confirmed_by: string | null;
  confirmed_at: string | null;
  created_at: string;
  last_shown_at: string;
}

/** Anybody with an account at an issuer may come and be proposed: they fill no more than this. */
const waitingMax = 1_000;

export class PostgresIdentityLinks implements IdentityLinks {
  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
  ) {}

  async show({
    id,
    issuerId,
    subject,
    person,
    createdAt,
    lastShownAt,
  }: IdentityLink): Promise<IdentityLink | undefined> {
    const known = await this.em.execute<Row[]>(
      'update identity_link set last_shown_at = ? where issuer_id = ? and subject = ? returning *',
      [lastShownAt, issuerId, subject],
    );
    if (known[0]) return this.toLink(known[0]);
    await this.em.execute(
      `insert into identity_link (id, issuer_id, subject, person_sealed, created_at, last_shown_at)
       select ?, ?, ?, ?, ?, ?
       where (select count(*) from identity_link where issuer_id = ? and user_id is null) < ?
       on conflict on constraint identity_link_subject_unique do nothing`,
      [id, issuerId, subject, this.seal(id, person), createdAt, lastShownAt, issuerId, waitingMax],
    );
    const where = 'select * from identity_link where issuer_id = ? and subject = ?';
    const [row] = await this.em.execute<Row[]>(where, [issuerId, subject]);
    return row && this.toLink(row);
  }

  confirm(id: string, user: User, now: Date, by?: string): Promise<boolean> {
    return this.em.transactional(async (tx) => {
      if (!(await holdUser(tx, user))) return false;
      const confirmed = await tx.execute<unknown[]>(
        `update identity_link set user_id = ?, confirmed_by = ?, confirmed_at = ?, person_sealed = null
         where id = ? and user_id is null and not exists (
           select from identity_link other where other.issuer_id = identity_link.issuer_id and other.user_id = ?)
         returning id`,
        [user.id, by ?? null, now, id, user.id],
      );
      return confirmed.length > 0;
    });
  }

  async find(id: string): Promise<IdentityLink | undefined> {
    const [row] = await this.em.execute<Row[]>('select * from identity_link where id = ?', [id]);
    return row && this.toLink(row);
  }

  async list({ issuerIds, before, limit }: { issuerIds: string[]; before?: string; limit: number }) {
    const rows = await this.em.execute<Row[]>(
      `select * from identity_link where issuer_id = any (string_to_array(?, ','))
       ${before ? 'and id < ?' : ''} order by id desc limit ?`,
      [issuerIds.join(','), ...(before ? [before] : []), limit],
    );
    return rows.map((row) => this.toLink(row));
  }

  remove(id: string, now: Date): Promise<void> {
    return this.em.transactional(async (tx) => {
      await endSessionsBy(tx, id, now);
      await tx.execute('delete from identity_link where id = ?', [id]);
    });
  }

  async forgetProposals(before: Date): Promise<void> {
    await this.em.execute('delete from identity_link where user_id is null and last_shown_at < ?', [before]);
  }

  private seal(id: string, person: Person): Buffer {
    return seal(this.sealKeys[0] as Buffer, id, JSON.stringify(person));
  }

  private toLink(row: Row): IdentityLink {
    const text = row.person_sealed ? openByAny(this.sealKeys, row.id, Buffer.from(row.person_sealed)) : undefined;
    return {
      id: row.id,
      issuerId: row.issuer_id,
      subject: row.subject,
      person: text === undefined ? {} : JSON.parse(text),
      userId: row.user_id ?? undefined,
      confirmedBy: row.confirmed_by ?? undefined,
      confirmedAt: row.confirmed_at ? new Date(row.confirmed_at) : undefined,
      createdAt: new Date(row.created_at),
      lastShownAt: new Date(row.last_shown_at),
    };
  }

  private get em(): EntityManager {
    return this.orm.em.fork();
  }
}

/** Nothing that somebody signed in by as a patient leads to them when they are one no longer. */
export const forgetLinksOf = (tx: EntityManager, userId: string): Promise<unknown> =>
  tx.execute('delete from identity_link where user_id = ?', [userId]);
