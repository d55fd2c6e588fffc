import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import type { SessionElsewhere } from '../../domain/identity.js';
import { endSessions } from '../ended-access.js';
import { openByAny, seal } from '../sealed.js';
import { useOnce } from '../used-challenges.js';

interface Row {
  issuer_id: string;
  link_id: string | null;
  sub: string;
  sid: string | null;
  id_token_sealed: Buffer;
  site: string | null;
}

/** Which of our sessions were opened by the word of an issuer, and which sessions there they follow. */
export class SessionsElsewhere {
  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
  ) {}

  /** Within the transaction that opens the session. */
  async note(tx: EntityManager, sessionId: string, there: SessionElsewhere): Promise<void> {
    const { issuerId, linkId = null, sub, sid = null, idToken, site = null } = there;
    await tx.execute(
      `insert into session_elsewhere (session_id, issuer_id, link_id, sub, sid, id_token_sealed, site)
       values (?, ?, ?, ?, ?, ?, ?)`,
      [sessionId, issuerId, linkId, sub, sid, seal(this.sealKeys[0] as Buffer, sessionId, idToken), site],
    );
  }

  /** @returns undefined when there is none, or what was kept of it was sealed with a secret that is gone */
  async of(sessionId: string): Promise<SessionElsewhere | undefined> {
    const [row] = await this.orm.em
      .fork()
      .execute<Row[]>('select * from session_elsewhere where session_id = ?', [sessionId]);
    const idToken = row && openByAny(this.sealKeys, sessionId, Buffer.from(row.id_token_sealed));
    if (!row || idToken === undefined) return undefined;
    const { issuer_id, link_id, sub, sid, site } = row;
    const linkId = link_id ?? undefined;
    return { issuerId: issuer_id, linkId, sub, sid: sid ?? undefined, idToken, site: site ?? undefined };
  }

  /**
   * Ends what follows a session at an issuer, or all sessions of somebody there; by one word once, which counts if it has ended them.
   * @param word what is noted of it, until no issuer would be believed it any more
   */
  endFollowing(
    issuerId: string,
    { sub, sid }: { sub?: string; sid?: string },
    word: { challenge: string; until: Date },
    now: Date,
  ): Promise<void> {
    const where = [sub !== undefined && 'sub = ?', sid !== undefined && 'sid = ?'].filter(Boolean).join(' and ');
    const values = [sub, sid].filter((each) => each !== undefined);
    return this.orm.em.fork().transactional(async (tx) => {
      if (!(await useOnce(tx, word.challenge, word.until))) return;
      await endSessions(
        tx,
        `id in (select session_id from session_elsewhere where issuer_id = ? and ${where})`,
        [issuerId, ...values],
        now,
      );
    });
  }
}

/** Within the transaction that removes a link. */
export const endSessionsBy = (tx: EntityManager, linkId: string, now: Date): Promise<void> =>
  endSessions(tx, 'id in (select session_id from session_elsewhere where link_id = ?)', [linkId], now);
