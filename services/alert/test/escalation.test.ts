import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Caller, until } from '../../../tests/support/http.ts';
import type { RuleDocument } from '../src/domain/engine/rule.js';
import {
  type AlertService,
  alertsOnce,
  buildDoctor,
  documentFor,
  enabledRule,
  now,
  pulse,
  startService,
  turnOn,
} from './support.ts';

let service: AlertService;

beforeAll(async () => {
  service = await startService();
  await turnOn(service);
});
beforeEach(async () => {
  await service.sql.query(`update alert_rule set status = 'disabled' where status = 'enabled'`);
  service.clock.set(new Date(now));
});
afterAll(() => service?.stop());

const at = (minutes: number) => service.clock.set(new Date(Date.parse(now) + minutes * 60_000));

/** A doctor, a colleague and a last resort, and an alert that rang a moment ago. */
async function raised(changes: Partial<RuleDocument> = {}) {
  const [doctor, colleague, last] = [
    await buildDoctor(service),
    await buildDoctor(service),
    await buildDoctor(service),
  ];
  const document = documentFor(doctor.practitionerId, {
    steps: [
      { afterMinutes: 0, to: [doctor.practitionerId] },
      { afterMinutes: 5, to: [colleague.practitionerId] },
    ],
    lastResort: { afterMinutes: 15, to: last.practitionerId },
    ...changes,
  });
  const ruleId = await enabledRule(doctor.call, document);
  const patientId = randomUUID();
  await service.take([pulse(patientId, 0, 150)]);
  const [alert] = await alertsOnce(doctor.call, patientId, (items) => items.length === 1);
  return {
    doctor,
    colleague,
    last,
    document,
    ruleId,
    patientId,
    id: alert.id as string,
    its: `/api/alerts/${alert.id}`,
  };
}

const callsOf = (id: string) =>
  service.published
    .filter(({ type, data }) => type === 'alert.called' && (data as { alertId: string }).alertId === id)
    .map(({ data }) => data as { step: number; isLastResort: boolean; recipients: string[] });
const stepsOf = (id: string) => callsOf(id).map(({ step }) => step);
const called = (id: string, ...steps: number[]) => until(() => stepsOf(id).join() === steps.join());

/** Until all that is due by now has been looked at. */
async function settled(): Promise<void> {
  await until(async () => {
    const due = await service.sql.query('select from alert_step where done_at is null and due_at <= $1', [
      service.clock.now(),
    ]);
    const out = await service.sql.query('select from outbox');
    return due.rowCount === 0 && out.rowCount === 0;
  });
}

