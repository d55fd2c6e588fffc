import { createHmac } from 'node:crypto';
import type { EventSource } from '@cabinet/postgres/event-source';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, p, raw } from '@mikro-orm/core';
import { NoSuchCode } from '../domain/errors.js';
import {
  type CodeChannel,
  type Invitation,
  mailsAtPauseMax,
  mailsCountedMs,
  normaliseCode,
  type OneTimeCode,
  type OpenInvitation,
} from '../domain/one-time-code.js';
import type { Codes, CodeTerms, OpenAt } from '../domain/ports.js';
import { deriveKeys, openByAny, seal } from './sealed.js';
import { holdActor, holdUser, lockUser } from './user.schema.js';

export const OneTimeCodeSchema = defineEntity({
  name: 'OneTimeCode',
  tableName: 'one_time_code',
  properties: {
    id: p.uuid().primary(),
    hash: p.text(),
    channel: p.text().$type<CodeChannel>(),
    sealed: p.blob().nullable(),
    userId: p.uuid().nullable(),
    invitation: p.json<Invitation>().nullable(),
    registrationId: p.uuid().nullable(),
    madeBy: p.uuid().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});

const stillOpen = ({ now, ofPatientsOnly }: OpenAt) => ({
  expiresAt: { $gt: now },
  invitation: { $ne: null },
  ...(ofPatientsOnly && { [raw("invitation -> 'roles'")]: '["patient"]' }),
});

const toCode = (row: InferEntity<typeof OneTimeCodeSchema>): OneTimeCode => ({
  id: row.id,
  channel: row.channel,
  userId: row.userId ?? undefined,
  invitation: row.invitation ?? undefined,
  registrationId: row.registrationId ?? undefined,
  madeBy: row.madeBy ?? undefined,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
});

export class PostgresCodes implements Codes {
  private readonly digestKeys: Buffer[];
  private readonly sealKeys: Buffer[];

  constructor(
    private readonly orm: Orm,
    secrets: readonly string[],
    private readonly events: EventSource<[OneTimeCode]>,
  ) {
    this.digestKeys = deriveKeys(secrets, 'code-digests');
    this.sealKeys = deriveKeys(secrets, 'codes');
  }

  async add(made: OneTimeCode, code: string, terms: CodeTerms = {}): Promise<boolean> {
    const { id, channel, userId = null, invitation = null, registrationId = null, madeBy = null } = made;
    const isMailed = channel === 'mail';
    const isAdded = await this.orm.em.fork().transactional(async (tx) => {
      if (!(await mayBeMade(tx, made.createdAt, terms))) return false;
      await forgetEarlier(tx, made);
      await tx.insert(OneTimeCodeSchema, {
        ...made,
        userId,
        invitation,
        registrationId,
        madeBy,
        hash: this.digests(code)[0] as string,
        sealed: isMailed ? seal(this.sealKeys[0] as Buffer, id, code) : null,
      });
      if (isMailed) await this.events.enqueue(tx, made);
      return true;
    });
    if (isMailed && isAdded) this.events.committed();
    return isAdded;
  }

  async find(code: string, now: Date): Promise<OneTimeCode | undefined> {
    const found = { hash: { $in: this.digests(code) }, expiresAt: { $gt: now } };
    const row = await this.orm.em.fork().findOne(OneTimeCodeSchema, found);
    return row ? toCode(row) : undefined;
  }

  async findToMail(id: string, now: Date): Promise<(OneTimeCode & { code: string }) | undefined> {
    const row = await this.orm.em.fork().findOne(OneTimeCodeSchema, { id, expiresAt: { $gt: now } });
    const code = row?.sealed ? openByAny(this.sealKeys, id, Buffer.from(row.sealed)) : undefined;
    return row && code !== undefined ? { ...toCode(row), code } : undefined;
  }

  async invitations(open: OpenAt, { after, limit }: { after?: string; limit: number }): Promise<OpenInvitation[]> {
    const where = { ...stillOpen(open), ...(after && { id: { $gt: after } }) };
    const rows = await this.orm.em.fork().find(OneTimeCodeSchema, where, { orderBy: { id: 'asc' }, limit });
    return rows.map(toCode).filter((code): code is OpenInvitation => code.invitation !== undefined);
  }

  async withdraw(id: string, open: OpenAt): Promise<boolean> {
    return (await this.orm.em.fork().nativeDelete(OneTimeCodeSchema, { ...stillOpen(open), id })) > 0;
  }

  async forgetEnded(before: Date): Promise<void> {
    await this.orm.em.fork().nativeDelete(OneTimeCodeSchema, { expiresAt: { $lt: before } });
  }

  /** By each key; the first is what is kept of a new one. */
  private digests(code: string): string[] {
    return this.digestKeys.map((key) => createHmac('sha256', key).update(normaliseCode(code)).digest('base64url'));
  }
}

/** Until the transaction ends it stays so. */
async function mayBeMade(tx: EntityManager, now: Date, { user, actor, mayMail }: CodeTerms): Promise<boolean> {
  if (actor) await holdActor(tx, actor, now);
  if (user && mayMail) await lockUser(tx, user.id);
  if (user && !(await holdUser(tx, user))) return false;
  return !user || !mayMail || mayMail(await mailedTo(tx, user.id, new Date(now.getTime() - mailsCountedMs)));
}

async function mailedTo(tx: EntityManager, userId: string, since: Date): Promise<Date[]> {
  const mailed = { userId, channel: 'mail' as const, createdAt: { $gt: since } };
  const last = { orderBy: { createdAt: 'desc' }, limit: mailsAtPauseMax } as const;
  return (await tx.find(OneTimeCodeSchema, mailed, last)).map(({ createdAt }) => createdAt);
}

/** Within the transaction of what is done by the code. @throws NoSuchCode when somebody was faster */
export async function useCode(tx: EntityManager, id: string): Promise<void> {
  if ((await tx.nativeDelete(OneTimeCodeSchema, { id })) === 0) throw new NoSuchCode();
}

export const forgetCodesOf = (tx: EntityManager, userId: string): Promise<number> =>
  tx.nativeDelete(OneTimeCodeSchema, { userId });

export const forgetCodesMadeBy = (tx: EntityManager, madeBy: string): Promise<number> =>
  tx.nativeDelete(OneTimeCodeSchema, { madeBy });

/** Invitations name who was invited: nothing of one who was erased stays. */
export async function forgetInvitationsOf(
  tx: EntityManager,
  id: string,
  link: 'patientId' | 'practitionerId' = 'patientId',
): Promise<number> {
  const gone = 'delete from one_time_code where invitation ->> ? = ? returning id';
  return (await tx.execute<unknown[]>(gone, [link, id])).length;
}

async function forgetEarlier(tx: EntityManager, { channel, userId, invitation }: OneTimeCode): Promise<void> {
  if (userId && channel === 'paper') await tx.nativeDelete(OneTimeCodeSchema, { userId, channel });
  for (const link of ['patientId', 'practitionerId'] as const) {
    const id = invitation?.[link];
    if (id) await forgetInvitationsOf(tx, id, link);
  }
}
