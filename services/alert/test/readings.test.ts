import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../tests/support/http.ts';
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
let doctor: Awaited<ReturnType<typeof buildDoctor>>;

beforeAll(async () => {
  service = await startService();
  doctor = await buildDoctor(service);
});
// Rules of the practice watch the patients of every test.
beforeEach(() => service.sql.query(`update alert_rule set status = 'disabled' where status = 'enabled'`));
afterAll(() => service?.stop());

const stored = async (patientId: string) =>
  (await service.sql.query('select * from alert where patient_id = $1 order by started_at', [patientId])).rows;
const statesOf = async (patientId: string) =>
  (await service.sql.query('select * from engine_state where patient_id = $1', [patientId])).rows;

describe('a new practice', () => {
  it('watches nobody until an admin turns it on', async () => {
    await enabledRule(doctor.call, documentFor(doctor.practitionerId));
    const patientId = randomUUID();
    expect((await service.take([pulse(patientId, 0, 150)])).status).toBe(200);
    expect([await stored(patientId), await statesOf(patientId)]).toEqual([[], []]);
    const heartbeat = await doctor.call('GET', '/api/alert-watch/heartbeat');
    expect(heartbeat.body).toMatchObject({ state: 'off' });
    expect((await doctor.call('PUT', '/api/alert-watch', {})).status).toBe(403);
    await turnOn(service);
  });
});

