import { Unavailable } from '@cabinet/kit/errors';
import { openDatabase } from '@cabinet/postgres/orm';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
import { PostgresReceipts } from '../src/data/ledger/postgres-receipts.js';
import type { NotificationEvents } from '../src/data/notification-events.js';
import { PolicySchema } from '../src/data/postgres-policies.js';
import type { SendOutcome } from '../src/domain/channel.js';
import { type NotificationService, RecordingChannel, startService } from './support.ts';

let service: NotificationService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});
const begin = async (options: Parameters<typeof startService>[0] = {}) => {
  service = await startService(options);
  return service;
};
const start = '2026-12-08T08:30:00Z';
const temporary: SendOutcome = { state: 'failed', class: 'temporary', text: '451 try again later' };

/** Ids of the decisions that left more than once. */
const doubled = (channel: RecordingChannel) => {
  const times = new Map<string, number>();
  for (const { decisionId } of channel.sent) times.set(decisionId, (times.get(decisionId) ?? 0) + 1);
  return [...times].flatMap(([id, count]) => (count > 1 ? [id] : []));
};
const stateCounts = async ({ sql }: NotificationService, kind: string) => {
  const { rows } = await sql.query('select state, count(*)::int from decision where kind = $1 group by state', [kind]);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

describe('one of many recipients that fails', () => {
  it('stops no other, and the ledger says of what class it was', async () => {
    const its = await begin();
    const people = Array.from({ length: 30 }, () => its.patient());
    const failing = people[7]?.emails[0];
    const broken = people[11]?.emails[0];
    its.email.answer = ({ to }) => {
      if (to === broken) throw new Error(`cannot parse ${to}`);
      return to === failing ? { state: 'failed', class: 'permanent-address', text: '550 no such user' } : undefined;
    };
    const visits = await Promise.all(people.map(({ id }) => its.visit(id, start)));
    await until(async () => (await stateCounts(its, 'confirmation')).sent === 28);
    expect(await stateCounts(its, 'confirmation')).toEqual({ sent: 28, failed: 1, planned: 1 });
    const [line] = await its.ledger(visits[7]?.visit.id as string);
    expect(line).toMatchObject({
      state: 'failed',
      failure_class: 'permanent-address',
      failure_text: '550 no such user',
      // Nobody could read it, and nothing would forget it.
      ...{ template: 'confirmation', text_values: null, text_hash: null },
    });
    const [other] = await its.ledger(visits[11]?.visit.id as string);
    expect(other).toMatchObject({ state: 'planned', failure_class: 'temporary', failure_text: 'Error' });
  });

  it('or whose result cannot be stored stops no other that is stored on the same trip', async () => {
    const its = await begin();
    const visits: { id: string }[] = [];
    for (let nth = 0; nth < 12; nth += 1) visits.push((await its.visit(its.patient().id, start)).visit);
    await its.settled();
    its.email.tried.length = 0;
    const allAreOnTheirWay = Promise.withResolvers<void>();
    its.email.answer = async ({ decisionId }) => {
      const nth = its.email.tried.length;
      if (nth === visits.length) allAreOnTheirWay.resolve();
      await allAreOnTheirWay.promise;
      // More than any column of it holds.
      return nth === 7 ? { state: 'sent', providerId: decisionId, cost: 3_000_000_000 } : undefined;
    };
    its.clock.set(new Date('2026-12-01T09:00:00Z'));
    const reminders = async () => {
      const { rows } = await its.sql.query(
        `select state, is_begun, count(*)::int from decision where step = 'P7D' group by state, is_begun order by state`,
      );
      return rows;
    };
    await until(async () => (await reminders()).some(({ state, count }) => state === 'sent' && count === 11));
    // What left stands as begun, until its lease ends.
    expect(await reminders()).toEqual([
      { state: 'planned', is_begun: true, count: 1 },
      { state: 'sent', is_begun: false, count: 11 },
    ]);
    expect(doubled(its.email)).toEqual([]);
  });

  it('is tried again after pauses, and then leaves', async () => {
    const its = await begin();
    const claire = its.patient();
    its.email.answer = ({ attempt }) => (attempt < 3 ? temporary : undefined);
    const { visit } = await its.visit(claire.id, start);
    await its.settled();
    for (const at of ['2026-11-20T10:02:00Z', '2026-11-20T10:08:00Z']) await its.at(at);
    expect((await its.ledger(visit.id))[0]).toMatchObject({ kind: 'confirmation', state: 'sent', attempts: 3 });
    expect(its.email.tried.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });
});

describe('a provider that is away', () => {
  it('for six hours leaves no flood of stale reminders, and each is counted', async () => {
    const its = await begin();
    const people = Array.from({ length: 5 }, () => its.patient());
    const visits = await Promise.all(people.map(({ id }) => its.visit(id, start)));
    await its.at('2026-12-01T09:00:00Z');
    its.email.answer = () => temporary;
    for (let minutes = 0; minutes <= 360; minutes += 30) {
      await its.at(new Date(Date.parse('2026-12-07T09:00:00Z') + minutes * 60_000).toISOString());
    }
    its.email.answer = () => undefined;
    await its.at('2026-12-07T16:00:00Z');
    for (const { visit } of visits)
      expect((await its.states(visit.id)).at(-1)).toBe('reminder P1D email suppressed stale');
    expect(its.email.sent.filter(({ subject }) => subject?.startsWith('Rappel'))).toHaveLength(5);
    const metrics = await (await fetch(`${its.base}/metrics`)).text();
    expect(metrics).toMatch(/notifications_decided_total\{[^}]*state="retried",why="temporary"[^}]*\} \d/);
  });

  it('is left alone after failures, and another one takes its messages', async () => {
    const [first, second] = [new RecordingChannel('email', 'first'), new RecordingChannel('email', 'second')];
    first.answer = () => temporary;
    const its = await begin({ overrides: { channels: [first, second] } });
    const people = Array.from({ length: 40 }, () => its.patient());
    for (const { id } of people) await its.visit(id, start);
    await its.settled();
    expect(second.sent).toHaveLength(40);
    expect(first.tried.length).toBeLessThan(40);
    const { rows } = await its.sql.query(`select distinct provider from decision where state = 'sent'`);
    expect(rows).toEqual([{ provider: 'second' }]);
    const metrics = await (await fetch(`${its.base}/metrics`)).text();
    expect(metrics).toMatch(/notification_provider_spared\{[^}]*provider="first"[^}]*\} 1/);
  });

  it.each([
    ['is asked later whether it left', true, { attempts: 1, may_have_left_twice: false, provider_id: 'late' }],
    ['and cannot tell gets it again, which the ledger says', false, { attempts: 2, may_have_left_twice: true }],
  ])('or answers too late %s; no other one gets the message', async (_, canTell, stored) => {
    const [first, second] = [new RecordingChannel('email', 'first'), new RecordingChannel('email', 'second')];
    first.answer = ({ attempt }) => (attempt === 1 ? new Promise(() => {}) : undefined);
    if (canTell) first.find = async () => ({ state: 'sent', providerId: 'late' });
    const its = await begin({ overrides: { channels: [first, second], providers: { timeoutMs: 50 } } });
    const { visit } = await its.visit(its.patient().id, start);
    await its.settled();
    expect((await its.ledger(visit.id))[0]).toMatchObject({
      ...{ state: 'planned', failure_class: 'temporary', failure_text: 'did not answer within 50 ms', attempts: 1 },
    });
    await its.at('2026-11-20T10:02:00Z');
    expect((await its.ledger(visit.id))[0]).toMatchObject({ state: 'sent', ...stored });
    expect([first.tried.length, second.tried.length]).toEqual([canTell ? 1 : 2, 0]);
  });

  it('is asked again whether a message left when it could not say so at first', async () => {
    const its = await begin({ overrides: { providers: { timeoutMs: 50 } } });
    its.email.answer = () => new Promise(() => {});
    let asked = 0;
    its.email.find = async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return { state: 'sent', providerId: 'found' };
    };
    const { visit } = await its.visit(its.patient().id, start);
    await its.settled();
    for (const at of ['2026-11-20T10:02:00Z', '2026-11-20T10:08:00Z']) await its.at(at);
    expect((await its.ledger(visit.id))[0]).toMatchObject({ state: 'sent', provider_id: 'found' });
    expect([its.email.tried.length, asked]).toEqual([1, 2]);
  });

  it('or set up by nobody holds what is due, until one is', async () => {
    const its = await begin({ overrides: { channels: [] } });
    const { visit } = await its.visit(its.patient().id, start);
    expect((await its.states(visit.id))[0]).toBe('confirmation email held configuration');
  });
});

