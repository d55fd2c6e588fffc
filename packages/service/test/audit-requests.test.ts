import { RequestAccess } from '@cabinet/access/ask';
import { noteKeptFromGuardians } from '@cabinet/access/family';
import { policy } from '@cabinet/access/table';
import { identifyCaller } from '@cabinet/kit/access/authenticate';
import { SettableClock } from '@cabinet/kit/clock';
import { problemExit } from '@cabinet/kit/http/problem';
import { runInContext } from '@cabinet/kit/http/request-context';
import { newId } from '@cabinet/kit/ids';
import { listen } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { PostgresAuditTrail } from '@cabinet/postgres/audit';
import { auditTable, auditTableInParts } from '@cabinet/postgres/audit-tables';
import { migrate, type Orm, openDatabase } from '@cabinet/postgres/orm';
import { AuditKeys, keptFromGuardians } from '@cabinet/service/audit/chain';
import { noteSubjects } from '@cabinet/service/audit/subjects';
import { auditRequests } from '@cabinet/service/audit/trail';
import { holdAnswers } from '@cabinet/service/http/before-answer';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { caller } from '../../../tests/support/http.ts';

class Tables extends Migration {
  override up(): void {
    this.addSql(auditTable);
    this.addSql(auditTableInParts);
  }
}
const Row = defineEntity({ name: 'Row', tableName: 'row', properties: { id: p.text().primary() } });

const log = createLogger('test', 'silent');
const closers = new AsyncDisposableStack();
let orm: Orm;
let base: string;
/** What stands in notes after a change is stored and before it is answered. */
let notedMeanwhile: object[] = [];

/** Whose address begins with `/as/` is known; a change is stored when the address says so, whatever the answer is then. */
beforeAll(async () => {
  const migrations = [{ name: '001', class: Tables }];
  orm = openDatabase({ url: await createDatabase('audit'), entities: [Row], migrations });
  await migrate(orm);
  const trail = new PostgresAuditTrail(orm, new AuditKeys('test', ['a key that is long enough for a trail']));
  const clock = new SettableClock(new Date('2026-11-22T10:00:00Z'));
  const app = express();
  const question = policy.question('patient', 'read', 'rest');
  app.use((_req, _res, next) => {
    runInContext({ requestId: newId(), access: new RequestAccess(question) }, () => next());
  });
  app.use(identifyCaller({ verify: () => ({ id: 'somebody', roles: ['secretary'] }) }));
  app.use(
    holdAnswers(() => {}),
    auditRequests(trail, { log, clock, closers }),
  );
  app.post('/:what/:patientId/:status', async (req, res) => {
    noteSubjects(req.params.patientId);
    if (req.query.kept) noteKeptFromGuardians();
    if (req.params.what === 'change') {
      await orm.em.fork().transactional((tx) => tx.execute('select 1'));
      notedMeanwhile = await notes();
    }
    res.status(Number(req.params.status)).json({});
  });
  app.use(problemExit(log));
  const listener = await listen(app, { host: '127.0.0.1', port: 0 });
  base = `http://127.0.0.1:${listener.port}`;
  closers.defer(() => listener.stop());
});
afterAll(async () => {
  await closers.disposeAsync();
  await orm?.close(true);
});

const notes = () => orm.em.fork().execute<object[]>('select event from audit_note');
const linesOn = async (patientId: string) =>
  (
    await orm.em
      .fork()
      .execute<{ actor: string; outcome: number; times: number | null }[]>(
        'select actor, outcome, times from audit_event where subjects @> array[?] order by sequence',
        [patientId],
      )
  ).map(({ actor, outcome, times }) => `${actor} ${outcome}${times ? ` × ${times}` : ''}`);

const known = () => caller(base, 'Bearer a.b.c');
const unknown = () => caller(base);

describe('a change of one who is nobody yet', () => {
  it.each([200, 401, 500])(
    'is noted with itself, and is in the trail though it is answered with %i',
    async (status) => {
      const patientId = newId();
      await unknown()('POST', `/change/${patientId}/${status}`);
      expect(notedMeanwhile).toMatchObject([{ event: { actor: 'anonymous', outcome: 0, subjects: [patientId] } }]);
      expect(await linesOn(patientId)).toEqual([`anonymous ${status}`]);
      expect(await notes()).toEqual([]);
    },
  );

  it('leaves no line when it is refused and changes nothing', async () => {
    const patientId = newId();
    await unknown()('POST', `/look/${patientId}/401`);
    expect(await linesOn(patientId)).toEqual([]);
  });
});

describe('what a minor keeps from their guardians', () => {
  it('is marked on the trail as such, and in the note of a change', async () => {
    const [kept, usual] = [newId(), newId()];
    await known()('POST', `/look/${kept}/200?kept=true`);
    await known()('POST', `/change/${kept}/200?kept=true`);
    expect(notedMeanwhile).toMatchObject([{ event: { subjects: [kept, keptFromGuardians].sort() } }]);
    await known()('POST', `/look/${usual}/200`);
    const marked = await orm.em
      .fork()
      .execute<{ subjects: string[] }[]>('select subjects from audit_event where subjects @> array[?]', [
        keptFromGuardians,
      ]);
    expect(marked.map(({ subjects }) => subjects)).toEqual(Array(2).fill([kept, keptFromGuardians].sort()));
    expect(await linesOn(usual)).toHaveLength(1);
  });
});

describe('who is refused again and again', () => {
  it('is on the trail with each that says something, and with all the others at the stop of the process at the latest', async () => {
    const [usual, last, told, changed] = [newId(), newId(), newId(), newId()];
    for (let nth = 0; nth < 70; nth += 1) await known()('POST', `/look/${usual}/404`);
    await known()('POST', `/look/${last}/403`);
    await known()('POST', `/look/${told}/409`);
    await known()('POST', `/change/${changed}/403`);
    expect(await linesOn(usual)).toEqual(Array(60).fill('somebody 404'));
    expect(await linesOn(told)).toEqual(['somebody 409']);
    expect(await linesOn(changed)).toEqual(['somebody 403']);
    await closers.disposeAsync();
    expect((await linesOn(usual)).slice(60)).toEqual(['somebody 403 × 11']);
    expect(await linesOn(last)).toEqual(['somebody 403 × 11']);
    expect(await notes()).toEqual([]);
  });
});