describe('readings', () => {
  it('ring once for an episode, and tell ids and how urgent it is alone', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    const ruleId = await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    const readings = [pulse(patientId, 0, 80), pulse(patientId, 5, 131), pulse(patientId, 6, 134)];
    await service.take(readings);
    await service.take([pulse(patientId, 7, 115), pulse(patientId, 8, 128)]);
    const [alert, ...others] = await alertsOnce(call, patientId, ([first]) => first?.count === 3);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ ruleId, ruleVersion: 1, priority: 'medium', status: 'open', worst: 134 });
    expect(alert.startedAt).toBe('2026-11-20T10:05:00.000Z');
    await until(() => service.toldOf(alert.id).includes('alert.called'));
    expect(service.toldOf(alert.id)).toEqual(['alert.raised', 'alert.called']);
    const [raised, called] = service.published.filter(
      ({ data }) => (data as { alertId?: string }).alertId === alert.id,
    );
    const ids = { alertId: alert.id, version: 1, patientId, ruleId, priority: 'medium', groupId: alert.id };
    expect(raised?.data).toEqual(ids);
    expect(called?.data).toMatchObject({ step: 0, isLastResort: false, recipients: [practitionerId] });
    await service.take([pulse(patientId, 10, 100)]);
    const [cleared] = await alertsOnce(call, patientId, ([first]) => first?.status === 'cleared');
    expect(cleared).toMatchObject({ clearedAt: '2026-11-20T10:10:00.000Z', isActive: false });
    await until(() => service.toldOf(alert.id).includes('alert.cleared'));
  });

  it('have their effect once however often an event comes, by whichever process', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    const other = await service.replica();
    const readings = [pulse(patientId, 0, 130), pulse(patientId, 1, 131)];
    await Promise.all([service.take(readings), service.take(readings, other), service.take(readings)]);
    const rows = await stored(patientId);
    expect(rows.map(({ count }) => count)).toEqual([2]);
    await until(() => service.toldOf(rows[0].id).includes('alert.called'));
    await service.restart();
    await service.take([pulse(patientId, 2, 132)]);
    expect((await stored(patientId)).map(({ count }) => count)).toEqual([3]);
    expect(service.toldOf(rows[0].id).filter((type) => type === 'alert.called')).toHaveLength(1);
  });

  it('of many patients in two processes at once find what each finds alone', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId, { title: 'Of many' }));
    const other = await service.replica();
    const patients = Array.from({ length: 12 }, () => randomUUID());
    const batch = (minutes: number, value: number) => patients.map((id) => pulse(id, minutes, value));
    await Promise.all([0, 1, 2, 3].map((nth) => service.take(batch(nth, 130 + nth), nth % 2 ? other : service.base)));
    for (const patientId of patients) {
      expect((await stored(patientId)).map(({ count }) => count)).toEqual([4]);
    }
  });

  it('that came too late ring nobody: they say when it would have rung', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    const receivedAt = '2026-11-20T12:00:00.000Z';
    await service.take([pulse(patientId, 5, 150, { receivedAt })]);
    const [late] = await alertsOnce(call, patientId, (items) => items.length === 1);
    expect(late).toMatchObject({ status: 'late', isActive: false, startedAt: '2026-11-20T10:05:00.000Z' });
    expect(service.toldOf(late.id)).toEqual([]);
    expect((await service.sql.query('select * from alert_step where alert_id = $1', [late.id])).rows).toEqual([]);
  });

  it('with something wrong with them make one question, for who watches over the patient, and no alarm', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    await service.take([1, 2, 3].map((nth) => pulse(patientId, nth, 150, { certainty: 'doubtful' })));
    await service.take([pulse(patientId, 4, 900)]);
    expect(await stored(patientId)).toEqual([]);
    const { items } = (await call('GET', '/api/alert-questions')).body;
    const seen = items.map(({ doubt, count }: { doubt: string; count: number }) => [doubt, count]);
    expect(seen.sort()).toEqual([
      ['owner', 3],
      ['value', 1],
    ]);
    const stranger = await buildDoctor(service);
    expect((await stranger.call('GET', '/api/alert-questions')).body.items).toEqual([]);
    const its = `/api/alert-questions/${items[0].id}/answer`;
    expect((await stranger.call('POST', its, { answer: 'not-mine' })).status).toBe(404);
    expect((await call('POST', its, { answer: 'not-mine' })).status).toBe(204);
    expect((await call('GET', '/api/alert-questions')).body.items).toHaveLength(1);
  });

  it('that are none are kept as dead letters, and hold up no others', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const [one, other] = [randomUUID(), randomUUID()];
    const broken = { ...pulse(one, 0, 130), value: 'high' as unknown as number };
    await service.take([broken, pulse(other, 0, 130)]);
    await alertsOnce(call, other, (items) => items.length === 1);
    await until(async () => (await service.sql.query('select from dead_letter')).rowCount === 1);
    expect(await stored(one)).toEqual([]);
  });

  it('ring by all other rules though one ends in a defect, which shows in the metrics', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const condition = { kind: 'gap' as const, code: '8867-4', minutes: 60 };
    const id = await enabledRule(call, documentFor(practitionerId, { condition, clear: undefined }));
    // As no rule can be written: its gap begins at none of its times.
    await service.sql.query(
      `update alert_rule_version set document = document || '{"schedule": {"times": []}}' where rule_id = $1`,
      [id],
    );
    const patientId = randomUUID();
    const answer = await service.take([pulse(patientId, 0, 150)]);
    expect(answer.status).toBe(200);
    expect(await stored(patientId)).toHaveLength(1);
    const metrics = await (await fetch(`${service.base}/metrics`)).text();
    expect(Number(/^alert_rule_failures_total\{[^}]*\} (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  });

  it('ring by a rule of the patient in place of that of the practice', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    const usual = await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    const own = documentFor(practitionerId, {
      condition: { kind: 'level', code: '8867-4', unit: '/min', above: 140 },
    });
    await enabledRule(call, own, { patientId, replaces: usual });
    await service.take([pulse(patientId, 0, 130)]);
    expect(await stored(patientId)).toEqual([]);
    await service.take([pulse(patientId, 1, 141)]);
    await alertsOnce(call, patientId, (items) => items.length === 1);
  });

  it('of several who come together ring each by the rules of their own patient', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    const usual = await enabledRule(call, documentFor(practitionerId));
    const [one, other, third] = [randomUUID(), randomUUID(), randomUUID()];
    const above = (limit: number) =>
      documentFor(practitionerId, { condition: { kind: 'level', code: '8867-4', unit: '/min', above: limit } });
    const ofOne = await enabledRule(call, above(140), { patientId: one, replaces: usual });
    const ofOther = await enabledRule(call, above(115), { patientId: other });
    await service.take([one, other, third].map((patientId) => pulse(patientId, 0, 130)));
    const rulesOf = async (patientId: string) => (await stored(patientId)).map(({ rule_id }) => rule_id).sort();
    expect(await rulesOf(one)).toEqual([]);
    expect(await rulesOf(other)).toEqual([usual, ofOther].sort());
    expect(await rulesOf(third)).toEqual([usual]);
    await service.take([one, other, third].map((patientId) => pulse(patientId, 1, 150)));
    expect(await rulesOf(one)).toEqual([ofOne]);
  });

  it('that come together and go on with an episode change it once, to what the last of them makes of it', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    await service.take([pulse(patientId, 0, 130)]);
    await service.take([1, 2, 3, 4].map((nth) => pulse(patientId, nth, 130 + nth)));
    expect(await stored(patientId)).toMatchObject([{ count: 5, worst: 134, version: 2 }]);
    const [{ because }] = await stored(patientId);
    expect(because).toHaveLength(5);
  });

  it('note to an hour when their patient was last heard', async () => {
    const patientId = randomUUID();
    const lastAt = async () => {
      const { rows } = await service.sql.query('select last_at from heard_patient where patient_id = $1', [patientId]);
      return rows[0]?.last_at.toISOString();
    };
    try {
      for (const [minutes, noted] of [
        [0, '2026-11-20T10:00:00.000Z'],
        [30, '2026-11-20T10:00:00.000Z'],
        [90, '2026-11-20T11:30:00.000Z'],
        [60, '2026-11-20T11:30:00.000Z'],
      ] as const) {
        service.clock.set(new Date(Date.parse(now) + minutes * 60_000));
        await service.take([pulse(patientId, minutes, 80)]);
        expect([minutes, await lastAt()]).toEqual([minutes, noted]);
      }
    } finally {
      service.clock.set(new Date(now));
    }
  });

  it('that ring have their first step done at once, though nobody would look for what is due for an hour', async () => {
    const calm = await startService({}, { roundsEveryMs: 3_600_000 });
    try {
      await turnOn(calm);
      const { practitionerId, call } = await buildDoctor(calm);
      await enabledRule(call, documentFor(practitionerId));
      const patientId = randomUUID();
      await calm.take([pulse(patientId, 0, 80)]);
      await calm.take([pulse(patientId, 1, 150)]);
      await until(() => calm.published.some(({ type }) => type === 'alert.called'));
    } finally {
      await calm.stop();
    }
  });

  it('go on under a version until a new one is enabled, which then begins anew', async () => {
    const { practitionerId, call } = await buildDoctor(service);
    const id = await enabledRule(call, documentFor(practitionerId));
    const patientId = randomUUID();
    const stricter = documentFor(practitionerId, {
      condition: { kind: 'level', code: '8867-4', unit: '/min', above: 100 },
      clear: { readings: 1 },
    });
    const revised = await call('PUT', `/api/alert-rules/${id}`, { document: stricter }, { 'if-match': '"v1"' });
    expect(revised.body).toMatchObject({ version: 2, enabledVersion: 1 });
    await service.take([pulse(patientId, 0, 110)]);
    expect(await stored(patientId)).toEqual([]);
    await call('POST', `/api/alert-rules/${id}/enable`, { override: { reason: 'Signed for by a test' } });
    await service.take([pulse(patientId, 1, 110)]);
    expect((await stored(patientId)).map(({ rule_version }) => rule_version)).toEqual([2]);
  });
});