describe('an alert that nobody answers', () => {
  it('goes from step to step and ends at the last resort, each once, with a list of who was told when', async () => {
    const { doctor, colleague, last, id, its } = await raised({ priority: 'high' });
    await called(id, 0);
    at(4);
    await settled();
    expect(stepsOf(id)).toEqual([0]);
    at(5);
    await called(id, 0, 1);
    at(15);
    await called(id, 0, 1, 2);
    at(600);
    await settled();
    const people = [doctor, colleague, last].map(({ practitionerId }) => [practitionerId]);
    expect(callsOf(id).map(({ recipients }) => recipients)).toEqual(people);
    expect(callsOf(id).map(({ isLastResort }) => isLastResort)).toEqual([false, false, true]);
    const { notes } = (await doctor.call('GET', `${its}/why`)).body;
    const told = notes.filter(({ kind }: { kind: string }) => kind === 'called');
    expect(told.map(({ at: when, details }: { at: string; details: object }) => [when, details])).toEqual([
      ['2026-11-20T10:00:00.000Z', { step: 0, isLastResort: false, recipients: people[0] }],
      ['2026-11-20T10:05:00.000Z', { step: 1, isLastResort: false, recipients: people[1] }],
      ['2026-11-20T10:15:00.000Z', { step: 2, isLastResort: true, recipients: people[2] }],
    ]);
  });

  it('has each step once over restarts, in several processes, and when the clock jumps there and back', async () => {
    const { id } = await raised();
    await called(id, 0);
    await Promise.all([service.replica(), service.replica()]);
    await service.restart();
    at(120);
    await called(id, 0, 1, 2);
    at(-60);
    await service.restart();
    at(125);
    await settled();
    expect(stepsOf(id)).toEqual([0, 1, 2]);
  });

  it.each([
    ['in which an hour comes twice', '2026-10-25T00:50:00Z'],
    ['in which an hour is left out', '2027-03-28T00:50:00Z'],
  ])('has each step so many minutes after it rang, once, in the night %s', async (_, begin) => {
    const [doctor, last] = [await buildDoctor(service), await buildDoctor(service)];
    const lastResort = { afterMinutes: 75, to: last.practitionerId };
    await enabledRule(doctor.call, documentFor(doctor.practitionerId, { lastResort }));
    const patientId = randomUUID();
    const later = (minutes: number) => service.clock.set(new Date(Date.parse(begin) + minutes * 60_000));
    later(0);
    await service.take([pulse(patientId, 0, 150, { effectiveAt: begin, receivedAt: begin })]);
    const { rows } = await service.sql.query('select id from alert where patient_id = $1', [patientId]);
    await called(rows[0].id, 0);
    later(74);
    await settled();
    expect(stepsOf(rows[0].id)).toEqual([0]);
    later(75);
    await called(rows[0].id, 0, 1);
    later(300);
    await settled();
    expect(stepsOf(rows[0].id)).toEqual([0, 1]);
  });

  it('has no step told that was not stored, nor stored that was not told: the broker may be away meanwhile', async () => {
    const { id } = await raised();
    await called(id, 0);
    service.broker.failsWith = new Error('away');
    at(5);
    await until(
      async () =>
        (await service.sql.query(`select from alert_step where alert_id = $1 and step = 1 and outcome = 'told'`, [id]))
          .rowCount === 1,
    );
    expect(stepsOf(id)).toEqual([0]);
    service.broker.failsWith = undefined;
    await called(id, 0, 1);
  });

  it('stops with the episode, unless it is most urgent', async () => {
    const [medium, high] = [await raised(), await raised({ priority: 'high' })];
    await Promise.all([called(medium.id, 0), called(high.id, 0)]);
    await service.take([pulse(medium.patientId, 1, 90), pulse(high.patientId, 1, 90)]);
    at(15);
    await called(high.id, 0, 1, 2);
    expect(stepsOf(medium.id)).toEqual([0]);
    const [seen] = await alertsOnce(high.doctor.call, high.patientId, (items) => items[0]?.status === 'cleared');
    expect(seen.isActive).toBe(true);
    await high.doctor.call('POST', `${high.its}/acknowledge`);
    expect((await high.doctor.call('GET', high.its)).body.isActive).toBe(false);
  });
});

