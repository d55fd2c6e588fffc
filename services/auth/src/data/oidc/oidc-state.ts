import { createHash } from 'node:crypto';
import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { AdapterPayload } from 'oidc-provider';
import { sessionIdleMsMax } from '../../domain/session.js';
import { endSessions } from '../ended-access.js';
import { openByAny, seal } from '../sealed.js';

const digestOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

interface Row {
  id: string;
  sealed: Buffer;
  consumed_at: Date | null;
}

/**
 * What the provider keeps between two requests: sessions, grants, codes, refresh tokens, questions to users. To the provider an
 * account is one of auth's sessions, so that all of it stands on a session and is not found when that has ended or is locked.
 */
export class OidcState {
  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
    private readonly clock: Clock,
  ) {}

  async put(model: string, id: string, payload: AdapterPayload, seconds: number): Promise<void> {
    const key = digestOf(id);
    const expiresAt = new Date(this.clock.now().getTime() + seconds * 1_000);
    const { accountId = null, grantId = null, uid = null } = payload;
    const sealed = seal(this.sealKeys[0] as Buffer, `${model} ${key}`, JSON.stringify(payload));
    await this.em.execute(
      `insert into oidc_state (model, id, sealed, session_id, user_id, grant_id, uid, expires_at)
       values (?, ?, ?, ?, (select user_id from session where id = ?), ?, ?, ?)
       on conflict (model, id) do update set sealed = excluded.sealed, session_id = excluded.session_id,
         user_id = excluded.user_id, grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`,
      [model, key, sealed, accountId, accountId, grantId, uid, expiresAt],
    );
  }

  find = (model: string, id: string): Promise<AdapterPayload | undefined> =>
    this.findBy(model, 'kept.id = ?', digestOf(id));

  findByUid = (model: string, uid: string): Promise<AdapterPayload | undefined> =>
    this.findBy(model, 'kept.uid = ?', uid);

  /** @returns false when somebody else has used it first */
  async use(model: string, id: string): Promise<boolean> {
    const used = await this.em.execute<unknown[]>(
      'update oidc_state set consumed_at = ? where model = ? and id = ? and consumed_at is null returning id',
      [this.clock.now(), model, digestOf(id)],
    );
    return used.length > 0;
  }

  async remove(model: string, id: string): Promise<void> {
    await this.em.execute('delete from oidc_state where model = ? and id = ?', [model, digestOf(id)]);
  }

  /** Forgets the session of a browser; but as long as clients are to be told that it has ended it stays for these. */
  async keepUntold(id: string, clientIds: readonly string[]): Promise<void> {
    if (clientIds.length === 0) return this.remove('Session', id);
    const key = digestOf(id);
    await this.em.transactional(async (tx) => {
      const [row] = await tx.execute<Row[]>(
        "select id, sealed, consumed_at from oidc_state where model = 'Session' and id = ? for update",
        [key],
      );
      const payload = row && this.opened('Session', row);
      if (!payload) return;
      const waiting = Object.entries(payload.authorizations ?? {}).filter(([clientId]) => clientIds.includes(clientId));
      const text = JSON.stringify({ ...payload, authorizations: Object.fromEntries(waiting) });
      const sealed = seal(this.sealKeys[0] as Buffer, `Session ${key}`, text);
      await tx.execute("update oidc_state set sealed = ? where model = 'Session' and id = ?", [sealed, key]);
    });
  }

  /** Ends what a user has allowed a client, and all that was given for it. @returns the sessions that it stood on */
  async removeGrant(grantId: string): Promise<string[]> {
    const removed = await this.em.execute<{ session_id: string | null }[]>(
      'delete from oidc_state where grant_id = ? returning session_id',
      [grantId],
    );
    return [...new Set(removed.flatMap(({ session_id }) => session_id ?? []))];
  }

  /** Ends auth's own sessions, and with them all that stands on these. */
  endSessions(ids: string[]): Promise<void> {
    return this.em.transactional(async (tx) => {
      for (const id of ids) await endSessions(tx, 'id = ?', [id], this.clock.now());
    });
  }

  /** Whose session it is or was. */
  async userOf(sessionId: string): Promise<string | undefined> {
    const [row] = await this.em.execute<{ user_id: string }[]>(
      `select user_id from session where id = ?
       union all select user_id from oidc_state where session_id = ? and user_id is not null limit 1`,
      [sessionId, sessionId],
    );
    return row?.user_id;
  }

  /**
   * Sessions of browsers that have ended, with the clients that are to be told. Each is given to one process, and again to
   * another after a while, until all have been; those of whom nobody has been told yet come first.
   */
  async takeEnded(limit: number, againAfterMs: number): Promise<AdapterPayload[]> {
    const now = this.clock.now();
    const rows = await this.em.execute<Row[]>(
      `update oidc_state set tell_after = ? where model = 'Session' and id in (
         select kept.id from oidc_state kept left join session on session.id = kept.session_id
         where kept.model = 'Session' and kept.session_id is not null
           and (session.id is null or session.revoked_at is not null or session.ends_at <= ?
             or greatest(session.rotated_at, session.used_at) < ?)
           and (kept.tell_after is null or kept.tell_after <= ?)
         order by kept.tell_after nulls first
         limit ? for update of kept skip locked)
       returning id, sealed, consumed_at`,
      [new Date(now.getTime() + againAfterMs), now, new Date(now.getTime() - sessionIdleMsMax), now, limit],
    );
    return rows.map((row) => this.opened('Session', row)).filter((each) => each !== undefined);
  }

  async forgetEnded(before: Date): Promise<void> {
    await this.em.execute('delete from oidc_state where expires_at < ?', [before]);
  }

  private async findBy(model: string, where: string, value: string): Promise<AdapterPayload | undefined> {
    const now = this.clock.now();
    const [row] = await this.em.execute<Row[]>(
      `select kept.id, kept.sealed, kept.consumed_at
       from oidc_state kept left join session on session.id = kept.session_id
       where kept.model = ? and ${where} and kept.expires_at > ? and (kept.session_id is null or (
         session.revoked_at is null and session.locked_at is null and session.ends_at > ?
         and greatest(session.rotated_at, session.used_at) >= ?))`,
      [model, value, now, now, new Date(now.getTime() - sessionIdleMsMax)],
    );
    return row && this.opened(model, row);
  }

  /** @returns undefined when it was sealed with a secret that is no longer given: whoever comes with it signs in again */
  private opened(model: string, { id, sealed, consumed_at: consumedAt }: Row): AdapterPayload | undefined {
    const text = openByAny(this.sealKeys, `${model} ${id}`, Buffer.from(sealed));
    if (text === undefined) return undefined;
    const payload: AdapterPayload = JSON.parse(text);
    return consumedAt ? { ...payload, consumed: Math.floor(new Date(consumedAt).getTime() / 1_000) } : payload;
  }

  private get em(): EntityManager {
    return this.orm.em.fork();
  }
}
