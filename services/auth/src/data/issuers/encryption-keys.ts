import type { Clock } from '@cabinet/kit/clock';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Encryption } from '../../domain/trusted-issuer.js';
import { openByAny, seal, sealAnew } from '../sealed.js';

interface Row {
  kid: string;
  alg: Encryption;
  public_jwk: JWK;
  private_jwk_sealed: Buffer;
  created_at: string;
}

export interface DecryptionKey {
  kid: string;
  alg: Encryption;
  key: CryptoKey;
}

const day = 24 * 3_600_000;
const keyMsMax = 90 * day;
/** An issuer may go on with a key that it has read before for as long as this. */
const opensAfterMs = 7 * day;
const keysLock = 7_410_012;

/**
 * The keys that issuers encrypt to, of each kind that one of them wants. The newest is published; those before it open what is
 * sent to them for a week more. They are read when somebody signs in, so that every replica opens what is encrypted to any.
 */
export class EncryptionKeys {
  constructor(
    private readonly orm: Orm,
    private readonly wanted: readonly Encryption[],
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
    private readonly clock: Clock,
  ) {}

  /** Makes a key of each kind where the newest is old, forgets those that open nothing any more, seals anew. */
  async load(): Promise<void> {
    if (this.wanted.length === 0) return;
    const now = this.clock.now();
    await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [keysLock]);
      for (const alg of new Set(this.wanted)) {
        const rows = await rowsOf(tx, alg);
        for (const [index, { kid }] of rows.entries()) {
          const successor = rows[index - 1];
          if (successor && now.getTime() - madeAt(successor) > opensAfterMs) {
            await tx.execute('delete from encryption_key where kid = ?', [kid]);
          }
        }
        await this.sealAnew(tx, rows);
        const newest = rows[0];
        if (!newest || now.getTime() - madeAt(newest) >= keyMsMax) await this.make(tx, alg, now);
      }
    });
  }

  /** The public halves of the keys that are to be encrypted to (RFC 7517). */
  async published(): Promise<JWK[]> {
    const rows = await Promise.all([...new Set(this.wanted)].map((alg) => rowsOf(this.orm.em.fork(), alg)));
    return rows.flatMap(([newest]) => (newest ? [newest.public_jwk] : []));
  }

  /** What opens what is encrypted to us in this way. */
  async opening(alg: Encryption): Promise<DecryptionKey[]> {
    const rows = await rowsOf(this.orm.em.fork(), alg);
    const keys = rows.map(async ({ kid, private_jwk_sealed }) => {
      const text = openByAny(this.sealKeys, kid, Buffer.from(private_jwk_sealed));
      // Sealed with a secret that is gone: what is encrypted to it is refused, and the next key is good.
      return text === undefined ? [] : [{ kid, alg, key: (await importJWK(JSON.parse(text), alg)) as CryptoKey }];
    });
    return (await Promise.all(keys)).flat();
  }

  private async sealAnew(tx: EntityManager, rows: Row[]): Promise<void> {
    for (const { kid, private_jwk_sealed } of rows) {
      const anew = sealAnew(this.sealKeys, kid, Buffer.from(private_jwk_sealed));
      if (anew) await tx.execute('update encryption_key set private_jwk_sealed = ? where kid = ?', [anew, kid]);
    }
  }

  private async make(tx: EntityManager, alg: Encryption, now: Date): Promise<void> {
    const pair = await generateKeyPair(alg, { extractable: true, ...(alg === 'ECDH-ES' && { crv: 'P-256' }) });
    const publicKey = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicKey);
    const sealed = seal(this.sealKeys[0] as Buffer, kid, JSON.stringify(await exportJWK(pair.privateKey)));
    await tx.execute(
      'insert into encryption_key (kid, alg, public_jwk, private_jwk_sealed, created_at) values (?, ?, ?, ?, ?)',
      [kid, alg, JSON.stringify({ ...publicKey, kid, alg, use: 'enc' }), sealed, now],
    );
  }
}

/** The newest first. */
const rowsOf = (em: EntityManager, alg: Encryption): Promise<Row[]> =>
  em.execute<Row[]>('select * from encryption_key where alg = ? order by created_at desc, kid', [alg]);

const madeAt = ({ created_at }: Row): number => new Date(created_at).getTime();