describe('whoever acknowledges', () => {
  it('stops all that was to come, for all, and again it changes nothing', async () => {
    const { doctor, id, its } = await raised({ priority: 'high' });
    await called(id, 0);
    const first = await doctor.call('POST', `${its}/acknowledge`);
    expect([first.status, first.body.status]).toEqual([200, 'acknowledged']);
    const again = await doctor.call('POST', `${its}/acknowledge`);
    expect(again.body).toEqual(first.body);
    at(60);
    await settled();
    expect(stepsOf(id)).toEqual([0]);
    await until(() => service.toldOf(id).includes('alert.acknowledged'));
    expect(service.toldOf(id).filter((type) => type === 'alert.acknowledged')).toHaveLength(1);
  });

  it('wins against a step that is due at the same time, or loses, and never both', async () => {
    const { doctor, id, its } = await raised();
    await called(id, 0);
    at(5);
    await doctor.call('POST', `${its}/acknowledge`);
    await settled();
    const rows = await service.sql.query('select step, outcome from alert_step where alert_id = $1 order by step', [
      id,
    ]);
    const outcome = rows.rows.find(({ step }) => step === 1)?.outcome;
    expect(stepsOf(id)).toEqual(outcome === 'told' ? [0, 1] : [0]);
    expect(rows.rows.find(({ step }) => step === 2)?.outcome).toBe('stopped');
  });

  it('keeps no step of another alert waiting, nor waits for one', async () => {
    const [held, other] = [await raised(), await raised()];
    await Promise.all([called(held.id, 0), called(other.id, 0)]);
    const answering = await service.sql.connect();
    await answering.query('begin');
    await answering.query('select from alert where id = $1 for update', [held.id]);
    at(5);
    await called(other.id, 0, 1);
    // As acknowledging does: what waited for it here while it held the step would never come to an end.
    await answering.query(
      `update alert_step set done_at = $2, outcome = 'stopped' where alert_id = $1 and done_at is null`,
      [held.id, service.clock.now()],
    );
    await answering.query('commit');
    answering.release();
    await settled();
    expect(stepsOf(held.id)).toEqual([0]);
  });

  it('is one who watches over it: for others there is no such alert', async () => {
    const { its } = await raised();
    const stranger = await buildDoctor(service);
    for (const [method, path, body] of [
      ['GET', its],
      ['GET', `${its}/why`],
      ['POST', `${its}/acknowledge`],
      ['POST', `${its}/snooze`, { minutes: 5 }],
      ['POST', `${its}/hand-over`, { practitionerId: stranger.practitionerId }],
    ] as [string, string, object?][]) {
      const { status, body: problem } = await stranger.call(method, path, body);
      expect([path, status, problem.code]).toEqual([path, 404, 'ALERT.NOT_FOUND']);
    }
  });
});

describe('a snooze', () => {
  it('is of one alert, ends, and then all begins anew', async () => {
    const { doctor, id, its } = await raised();
    await called(id, 0);
    const snoozed = await doctor.call('POST', `${its}/snooze`, { minutes: 30 });
    expect(snoozed.body).toMatchObject({ status: 'snoozed', snoozedUntil: '2026-11-20T10:30:00.000Z' });
    at(29);
    await settled();
    expect(stepsOf(id)).toEqual([0]);
    await service.restart();
    at(30);
    await called(id, 0, 0);
    at(35);
    await called(id, 0, 0, 1);
    expect((await doctor.call('GET', its)).body.status).toBe('open');
  });

  it('is refused when it is longer than its rule allows, and of an alert that is over', async () => {
    const { doctor, its, patientId } = await raised();
    const long = await doctor.call('POST', `${its}/snooze`, { minutes: 61 });
    expect([long.status, long.body.code]).toEqual([422, 'ALERT.SNOOZE_TOO_LONG']);
    await service.take([pulse(patientId, 1, 90)]);
    for (const [what, body] of [
      ['snooze', { minutes: 5 }],
      ['acknowledge', undefined],
    ] as const) {
      const over = await doctor.call('POST', `${its}/${what}`, body);
      expect([over.status, over.body.code]).toEqual([409, 'ALERT.OVER']);
    }
  });

  it('lets through what is more urgent of the same patient', async () => {
    const { doctor, id, its, patientId } = await raised();
    await called(id, 0);
    await doctor.call('POST', `${its}/snooze`, { minutes: 60 });
    const urgent = documentFor(doctor.practitionerId, {
      condition: { kind: 'level', code: '8867-4', unit: '/min', above: 160 },
      priority: 'high',
    });
    await enabledRule(doctor.call, urgent);
    await service.take([pulse(patientId, 1, 170)]);
    const items = await alertsOnce(doctor.call, patientId, (all) => all.length === 2);
    expect(items.map(({ priority, status }) => [priority, status])).toEqual([
      ['high', 'open'],
      ['medium', 'snoozed'],
    ]);
    await called(items[0].id, 0);
    expect(stepsOf(id)).toEqual([0]);
  });
});

