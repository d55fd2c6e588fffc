import { assertVersion, type ExpectedVersion } from '@cabinet/kit/http/etag';
import { noteStored } from '@cabinet/postgres/idempotency';
import type { EntityManager, Orm } from '@cabinet/postgres/orm';
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { type Policy, type PolicyVersion, policySchema, usualPolicy } from '../domain/policies/policy.js';
import type { Policies } from '../domain/ports.js';

const policyLock = 7_410_012;

export const PolicySchema = defineEntity({
  name: 'Policy',
  tableName: 'policy',
  properties: {
    version: p.integer().primary(),
    policy: p.json<unknown>(),
    setBy: p.text(),
    setAt: p.datetime().columnType('timestamptz'),
  },
});

const toPolicy = ({ version, policy, setBy, setAt }: InferEntity<typeof PolicySchema>): PolicyVersion => ({
  version,
  // As it is understood now: what was added since has its default.
  policy: policySchema.parse(policy),
  setBy,
  setAt,
});

const usual: PolicyVersion = { version: 0, policy: usualPolicy };

const newest = async (em: EntityManager, limit: number): Promise<PolicyVersion[]> =>
  (await em.find(PolicySchema, {}, { orderBy: { version: 'desc' }, limit })).map(toPolicy);

/** By the connection at hand: who holds one and waits for another may wait for ever. */
export const currentPolicy = async (em: EntityManager): Promise<PolicyVersion> => (await newest(em, 1))[0] ?? usual;

export class PostgresPolicies implements Policies {
  constructor(private readonly orm: Orm) {}

  current(): Promise<PolicyVersion> {
    return currentPolicy(this.orm.em.fork());
  }

  history(limit: number): Promise<PolicyVersion[]> {
    return newest(this.orm.em.fork(), limit);
  }

  set(policy: Policy, expected: ExpectedVersion, by: string, now: Date): Promise<PolicyVersion> {
    return this.orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [policyLock]);
      const [row] = await tx.execute<{ version: number }[]>('select coalesce(max(version), 0) as version from policy');
      const before = row?.version ?? 0;
      assertVersion(expected, before);
      const next = { version: before + 1, policy, setBy: by, setAt: now };
      await tx.execute('insert into policy values (?, ?::jsonb, ?, ?)', [
        next.version,
        JSON.stringify(policy),
        by,
        now,
      ]);
      await noteStored(tx);
      return next;
    });
  }
}
