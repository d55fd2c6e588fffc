import { createLogger } from '@cabinet/kit/observe/log';
import { auditCollection, MongoAuditTrail, mongoAuditEvents } from '@cabinet/mongo/audit';
import { documentsOf, type MongoOrm, openMongo } from '@cabinet/mongo/orm';
import { type AuditEvent, AuditKeys, keptFromGuardians } from '@cabinet/service/audit/chain';
import { verifyChain } from '@cabinet/service/audit/verify';
import { defineEntity, p } from '@mikro-orm/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createMongoDatabase } from '../../../tests/support/database.ts';

const Thing = defineEntity({ name: 'Thing', properties: { _id: p.string().primary() } });
const keys = new AuditKeys('audit', ['a key that is long enough for a trail']);
const log = createLogger('test', 'silent');
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

it('finds what a minor keeps from guardians for the minor alone, and the mark is sealed', async () => {
  const orm = open();
  const trail = new MongoAuditTrail(orm, keys, log);
  await trail.append(event(1));
  await trail.append({ ...event(1), subjects: ['patient-1', keptFromGuardians], requestId: 'kept' });
  const found = async (...exceptKeptOf: string[]) =>
    (await trail.find({ subjects: ['patient-1'], exceptKeptOf, limit: 9 })).map(({ requestId }) => requestId);
  expect((await found()).sort()).toEqual(['kept', 'request-1']);
  expect(await found('patient-1')).toEqual(['request-1']);
  expect(await found('patient-2')).toHaveLength(2);
  expect(await verdictOf(orm)).toMatchObject({ isWhole: true, events: 2 });
  await documentsOf<{ _id: string }>(orm, auditCollection).updateOne({ requestId: 'kept' } as never, {
    $set: { subjects: ['patient-1'] } as never,
  });
  expect(await verdictOf(orm)).toMatchObject({ isWhole: false, faults: [{ kind: 'changed', sequence: 2 }] });
});

it('finds what was done by its name, and by words of it where nothing is called so', async () => {
  const trail = new MongoAuditTrail(open(), keys, log);
  const actions = [
    'GET /api/records/:patientId',
    'GET /api/records/:patientId/notes',
    'POST /api/records/:patientId/a.c',
  ];
  for (const [n, action] of actions.entries()) await trail.append({ ...event(n), action });
  const found = async (action: string) => (await trail.find({ action, limit: 9 })).map((each) => each.action).sort();
  expect(await found('GET /api/records/:patientId')).toEqual(actions.slice(0, 1));
  expect(await found('get /api/rec')).toEqual(actions.slice(0, 2));
  expect(await found('Notes records')).toEqual(actions.slice(1, 2));
  expect(await found('a.c')).toEqual(actions.slice(2));
  for (const none of ['abc', '.*', '(', 'merge']) expect([none, await found(none)]).toEqual([none, []]);
});

const noted = new Date('2026-11-22T10:00:00Z');
const later = new Date('2026-11-22T10:05:00Z');
const notesOf = (orm: MongoOrm) => documentsOf<{ _id: string; at: Date; event: AuditEvent }>(orm, 'audit_note');
const leaveNotes = (orm: MongoOrm, count: number) =>
  notesOf(orm).insertMany(Array.from({ length: count }, (_, n) => ({ _id: `note-${n}`, at: noted, event: event(n) })));

describe('the audit trail on MongoDB', () => {
  it('is one whole chain, though two processes write at once', async () => {
    const url = createMongoDatabase('audit');
    const trails = [new MongoAuditTrail(open(url), keys, log), new MongoAuditTrail(open(url), keys, log)];
    await Promise.all(Array.from({ length: 60 }, (_, n) => trails[n % 2]?.append(event(n))));
    expect(await verdictOf(open(url))).toMatchObject({ isWhole: true, events: 60 });
  });

  it('says once what a note says that was left, though many processes seal at once', async () => {
    const url = createMongoDatabase('audit');
    const trails = Array.from({ length: 4 }, () => new MongoAuditTrail(open(url), keys, log));
    await leaveNotes(open(url), 20);
    await Promise.all(trails.map((trail) => trail.sealLeft(later)));
    expect(await verdictOf(open(url))).toMatchObject({ isWhole: true, events: 20 });
    expect(await notesOf(open(url)).countDocuments({})).toBe(0);
    // Whoever comes next has their turn.
    await leaveNotes(open(url), 1);
    await trails[3]?.sealLeft(later);
    expect(await verdictOf(open(url))).toMatchObject({ isWhole: true, events: 21 });
  });

  it('says what is left when the process has died whose turn it was, and not while it may live', async () => {
    const orm = open();
    const trail = new MongoAuditTrail(orm, keys, log);
    await leaveNotes(orm, 1);
    await documentsOf<{ _id: string; until: Date }>(orm, 'audit_turn').insertOne({ _id: 'sealing', until: later });
    await trail.sealLeft(later);
    expect(await verdictOf(orm)).toMatchObject({ events: 0 });
    await trail.sealLeft(new Date(later.getTime() + 1));
    expect(await verdictOf(orm)).toMatchObject({ isWhole: true, events: 1 });
  });

  it('has an event stored though the note of its change cannot be taken away', async () => {
    const orm = open();
    const lines: string[] = [];
    const said = { ...log, error: (_: object, text: string) => void lines.push(text) } as typeof log;
    const trail = new MongoAuditTrail(orm, keys, said);
    const neverSent: { self?: object } = {};
    neverSent.self = neverSent;
    await trail.append(event(1), [neverSent] as never);
    expect(await verdictOf(orm)).toMatchObject({ isWhole: true, events: 1 });
    expect(lines).toEqual(['notes of changes that are in the audit trail could not be removed']);
  });

  it('shows where an event was changed', async () => {
    const orm = open();
    const trail = new MongoAuditTrail(orm, keys, log);
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