describe('whoever takes an alert over', () => {
  it('is told at once and answers for it; until they do the later steps go on', async () => {
    const { doctor, id, its } = await raised();
    await called(id, 0);
    await doctor.call('POST', `${its}/acknowledge`);
    const other = await buildDoctor(service);
    const { body } = await doctor.call('POST', `${its}/hand-over`, { practitionerId: other.practitionerId });
    expect(body).toMatchObject({ ownerId: other.practitionerId, status: 'open' });
    await called(id, 0, 0);
    expect(callsOf(id).at(-1)?.recipients).toEqual([other.practitionerId]);
    at(5);
    await called(id, 0, 0, 1);
    expect((await other.call('POST', `${its}/acknowledge`)).status).toBe(200);
  });

  it('can be reached, or it is refused', async () => {
    const { doctor, its } = await raised();
    const gone = randomUUID();
    service.neighbours.unreachable.add(gone);
    const refused = await doctor.call('POST', `${its}/hand-over`, { practitionerId: gone });
    expect([refused.status, refused.body.code]).toEqual([422, 'ALERT.NOBODY_REACHABLE']);
    service.neighbours.isAway = true;
    expect((await doctor.call('POST', `${its}/hand-over`, { practitionerId: randomUUID() })).status).toBe(503);
    service.neighbours.isAway = false;
  });
});

describe('a silence', () => {
  const reason = 'In hospital, where others watch';
  const add = (call: Caller, more: object) =>
    call('POST', '/api/alert-silences', { upTo: 'medium', until: '2026-11-20T11:00:00Z', reason, ...more });

  it('keeps alerts of a patient quiet until its end, and they ring then if they still go on', async () => {
    const { doctor, document } = await raised();
    const patientId = randomUUID();
    const { body } = await add(doctor.call, { patientId });
    expect(body).toMatchObject({ patientId, reason, author: expect.any(String) });
    await service.take([pulse(patientId, 1, 150)]);
    const [alert] = await alertsOnce(doctor.call, patientId, (items) => items.length === 1);
    await settled();
    expect(stepsOf(alert.id)).toEqual([]);
    at(60);
    await called(alert.id, 0);
    at(65);
    await called(alert.id, 0, 1);
    expect(document.steps).toHaveLength(2);
  });

  it('that is ended before its time lets them ring at once', async () => {
    const { doctor } = await raised();
    const patientId = randomUUID();
    const { body } = await add(doctor.call, { patientId });
    await service.take([pulse(patientId, 1, 150)]);
    const [alert] = await alertsOnce(doctor.call, patientId, (items) => items.length === 1);
    await settled();
    at(10);
    const ended = await doctor.call('POST', `/api/alert-silences/${body.id}/end`);
    expect(ended.body.endedAt).toBe('2026-11-20T10:10:00.000Z');
    await called(alert.id, 0);
    expect((await doctor.call('GET', '/api/alert-silences')).body.items).not.toContainEqual(
      expect.objectContaining({ id: body.id }),
    );
  });

  it('never keeps quiet what is most urgent', async () => {
    const { doctor, ruleId } = await raised({ priority: 'high' });
    await add(doctor.call, { ruleId });
    const patientId = randomUUID();
    await service.take([pulse(patientId, 1, 150)]);
    const [alert] = await alertsOnce(doctor.call, patientId, (items) => items.length === 1);
    await called(alert.id, 0);
    expect((await add(doctor.call, { ruleId, upTo: 'high' })).status).toBe(422);
  });

  it.each([
    ['of nothing', {}],
    ['that is over', { until: '2026-11-20T09:00:00Z', patientId: randomUUID() }],
    ['of more than thirty days', { until: '2027-01-20T09:00:00Z', patientId: randomUUID() }],
  ])('%s is refused', async (_, more) => {
    const { call } = await buildDoctor(service);
    const refused = await add(call, more);
    expect([refused.status, refused.body.code]).toEqual([422, 'SILENCE.INVALID']);
  });
});