describe('owners that are away', () => {
  it.each(['appointment', 'patient'] as const)('keep what is due until they answer (%s)', async (name) => {
    const its = await begin();
    const claire = its.patient();
    its.neighbours.away.add(name);
    const { visit } = await its.visit(claire.id, start);
    await its.settled();
    expect((await its.ledger(visit.id))[0]).toMatchObject({ state: 'planned', attempts: 0 });
    expect(its.email.tried).toEqual([]);
    its.neighbours.away.clear();
    await its.at('2026-11-20T10:01:00Z');
    expect((await its.states(visit.id))[0]).toBe('confirmation email sent');
  });
});

describe('what is suppressed while its owner is asked about it', () => {
  it('stays so, whatever comes of the question', async () => {
    const its = await begin();
    const { visit } = await its.visit(its.patient().id, start);
    await its.settled();
    await its.at('2026-12-01T09:00:00Z');
    const asked = Promise.withResolvers<never>();
    let isAsked = false;
    its.neighbours.visit = () => {
      isAsked = true;
      return asked.promise;
    };
    its.clock.set(new Date('2026-12-07T07:30:00Z'));
    await until(() => isAsked);
    const admin = await its.as({ roles: ['admin'] });
    const path = '/api/notification-policies/current';
    const { policy } = (await admin('GET', path)).body;
    const reminders = policy.reminders.filter(({ channel }: { channel: string }) => channel !== 'sms');
    expect((await admin('PUT', path, { ...policy, reminders }, { 'if-match': '"v0"' })).status).toBe(200);
    const sms = async () => (await its.ledger(visit.id)).find(({ channel }) => channel === 'sms');
    await until(async () => (await sms())?.state === 'suppressed');
    asked.reject(new Unavailable('NEIGHBOUR.UNAVAILABLE', 'away'));
    await its.at('2026-12-07T07:32:00Z');
    expect(await sms()).toMatchObject({ state: 'suppressed', reason: 'superseded', lease: null });
    expect(its.sms.tried).toEqual([]);
  });
});

