import { type Delegated, everyPractitioner, type Principal } from '@cabinet/kit/access/principal';
import type { Clock } from '@cabinet/kit/clock';
import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { noLongerSignedIn } from '../domain/caller.js';
import {
  assertCanWork,
  type Delegation,
  type DelegationRule,
  type DelegationRuleVersion,
  delegationsMax,
  type OpenDelegation,
  roleOf,
} from '../domain/delegation.js';
import { AlreadyDelegated, TooManyDelegations } from '../domain/errors.js';
import type { Delegations, DelegationsOf } from '../domain/ports.js';
import { type PersonRole, practitionerOf, type User } from '../domain/user.js';
import { renewRights } from './ended-access.js';
import { lockUsers } from './lock-users.js';
import { holdActor, toUser, UserSchema } from './user.schema.js';

/** Each change is one of the rights of its delegate, in one transaction with it. */
export class PostgresDelegations implements Delegations {
  constructor(
    private readonly orm: Orm,
    private readonly clock: Clock,
  ) {}

  async to(userId: string, roles: readonly PersonRole[], now: Date): Promise<Delegated[]> {
    const em = this.orm.em.fork();
    const [rows, rule] = await Promise.all([
      em.execute<Row[]>(`${select} where delegate_id = ? and ${inForce} order by d.id limit ?`, [
        userId,
        now,
        delegationsMax,
      ]),
      roles.includes('secretary') ? ruleIn(em) : undefined,
    ]);
    const named = rows.map(toDelegation).filter(({ as }) => roles.includes(roleOf[as]));
    return [
      ...(rule?.secretariesWorkFor === 'all' ? [forAll] : []),
      ...named.map(({ practitionerId, as, scopes, from, until }) => ({
        practitionerId,
        as,
        scopes,
        since: as === 'locum' || from > now ? from : undefined,
        until,
      })),
    ];
  }

  find(id: string, now: Date): Promise<OpenDelegation | undefined> {
    return findIn(this.orm.em.fork(), id, now);
  }

  given(id: string): Promise<OpenDelegation | undefined> {
    return findIn(this.orm.em.fork(), id);
  }

  async list(
    { practitionerId, delegateId }: DelegationsOf,
    { after, limit, now }: { after?: string; limit: number; now: Date },
  ): Promise<OpenDelegation[]> {
    const rows = await this.orm.em.fork().execute<Row[]>(
      `${select} where ${inForce} and (?::uuid is null or delegate_id = ? or d.practitioner_id = ?)
         and (?::uuid is null or d.id > ?) order by d.id limit ?`,
      [now, delegateId ?? null, delegateId ?? null, practitionerId ?? null, after ?? null, after ?? null, limit],
    );
    return rows.map(toDelegation);
  }

  /** Two at once are one after the other, so that what is judged is so when it is stored. */
  add(delegation: Delegation, actor: Principal): Promise<OpenDelegation> {
    const { id, practitionerId, delegateId, as, scopes, from, until = null, givenAt, givenBy } = delegation;
    return this.orm.em.fork().transactional(async (tx) => {
      await lockUsers(tx);
      await holdActor(tx, actor, givenAt);
      if (!(await actsFor(tx, actor, practitionerId))) throw noLongerSignedIn();
      const row = await tx.findOne(UserSchema, { id: delegateId });
      assertCanWork(row ? toUser(row) : undefined, delegation);
      await assertRoom(tx, delegation);
      await tx.execute(
        `insert into delegation (id, practitioner_id, delegate_id, works_as, scopes, starts_at, until, given_at, given_by)
         values (?, ?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, ?, ?, ?)`,
        [id, practitionerId, delegateId, as, JSON.stringify(scopes), from, until, givenAt, givenBy],
      );
      await renewRights(tx, [delegateId], givenAt);
      return (await findIn(tx, id, givenAt)) as OpenDelegation;
    });
  }

  end(id: string, now: Date, actor: Principal): Promise<boolean> {
    return this.orm.em.fork().transactional(async (tx) => {
      await lockUsers(tx);
      await holdActor(tx, actor, now);
      return (await endDelegations(tx, { where: 'id = ?', values: [id], by: actor.id, now })) > 0;
    });
  }

  /**
   * Nobody works for who has left, and who has left for nobody.
   * @param at when that was: it may be heard late, by when they have come back and delegated anew
   */
  async practitionerLeft(tx: EntityManager, practitionerId: string, at?: Date): Promise<void> {
    await lockUsers(tx);
    const now = this.clock.now();
    const where = `given_at <= ? and (practitioner_id = ? or (works_as = 'locum' and delegate_id in
      (select u.id from user_account u where u.practitioner_id = ?)))`;
    await endDelegations(tx, { where, values: [at ?? now, practitionerId, practitionerId], by: 'practitioner', now });
  }

  async colleagues(exceptId: string, { after, limit }: { after?: string; limit: number }): Promise<User[]> {
    const roles = Object.values(roleOf);
    const rows = await this.orm.em.fork().find(
      UserSchema,
      {
        active: true,
        roles: { $overlap: roles },
        $and: [{ id: { $ne: exceptId } }, after ? { id: { $gt: after } } : {}],
      },
      { orderBy: { id: 'asc' }, limit },
    );
    return rows.map(toUser);
  }

  rule(): Promise<DelegationRule> {
    return ruleIn(this.orm.em.fork());
  }