describe('alerts of one patient', () => {
  it('are one group, and the same people are not told twice in five minutes, unless it is more urgent', async () => {
    const { doctor, id, patientId } = await raised();
    await called(id, 0);
    const more = documentFor(doctor.practitionerId, {
      condition: { kind: 'level', code: '8867-4', unit: '/min', above: 130 },
    });
    await enabledRule(doctor.call, more);
    await service.take([pulse(patientId, 1, 155)]);
    const items = await alertsOnce(doctor.call, patientId, (all) => all.length === 2);
    expect(items.map(({ groupId }) => groupId)).toEqual([id, id]);
    await settled();
    const second = items.find((each) => each.id !== id);
    expect(stepsOf(second.id)).toEqual([]);
    const { notes } = (await doctor.call('GET', `/api/alerts/${second.id}/why`)).body;
    expect(notes.map(({ kind }: { kind: string }) => kind)).toContain('told-with');
    at(20);
    await until(() => stepsOf(second.id).includes(1));
  });

  it('are kept quiet by one that is no less urgent, as a rule says, and ring when it clears', async () => {
    const { doctor, ruleId, id, patientId } = await raised();
    const held = documentFor(doctor.practitionerId, {
      condition: { kind: 'level', code: '8867-4', unit: '/min', above: 100 },
      clear: { readings: 1 },
      inhibitedBy: [ruleId],
    });
    const urgent = { ...held, priority: 'high' as const };
    const [heldRule, urgentRule] = [await enabledRule(doctor.call, held), await enabledRule(doctor.call, urgent)];
    await service.take([pulse(patientId, 1, 150)]);
    const items = await alertsOnce(doctor.call, patientId, (all) => all.length === 3);
    const of = (rule: string) => items.find((each) => each.ruleId === rule);
    expect(of(heldRule)).toMatchObject({ status: 'inhibited', inhibitedBy: id });
    await called(of(urgentRule).id, 0);
    expect(stepsOf(of(heldRule).id)).toEqual([]);
    // Below the limit of the one, above that of the other.
    await service.take([pulse(patientId, 8, 105)]);
    at(10);
    await until(async () => (await doctor.call('GET', `/api/alerts/${of(heldRule).id}`)).body.status === 'open');
    await settled();
  });
});

describe('the list', () => {
  it('has the most urgent first, goes on by a cursor, and has what is active alone when asked', async () => {
    const { call, practitionerId } = await buildDoctor(service);
    const limits = [100, 110, 120];
    const priorities = ['low', 'medium', 'high'] as const;
    for (const [nth, above] of limits.entries()) {
      const condition = { kind: 'level' as const, code: '8867-4', unit: '/min', above };
      await enabledRule(
        call,
        documentFor(practitionerId, { condition, clear: { readings: 1 }, priority: priorities[nth] }),
      );
    }
    const patientId = randomUUID();
    await service.take([pulse(patientId, 0, 150)]);
    await alertsOnce(call, patientId, (items) => items.length === 3);
    const pages = [];
    for (let path: string | undefined = '/api/alerts?limit=2&active=true'; path; ) {
      const { body } = await call('GET', path);
      pages.push(body.items.map(({ priority }: { priority: string }) => priority));
      path = body.nextCursor && `/api/alerts?limit=2&active=true&cursor=${body.nextCursor}`;
    }
    expect(pages).toEqual([['high', 'medium'], ['low']]);
    await service.take([pulse(patientId, 1, 105)]);
    const active = (await call('GET', '/api/alerts?active=true')).body.items;
    expect(active.map(({ priority, status }: { priority: string; status: string }) => [priority, status])).toEqual([
      ['high', 'cleared'],
      ['low', 'open'],
    ]);
  });
});