describe('two replicas', () => {
  it('send each message once, between them all of them', async () => {
    const its = await begin({ sending: { batch: 8, atOnce: 4 } });
    await its.replica();
    const people = Array.from({ length: 100 }, () => its.patient());
    await Promise.all(people.map(({ id }) => its.visit(id, start)));
    await its.settled();
    await its.at('2026-12-01T09:00:00Z');
    expect(doubled(its.email)).toEqual([]);
    expect(its.email.sent).toHaveLength(200);
    expect(await stateCounts(its, 'confirmation')).toEqual({ sent: 100 });
  });
});

describe('a process that dies while it sends', () => {
  it('loses nothing: another takes over when its lease has ended, and asks the provider first', async () => {
    const its = await begin({ sending: { leaseMs: 400 }, overrides: { providers: { timeoutMs: 5_000 } } });
    const claire = its.patient();
    // As if killed: the provider has taken it, and nobody ever hears of it.
    its.email.answer = () => new Promise(() => {});
    const { visit } = await its.visit(claire.id, start);
    await until(() => its.email.tried.length === 1);
    its.email.find = async () => ({ state: 'sent', providerId: 'found' });
    await its.replica();
    await until(async () => (await its.ledger(visit.id))[0]?.state === 'sent');
    // By whom, too: its receipts would find nothing otherwise.
    expect((await its.ledger(visit.id))[0]).toMatchObject({ provider: 'recording-email', provider_id: 'found' });
    expect(its.email.tried).toHaveLength(1);
  });

  it('has what may have left sent again where the provider cannot tell, and the ledger says so', async () => {
    const its = await begin({ sending: { leaseMs: 400 }, overrides: { providers: { timeoutMs: 5_000 } } });
    its.email.answer = ({ attempt }) => (attempt === 1 ? new Promise(() => {}) : undefined);
    const { visit } = await its.visit(its.patient().id, start);
    await until(() => its.email.tried.length === 1);
    await its.replica();
    await until(async () => (await its.ledger(visit.id))[0]?.state === 'sent');
    expect((await its.ledger(visit.id))[0]).toMatchObject({ may_have_left_twice: true, attempts: 2 });
    const [first, second] = its.email.tried;
    expect(first?.decisionId).toBe(second?.decisionId);
  });
});

