import { auditCollection, MongoAuditTrail, mongoAuditEvents } from '@cabinet/mongo/audit';
import { documentsOf, type MongoOrm, openMongo } from '@cabinet/mongo/orm';
import { type AuditEvent, AuditKeys } from '@cabinet/service/audit/chain';
import { verifyChain } from '@cabinet/service/audit/verify';
import { defineEntity, p } from '@mikro-orm/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });
const keys = new AuditKeys('audit', ['a key that is long enough for a trail']);
const opened: MongoOrm[] = [];

function open(url = createMongoDatabase('audit')): MongoOrm {
  const orm = openMongo({ url, entities: [Thing] });
  opened.push(orm);
  return orm;
}

afterEach(async () => {
  for (const orm of opened.splice(0)) await orm.close(true);
});

const event = (n: number): AuditEvent => ({
  at: new Date(Date.UTC(2026, 10, 22, 10, 0, n)),
  actor: `user-${n}`,
  roles: ['practitioner'],
  action: 'GET /api/records/:patientId',
  subjects: [`patient-${n}`],
  outcome: 200,
  requestId: `request-${n}`,
});

const verdictOf = (orm: MongoOrm) =>
  verifyChain(
    mongoAuditEvents((after, limit) =>
      documentsOf<never>(orm, auditCollection)
        .find({ _id: { $gt: after } } as never)
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    ),
    keys,
  );

describe('the audit trail on MongoDB', () => {
  it('is one whole chain, though two processes write at once', async () => {
    const url = createMongoDatabase('audit');
    const trails = [new MongoAuditTrail(open(url), keys), new MongoAuditTrail(open(url), keys)];
    await Promise.all(Array.from({ length: 60 }, (_, n) => trails[n % 2]?.append(event(n))));
    expect(await verdictOf(open(url))).toMatchObject({ isWhole: true, events: 60 });
  });

  it('shows where an event was changed', async () => {
    const orm = open();
    const trail = new MongoAuditTrail(orm, keys);
    for (let n = 0; n < 5; n += 1) await trail.append(event(n));
    await documentsOf<never>(orm, auditCollection).updateOne(
      { actor: 'user-2' } as never,
      { $set: { actor: 'nobody' } } as never,
    );
    expect(await verdictOf(orm)).toMatchObject({
      isWhole: false,
      faults: [{ kind: 'changed', sequence: 3 }],
    });
  });
});