describe('missing readings', () => {
  const gap = (practitionerId: string) =>
    documentFor(practitionerId, {
      title: 'No pulse for an hour',
      condition: { kind: 'gap', code: '8867-4', minutes: 60 },
      clear: undefined,
    });

  it('ring within a minute of their limit, once in two processes, and clear when one comes', async () => {
    service.clock.set(new Date(now));
    const { practitionerId, call } = await buildDoctor(service);
    await enabledRule(call, gap(practitionerId));
    const patientId = randomUUID();
    await service.take([pulse(patientId, 0, 80)]);
    service.clock.set(new Date('2026-11-20T11:00:30Z'));
    const [alert] = await alertsOnce(call, patientId, (items) => items.length > 0);
    expect(alert).toMatchObject({ startedAt: '2026-11-20T11:00:00.000Z', raisedAt: '2026-11-20T11:00:30.000Z' });
    await service.take([pulse(patientId, 70, 80)]);
    const [cleared, ...others] = await alertsOnce(call, patientId, ([first]) => first?.status === 'cleared');
    expect([cleared.clearedAt, others]).toEqual(['2026-11-20T11:10:00.000Z', []]);
  });

  it('of very many at once ring in one look, as when a network fails', async () => {
    const many = await startService({}, { roundsEveryMs: 3_600_000 });
    try {
      await turnOn(many);
      const { practitionerId, call } = await buildDoctor(many);
      await enabledRule(call, gap(practitionerId));
      const patients = Array.from({ length: 130 }, () => randomUUID());
      await many.take(patients.map((patientId) => pulse(patientId, 0, 80)));
      many.clock.set(new Date('2026-11-20T11:00:30Z'));
      // A practice that asks for it is looked at, once: by what becomes of an alert.
      const patientId = randomUUID();
      await enabledRule(call, documentFor(practitionerId), { patientId });
      await many.take([pulse(patientId, 60, 150)]);
      const rang = async () =>
        (await many.sql.query('select patient_id from alert where patient_id <> $1', [patientId])).rows;
      await until(async () => (await rang()).length === patients.length);
      expect((await rang()).map(({ patient_id }) => patient_id).sort()).toEqual(patients.toSorted());
      const { rows } = await many.sql.query('select from engine_state where tick_at <= $1', [many.clock.now()]);
      expect(rows).toEqual([]);
    } finally {
      await many.stop();
    }
  });

  it('are watched though nothing ever came, where the rule is the patient’s', async () => {
    service.clock.set(new Date(now));
    const { practitionerId, call } = await buildDoctor(service);
    const patientId = randomUUID();
    await enabledRule(call, gap(practitionerId), { patientId });
    service.clock.set(new Date('2026-11-20T11:00:00Z'));
    await alertsOnce(call, patientId, (items) => items.length === 1);
  });

  it('are re-timed by a named author, and never switched off, silenced, or made into something else', async () => {
    service.clock.set(new Date(now));
    const { practitionerId, call } = await buildDoctor(service);
    const id = await enabledRule(call, gap(practitionerId));
    const its = `/api/alert-rules/${id}`;
    const patientId = randomUUID();
    await service.take([pulse(patientId, 0, 80)]);
    const reason = 'Away with no network until Sunday';
    const retimed = await call('PUT', `${its}/gap-timings`, { patientId, minutes: 120, reason });
    expect(retimed.body).toMatchObject({ patientId, minutes: 120, reason, author: expect.any(String) });
    const [row] = await statesOf(patientId);
    expect(row.tick_at.toISOString()).toBe('2026-11-20T12:00:00.000Z');
    expect((await call('GET', `${its}/gap-timings?patientId=${patientId}`)).body.items).toHaveLength(1);
    for (const minutes of [0, 43_201]) {
      expect((await call('PUT', `${its}/gap-timings`, { patientId, minutes, reason })).status).toBe(422);
    }
    const disabled = await call('POST', `${its}/disable`);
    expect([disabled.status, disabled.body.code]).toEqual([409, 'ALERT_RULE.GAP_STAYS']);
    const until = '2026-11-21T10:00:00Z';
    const silenced = await call('POST', '/api/alert-silences', { ruleId: id, upTo: 'medium', until, reason });
    expect([silenced.status, silenced.body.code]).toEqual([409, 'ALERT_RULE.GAP_STAYS']);
    const turned = await call('PUT', its, { document: documentFor(practitionerId) }, { 'if-match': '"v1"' });
    expect([turned.status, turned.body.code]).toEqual([409, 'ALERT_RULE.GAP_STAYS']);
    await turnOn(service, { isOn: false });
    service.clock.set(new Date('2026-11-20T12:00:00Z'));
    await alertsOnce(call, patientId, (items) => items.length === 1);
    await turnOn(service);
  });

  it('of everybody make the practice blind, which is told once, and that it sees again', async () => {
    service.clock.set(new Date(now));
    await service.sql.query('delete from heartbeat');
    await service.take([pulse(randomUUID(), 0, 80)]);
    const { call } = doctor;
    const state = async () => (await call('GET', '/api/alert-watch/heartbeat')).body.state;
    await until(async () => (await state()) === 'seeing');
    // What was told of the hours before.
    await until(async () => (await service.sql.query('select from outbox')).rowCount === 0);
    const sights = () => service.published.map(({ type }) => type).filter((type) => /blind|seeing/.test(type));
    const before = sights().length;
    service.clock.set(new Date('2026-11-20T10:20:00Z'));
    await until(() => sights().length === before + 1);
    expect(await state()).toBe('blind');
    await service.restart();
    await service.take([pulse(randomUUID(), 20, 80)]);
    await until(() => sights().length === before + 2);
    expect(sights().slice(before)).toEqual(['alert.blind', 'alert.seeing']);
    expect(await state()).toBe('seeing');
  });

  it('show in the metrics, by which another path rings', async () => {
    const metrics = await (await fetch(`${service.base}/metrics`)).text();
    for (const name of [
      'alert_watch_on',
      'alert_readings_silent_ratio',
      'alert_rounds_age_seconds',
      'alert_steps_overdue_seconds',
    ])
      expect(metrics).toMatch(new RegExp(`^${name}\\{[^}]*\\} [\\d.e+-]+$`, 'm'));
  });
});