describe('receipts', () => {
  it('have their effect once, before the answer or after it, and none for an unknown id', async () => {
    const its = await begin();
    const orm = openDatabase({ url: its.databaseUrl, entities: [PolicySchema], migrations: [] });
    try {
      const events = { enqueueAll: async () => {}, committed: () => {} } as unknown as NotificationEvents;
      const receipts = new PostgresReceipts(orm, events);
      const note = (providerId: string, state: 'delivered' | 'failed' = 'delivered') =>
        receipts.note({ provider: 'recording-email', providerId, state }, its.clock.now());
      const [early, late] = [its.patient(), its.patient()];
      its.email.answer = async ({ to, decisionId }) => {
        if (to === early.emails[0]) await note(`p-${decisionId}`);
        return undefined;
      };
      const [first, second] = [await its.visit(early.id, start), await its.visit(late.id, start)];
      expect((await its.states(first.visit.id))[0]).toBe('confirmation email delivered');
      const [line] = await its.ledger(second.visit.id);
      await its.settled();
      expect([await note(`p-${line?.id}`), await note(`p-${line?.id}`), await note('unknown')]).toEqual([
        true,
        false,
        false,
      ]);
      expect(await note(`p-${line?.id}`, 'failed')).toBe(false);
      expect((await its.states(second.visit.id))[0]).toBe('confirmation email delivered');
    } finally {
      await orm.close(true);
    }
  });
});

describe('a clock that jumps', () => {
  it('two hours forth and back sends nothing twice and leaves nothing out', async () => {
    const its = await begin({ now: '2026-12-01T08:30:00Z' });
    const people = Array.from({ length: 10 }, () => its.patient());
    for (const { id } of people) await its.visit(id, '2026-12-10T08:30:00Z');
    await its.settled();
    for (const at of ['2026-12-03T08:30:00Z', '2026-12-03T10:30:00Z', '2026-12-03T08:30:00Z', '2026-12-03T09:30:00Z']) {
      await its.at(at);
    }
    expect(doubled(its.email)).toEqual([]);
    expect(its.email.sent.filter(({ subject }) => subject?.startsWith('Rappel'))).toHaveLength(10);
  });
});

describe('what may leave in a day', () => {
  it('is held beyond that, and leaves the next day as long as it is of use', async () => {
    const its = await begin();
    const admin = await its.as({ roles: ['admin'] });
    const path = '/api/notification-policies/current';
    const { policy } = (await admin('GET', path)).body;
    const dailyBudget = { ...policy.dailyBudget, email: 2 };
    expect((await admin('PUT', path, { ...policy, dailyBudget }, { 'if-match': '"v0"' })).status).toBe(200);
    for (let n = 0; n < 4; n += 1) await its.visit(its.patient().id, start);
    await its.settled();
    expect(await stateCounts(its, 'confirmation')).toEqual({ sent: 2, held: 2 });
    await its.at('2026-11-20T23:30:00Z');
    await until(async () => (await stateCounts(its, 'confirmation')).sent === 4);
    expect(await stateCounts(its, 'confirmation')).toEqual({ sent: 4 });
  });
});