  async ruleVersions(limit: number): Promise<DelegationRuleVersion[]> {
    type Kept = DelegationRule & { changedAt: string | null; changedBy: string | null };
    const rows = await this.orm.em.fork().execute<Kept[]>(
      `select version, secretaries_work_for as "secretariesWorkFor", changed_at as "changedAt", changed_by as "changedBy"
       from delegation_rule_version order by version desc limit ?`,
      [limit],
    );
    return rows.map(({ changedAt, changedBy, ...rule }) => ({
      ...rule,
      changedAt: changedAt === null ? undefined : new Date(changedAt),
      changedBy: changedBy ?? undefined,
    }));
  }

  setRule(
    expected: ExpectedVersion,
    secretariesWorkFor: DelegationRule['secretariesWorkFor'],
    actor: Principal,
  ): Promise<DelegationRule> {
    const now = this.clock.now();
    return this.orm.em.fork().transactional(async (tx) => {
      await lockUsers(tx);
      await holdActor(tx, actor, now);
      const before = await ruleIn(tx);
      assertVersion(expected, before.version);
      if (before.secretariesWorkFor === secretariesWorkFor) return before;
      const after = { secretariesWorkFor, version: before.version + 1 };
      await tx.execute('update delegation_rule set secretaries_work_for = ?, version = ?', [
        after.secretariesWorkFor,
        after.version,
      ]);
      await tx.execute('insert into delegation_rule_version values (?, ?, ?, ?)', [
        after.version,
        after.secretariesWorkFor,
        now,
        actor.id,
      ]);
      const secretaries = await tx.execute<{ id: string }[]>(
        `select id from user_account where 'secretary' = any (roles) and active`,
      );
      await renewRights(
        tx,
        secretaries.map(({ id }) => id),
        now,
      );
      return after;
    });
  }
}

/**
 * What somebody may no longer do for others ends with their role, and what others do for them with whom they act as; within the
 * transaction that changes the user, whose own tokens it ends.
 */
export async function endDelegationsOfChanged(tx: EntityManager, before: User, after: User, now: Date): Promise<void> {
  const [was, is] = [practitionerOf(before), practitionerOf(after)];
  const by = 'auth';
  if (was && was !== is) {
    const where = `practitioner_id = ? or (delegate_id = ? and works_as = 'locum')`;
    await endDelegations(tx, { where, values: [was, before.id], by, now, exceptId: before.id });
  }
  if (!after.active || !after.roles.includes('secretary')) {
    const where = `delegate_id = ? and works_as = 'secretary'`;
    await endDelegations(tx, { where, values: [before.id], by, now, exceptId: before.id });
  }
}

interface Ending {
  where: string;
  values: unknown[];
  by: string;
  now: Date;
  /** Whose tokens end anyway. */
  exceptId?: string;
}

async function endDelegations(tx: EntityManager, { where, values, by, now, exceptId }: Ending): Promise<number> {
  const ended = await tx.execute<{ delegate_id: string }[]>(
    `update delegation set ended_at = ?, ended_by = ? where ${inForce} and (${where}) returning delegate_id`,
    [now, by, now, ...values],
  );
  const delegates = new Set(ended.map((row) => row.delegate_id).filter((id) => id !== exceptId));
  await renewRights(tx, [...delegates], now);
  return ended.length;
}

const forAll: Delegated = { practitionerId: everyPractitioner, as: 'secretary', scopes: ['agenda'] };

const inForce = 'ended_at is null and (until is null or until > ?)';

const select = `select d.id, d.practitioner_id as "practitionerId", delegate_id as "delegateId", email as "delegateEmail",
  works_as as "as", scopes, starts_at as "from", until, given_at as "givenAt", given_by as "givenBy"
  from delegation d join user_account u on u.id = delegate_id`;

/** @param now left out: also one that has ended */
async function findIn(em: EntityManager, id: string, now?: Date): Promise<OpenDelegation | undefined> {
  const [row] = await em.execute<Row[]>(
    `${select} where d.id = ? ${now ? `and ${inForce}` : ''}`,
    now ? [id, now] : [id],
  );
  return row && toDelegation(row);
}

async function ruleIn(em: EntityManager): Promise<DelegationRule> {
  const [row] = await em.execute<DelegationRule[]>(
    'select secretaries_work_for as "secretariesWorkFor", version from delegation_rule',
  );
  return row as DelegationRule;
}

async function actsFor(tx: EntityManager, { id }: Principal, practitionerId: string): Promise<boolean> {
  const row = await tx.findOne(UserSchema, { id });
  return row !== null && practitionerOf(toUser(row)) === practitionerId;
}

/** @throws AlreadyDelegated, TooManyDelegations (409) */
async function assertRoom(tx: EntityManager, { practitionerId, delegateId, givenAt }: Delegation): Promise<void> {
  const [row] = await tx.execute<{ same: number; given: number; had: number }[]>(
    `select count(*) filter (where practitioner_id = ? and delegate_id = ?)::int as same,
       count(*) filter (where practitioner_id = ?)::int as given, count(*) filter (where delegate_id = ?)::int as had
     from delegation where ${inForce}`,
    [practitionerId, delegateId, practitionerId, delegateId, givenAt],
  );
  const { same, given, had } = row as { same: number; given: number; had: number };
  if (same > 0) throw new AlreadyDelegated();
  if (given >= delegationsMax || had >= delegationsMax) throw new TooManyDelegations(delegationsMax);
}

interface Row extends Omit<OpenDelegation, 'from' | 'until' | 'givenAt'> {
  from: string;
  until: string | null;
  givenAt: string;
}

const toDelegation = ({ from, until, givenAt, ...row }: Row): OpenDelegation => ({
  ...row,
  from: new Date(from),
  until: until === null ? undefined : new Date(until),
  givenAt: new Date(givenAt),
});
