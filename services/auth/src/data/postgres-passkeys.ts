import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { type Passkey, passkeysMax } from '../domain/passkey.js';
import type { Challenge, FactorChange, JudgeLeft, Passkeys } from '../domain/ports.js';
import { addFactor, factorsOf, holdChange } from './factor-changes.js';
import { useOnce } from './used-challenges.js';

export const PasskeySchema = defineEntity({
  name: 'Passkey',
  tableName: 'passkey',
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    credentialId: p.text(),
    publicKey: p.blob(),
    counter: p.bigint('number'),
    synced: p.boolean(),
    backedUp: p.boolean(),
    transports: p.array<string>(),
    name: p.text(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    counterFellAt: p.datetime().nullable(),
  },
});

export const toPasskey = (row: InferEntity<typeof PasskeySchema>): Passkey => ({
  id: row.id,
  userId: row.userId,
  credentialId: row.credentialId,
  publicKey: new Uint8Array(row.publicKey),
  counter: row.counter,
  synced: row.synced,
  backedUp: row.backedUp,
  transports: row.transports,
  name: row.name,
  createdAt: row.createdAt,
  lastUsedAt: row.lastUsedAt ?? undefined,
  counterFellAt: row.counterFellAt ?? undefined,
});

export class PostgresPasskeys implements Passkeys {
  constructor(private readonly orm: Orm) {}

  async find(credentialId: string): Promise<Passkey | undefined> {
    const row = await this.orm.em.fork().findOne(PasskeySchema, { credentialId });
    return row ? toPasskey(row) : undefined;
  }

  async listOf(userId: string): Promise<Passkey[]> {
    const order = { orderBy: { id: 'asc' }, limit: passkeysMax } as const;
    return (await this.orm.em.fork().find(PasskeySchema, { userId }, order)).map(toPasskey);
  }

  add(passkey: Passkey, by: FactorChange): Promise<boolean> {
    return this.orm.em.fork().transactional((tx) => addFactor(tx, by, () => insert(tx, passkey)));
  }

  use(passkey: Passkey, challenge: Challenge): Promise<boolean> {
    return this.orm.em.fork().transactional(async (tx) => {
      if (!(await useOnce(tx, challenge.text, challenge.expiresAt))) return false;
      const { id, counter, counterFellAt = null, backedUp, lastUsedAt } = passkey;
      return (await tx.nativeUpdate(PasskeySchema, { id }, { counter, counterFellAt, backedUp, lastUsedAt })) > 0;
    });
  }

  remove(id: string, by: FactorChange, judge: JudgeLeft): Promise<void> {
    return this.orm.em.fork().transactional(async (tx) => {
      await holdChange(tx, by);
      await tx.nativeDelete(PasskeySchema, { id, userId: by.userId });
      judge(await factorsOf(tx, by.userId));
    });
  }

  async forgetUsedChallenges(before: Date): Promise<void> {
    await this.orm.em.fork().execute('delete from used_challenge where expires_at < ?', [before]);
  }
}

/** @returns false when the device's name of it is in use */
async function insert(tx: EntityManager, passkey: Passkey): Promise<boolean> {
  const added = await tx.execute<unknown[]>(
    `insert into passkey (id, user_id, credential_id, public_key, counter, synced, backed_up, transports, name, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing returning id`,
    [
      passkey.id,
      passkey.userId,
      passkey.credentialId,
      Buffer.from(passkey.publicKey),
      passkey.counter,
      passkey.synced,
      passkey.backedUp,
      `{${passkey.transports.join(',')}}`,
      passkey.name,
      passkey.createdAt,
    ],
  );
  return added.length > 0;
}