describe('every night', () => {
  it('leaves what it finds to be confirmed once it is told of, and then once', async () => {
    const its = await begin({ now: '2026-12-06T10:00:00Z' });
    const claire = its.patient();
    const { visit: other } = await its.visit(its.patient().id, start);
    const visit = { ...other, id: crypto.randomUUID(), patientId: claire.id, version: 2 };
    its.neighbours.visits.set(visit.id, visit);
    await its.settled();
    await its.at('2026-12-07T03:00:00Z');
    await its.restart();
    await until(async () => (await its.ledger(visit.id)).length > 0);
    const confirmed = async () => (await its.states(visit.id)).filter((line) => line.startsWith('confirmation'));
    expect(await confirmed()).toEqual([]);
    const told = (version: number) => ({
      ...{ id: crypto.randomUUID(), type: 'appointment.booked', source: 'appointment' },
      data: {
        ...{ appointmentId: visit.id, version, patientId: claire.id, practitionerId: visit.practitionerId },
        ...{ appointmentTypeId: visit.appointmentTypeId, status: 'booked', start: visit.start.toISOString() },
        end: visit.end.toISOString(),
      },
    });
    await its.hear('appointment', told(1));
    expect(await confirmed()).toEqual([]);
    await its.hear('appointment', told(2));
    await its.hear('appointment', told(2));
    expect(await confirmed()).toEqual(['confirmation email sent']);
    expect(its.email.to(claire.emails[0] as string)).toHaveLength(1);
  });

  it('sums up the days on which nobody ran, too', async () => {
    const its = await begin({ now: '2026-12-06T10:00:00Z' });
    const summed = async () => {
      const { rows } = await its.sql.query(
        `select to_char(day, 'MM-DD') as day, expected, sent, missing from nightly_sum order by nightly_sum.day`,
      );
      return rows.map((row) => Object.values(row).join(' '));
    };
    await until(async () => (await summed()).length === 1);
    await its.visit(its.patient().id, start);
    await its.settled();
    await its.at('2026-12-09T03:00:00Z');
    await its.restart();
    await until(async () => (await summed()).length === 4);
    expect(await summed()).toEqual(['12-05 0 0 0', '12-06 1 1 0', '12-07 2 0 0', '12-08 0 0 0']);
    await its.at('2027-03-01T03:00:00Z');
    await its.restart();
    await until(async () => (await summed()).at(-1)?.startsWith('02-28') === true);
    expect(await summed()).toHaveLength(4 + 31);
  });

  it('sums up what was due, and finds and plans what nothing was heard of', async () => {
    const its = await begin({ now: '2026-12-06T10:00:00Z' });
    const summed = async (day: string) =>
      (await its.sql.query('select expected, sent, unaccounted, missing from nightly_sum where day = $1', [day])).rows;
    await until(async () => (await summed('2026-12-05')).length === 1);
    await its.visit(its.patient().id, start);
    const lost = its.patient();
    const { visit } = await its.visit(its.patient().id, start);
    const unheard = { ...visit, id: crypto.randomUUID(), patientId: lost.id, version: 3 };
    its.neighbours.visits.set(unheard.id, unheard);
    await its.settled();
    await its.at('2026-12-07T03:00:00Z');
    await its.restart();
    await until(async () => (await summed('2026-12-06')).length === 1);
    expect(await summed('2026-12-06')).toEqual([{ expected: 2, sent: 2, unaccounted: 0, missing: 1 }]);
    await its.at('2026-12-07T09:00:00Z');
    const { rows: healed } = await its.sql.query(
      'select kind, step, state from decision where patient_id = $1 order by due_at',
      [lost.id],
    );
    // What it was too late for is stale, and no news are made of what nobody heard of.
    expect(healed.map((line) => Object.values(line).join(' '))).toEqual([
      'reminder P7D suppressed',
      'reminder P2D sent',
      'reminder P1D sent',
    ]);
  });
});
