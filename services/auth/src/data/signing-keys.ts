import type { Clock } from '@cabinet/kit/clock';
import { ConfigurationError } from '@cabinet/kit/config';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { openByAny, seal, sealAnew } from './sealed.js';

export const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_key',
  properties: {
    kid: p.text().primary(),
    publicJwk: p.json<JWK>(),
    privateJwkSealed: p.blob(),
    createdAt: p.datetime(),
  },
});

type SigningKeyRow = Pick<InferEntity<typeof SigningKeySchema>, 'kid' | 'publicJwk' | 'privateJwkSealed' | 'createdAt'>;

export interface KeyRing {
  current: { kid: string; privateKey: CryptoKey };
  /** Every key that a token still in use may be signed with. */
  published: JWK[];
  /** The same with their private parts, the one in use first. */
  signing: JWK[];
}

const algorithm = 'ES256';
const hour = 60 * 60_000;
const keyMsMax = 90 * 24 * hour;
// A new key is published before it is used, so that every replica (which looks once an hour) publishes it by then.
const publishedBeforeMs = 3 * hour;
// Far longer than a token lives, so that the last token of an old key has run out before the key goes.
const publishedAfterMs = 24 * hour;
const keysLock = 7_410_011;

/** The keys that access tokens are signed with, made by the first replica that needs one and shared by all. */
export class SigningKeys {
  private ring?: KeyRing;

  constructor(
    private readonly orm: Orm,
    /** The first seals, every one opens. */
    private readonly sealKeys: readonly Buffer[],
    private readonly clock: Clock,
  ) {}

  /** @throws Error before the first `load` */
  get keyRing(): KeyRing {
    if (!this.ring) throw new Error('The signing keys have not been loaded');
    return this.ring;
  }

  /** Reads the keys, makes a new one when there is none or the newest is old, forgets those nobody needs, seals anew. */
  async load(): Promise<void> {
    const now = this.clock.now();
    const rows = await this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [keysLock]);
      const stored = await tx.find(SigningKeySchema, {}, { orderBy: { createdAt: 'desc', kid: 'asc' } });
      const kept = stored.filter((_row, index) => index === 0 || !isOver(stored[index - 1]?.createdAt, now));
      const outdated = stored.filter((row) => !kept.includes(row)).map((row) => row.kid);
      if (outdated.length > 0) await tx.nativeDelete(SigningKeySchema, { kid: { $in: outdated } });
      await this.sealAnew(tx, kept);
      const newest = kept[0];
      if (newest && now.getTime() - newest.createdAt.getTime() < keyMsMax) return kept;
      return [await this.make(tx, now), ...kept];
    });
    this.ring = await this.toRing(rows, now);
  }

  private async sealAnew(tx: EntityManager, rows: SigningKeyRow[]): Promise<void> {
    for (const { kid, privateJwkSealed } of rows) {
      const anew = sealAnew(this.sealKeys, kid, Buffer.from(privateJwkSealed));
      if (anew) await tx.nativeUpdate(SigningKeySchema, { kid }, { privateJwkSealed: anew });
    }
  }

  private async make(tx: EntityManager, createdAt: Date): Promise<SigningKeyRow> {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const publicKey = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicKey);
    const row = {
      kid,
      publicJwk: { ...publicKey, kid, alg: algorithm, use: 'sig' },
      privateJwkSealed: seal(this.sealKeys[0] as Buffer, kid, JSON.stringify(await exportJWK(pair.privateKey))),
      createdAt,
    };
    await tx.insert(SigningKeySchema, row);
    return row;
  }

  /** @param rows the newest first */
  private async toRing(rows: SigningKeyRow[], now: Date): Promise<KeyRing> {
    const current = rows.find((row) => now.getTime() - row.createdAt.getTime() >= publishedBeforeMs) ?? rows.at(-1);
    if (!current) throw new Error('There is no signing key');
    const privateKey = (await importJWK(this.unseal(current), algorithm)) as CryptoKey;
    const others = rows.filter((row) => row !== current);
    return {
      current: { kid: current.kid, privateKey },
      published: rows.map((row) => row.publicJwk),
      signing: [current, ...others].map((row) => ({ ...row.publicJwk, ...this.unseal(row) })),
    };
  }

  private unseal({ kid, privateJwkSealed }: SigningKeyRow): JWK {
    const text = openByAny(this.sealKeys, kid, Buffer.from(privateJwkSealed));
    if (text !== undefined) return JSON.parse(text);
    throw new ConfigurationError([
      'AUTH_KEY_SECRET: does not open the signing keys in the database; give the one they were made with',
    ]);
  }
}

// A key stops being used soon after its successor is made.
const isOver = (successorMadeAt: Date | undefined, now: Date): boolean =>
  successorMadeAt !== undefined && now.getTime() - successorMadeAt.getTime() > publishedAfterMs;
