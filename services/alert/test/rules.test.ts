import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AlertService, buildDoctor, documentFor, now, pulse, startService, turnOn } from './support.ts';

let service: AlertService;
let doctor: Awaited<ReturnType<typeof buildDoctor>>;

beforeAll(async () => {
  service = await startService();
  await turnOn(service);
  doctor = await buildDoctor(service);
});
beforeEach(() => {
  service.log.all.length = 0;
  service.log.isAway = false;
  service.neighbours.unreachable.clear();
});
afterAll(() => service?.stop());

const write = (document: object, more: object = {}) => doctor.call('POST', '/api/alert-rules', { document, ...more });
const mine = (changes: Parameters<typeof documentFor>[1] = {}) => documentFor(doctor.practitionerId, changes);

/** Readings of the last days: every hour normal, and so often a day high for two hours. */
function fill(patientId: string, days: number, highADay: number): void {
  for (let hour = 1; hour < days * 24; hour += 1) {
    const isHigh = (hour % 24) % 3 === 0 && Math.floor((hour % 24) / 3) < highADay;
    service.log.all.push(pulse(patientId, -hour * 60, isHigh ? 150 : 80));
  }
}

describe('a rule', () => {
  it('is kept in versions, each with its author, and runs once it is enabled', async () => {
    const written = await write(mine());
    const { id } = written.body;
    expect([written.status, written.headers.get('location')]).toEqual([201, `/api/alert-rules/${id}`]);
    expect(written.body).toMatchObject({ version: 1, status: 'draft', document: mine() });
    const colleague = await buildDoctor(service);
    const document = mine({ title: 'Pulse above 120, by a colleague' });
    const revised = await colleague.call('PUT', `/api/alert-rules/${id}`, { document }, { 'if-match': '"v1"' });
    expect([revised.body.version, revised.headers.get('etag')]).toEqual([2, '"v2"']);
    const stale = await doctor.call('PUT', `/api/alert-rules/${id}`, { document }, { 'if-match': '"v1"' });
    expect(stale.status).toBe(412);
    expect((await doctor.call('PUT', `/api/alert-rules/${id}`, { document })).status).toBe(428);
    const { items } = (await doctor.call('GET', `/api/alert-rules/${id}/versions`)).body;
    expect(items.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    expect(new Set(items.map(({ author }: { author: string }) => author)).size).toBe(2);
  });

  it('is written once with an Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const send = () => doctor.call('POST', '/api/alert-rules', { document: mine() }, key);
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
  });

  it.each([
    ['no condition of its form', { condition: { kind: 'level', code: 'pulse', unit: '/min', above: 120 } }],
    ['a kind that nobody knows', { condition: { kind: 'mood' } }],
    ['a step without anybody', { steps: [{ afterMinutes: 0, to: [] }] }],
    ['something else besides', { loud: true }],
  ])('with %s is refused', async (_, changes) => {
    expect((await write({ ...mine(), ...changes })).status).toBe(422);
  });

  it.each([
    ['without a limit', { condition: { kind: 'level', code: '8867-4', unit: '/min' } }, 'document.condition'],
    ['that clears where it rings', { clear: { readings: 1, below: 140 } }, 'document.clear.below'],
  ])('%s is refused, with what is wrong', async (_, changes, path) => {
    const { status, body } = await write({ ...mine(), ...changes });
    expect([status, body.code, body.fields[0].path]).toEqual([422, 'ALERT_RULE.INVALID', path]);
  });

  it('is refused when a step has nobody reachable, or the last resort is not, also when it is enabled', async () => {
    const gone = randomUUID();
    service.neighbours.unreachable.add(gone);
    const steps = [{ afterMinutes: 0, to: [gone] }];
    const refused = await write(mine({ steps, lastResort: { afterMinutes: 10, to: gone } }));
    expect([refused.status, refused.body.code]).toEqual([422, 'ALERT.NOBODY_REACHABLE']);
    const paths = refused.body.fields.map((field: { path: string }) => field.path);
    expect(paths).toEqual(['document.steps.0.to', 'document.lastResort.to']);
    const { id } = (await write(mine({ steps: [{ afterMinutes: 0, to: [gone, doctor.practitionerId] }] }))).body;
    service.neighbours.unreachable.add(doctor.practitionerId);
    const override = { reason: 'Signed for by a test' };
    const enabled = await doctor.call('POST', `/api/alert-rules/${id}/enable`, { override });
    expect([enabled.status, enabled.body.code]).toEqual([422, 'ALERT.NOBODY_REACHABLE']);
    expect((await doctor.call('GET', `/api/alert-rules/${id}`)).body.status).toBe('draft');
  });

  it('of a patient stands in place of one of the practice, and of nothing else', async () => {
    const usual = (await write(mine())).body.id;
    const own = await write(mine(), { patientId: randomUUID(), replaces: usual });
    expect(own.body).toMatchObject({ replaces: usual });
    const ofNobody = await write(mine(), { replaces: usual });
    const ofOwn = await write(mine(), { patientId: randomUUID(), replaces: own.body.id });
    for (const refused of [ofNobody, ofOwn])
      expect([refused.status, refused.body.code]).toEqual([422, 'ALERT_RULE.INVALID']);
    expect((await write(mine(), { patientId: randomUUID(), replaces: randomUUID() })).status).toBe(404);
  });

  it('is read by the patient whom it watches, and by no other', async () => {
    const patientId = randomUUID();
    const { id } = (await write(mine(), { patientId })).body;
    const self = await service.as({ roles: ['patient'], patientId, sub: randomUUID() });
    const { items } = (await self('GET', `/api/alert-rules?patientId=${patientId}`)).body;
    expect(items.map((rule: { id: string }) => rule.id)).toContain(id);
    const stranger = await service.as({ roles: ['patient'], patientId: randomUUID(), sub: randomUUID() });
    expect((await stranger('GET', `/api/alert-rules?patientId=${patientId}`)).status).toBe(403);
    expect((await stranger('GET', '/api/alert-rules')).status).toBe(403);
    expect((await stranger('GET', `/api/alert-rules/${id}`)).status).toBe(404);
  });
});

describe('a back-test', () => {
  it('says how often it would have rung, of whom, at night, how long, and who would have been called', async () => {
    const [quiet, loud] = [randomUUID(), randomUUID()];
    fill(quiet, 10, 0);
    fill(loud, 10, 2);
    const { id } = (await write(mine())).body;
    const { status, body } = await doctor.call('POST', `/api/alert-rules/${id}/back-tests`, { days: 10 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      days: 10,
      patients: 2,
      readings: 478,
      alerts: 19,
      alertsADay: 1.9,
      longestMinutes: 60,
    });
    expect(body.byPatient).toEqual([{ patientId: loud, alerts: 19 }]);
    expect(body.called).toEqual([{ practitionerId: doctor.practitionerId, times: 19 }]);
    expect([body.late, body.questions]).toEqual([0, 0]);
  });

  it('finds what was found live on the same readings', async () => {
    const patientId = randomUUID();
    const { id } = (await write(mine(), { patientId })).body;
    await doctor.call('POST', `/api/alert-rules/${id}/enable`, { override: { reason: 'Signed for by a test' } });
    const values = [80, 130, 125, 100, 150, 115, 130, 90, 80, 121];
    const readings = values.map((value, nth) => pulse(patientId, nth - 20, value));
    // Two came in another order than they were taken, and one too late.
    const later = (nth: number, minutes: number) => {
      const taken = readings[nth] as (typeof readings)[number];
      taken.receivedAt = new Date(Date.parse(taken.effectiveAt) + minutes * 60_000).toISOString();
    };
    later(3, 4);
    later(5, 2);
    const late = pulse(patientId, -600, 150, { receivedAt: pulse(patientId, -5, 0).effectiveAt });
    const all = [...readings, late].sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
    for (const reading of all) await service.take([reading]);
    service.log.all.push(...readings, late);
    const { body } = await doctor.call('POST', `/api/alert-rules/${id}/back-tests`, { days: 1 });
    const rows = await service.sql.query('select is_late from alert where rule_id = $1 and retracted_at is null', [id]);
    const live = rows.rows.filter(({ is_late }) => !is_late).length;
    expect([body.alerts, body.late]).toEqual([live, rows.rows.length - live]);
    expect([live, body.late]).toEqual([3, 1]);
  });

  it('of a document that nobody has written stores nothing', async () => {
    fill(randomUUID(), 2, 1);
    const before = (await service.sql.query('select from back_test')).rowCount;
    const { body } = await doctor.call('POST', '/api/alert-rules/try-out', { document: mine(), days: 2 });
    expect(body.alerts).toBeGreaterThan(0);
    expect((await service.sql.query('select from back_test')).rowCount).toBe(before);
  });

  it('is not given without the readings', async () => {
    const { id } = (await write(mine(), { patientId: randomUUID() })).body;
    service.log.isAway = true;
    expect((await doctor.call('POST', `/api/alert-rules/${id}/back-tests`, { days: 1 })).status).toBe(503);
    for (const days of [0, 91])
      expect((await doctor.call('POST', `/api/alert-rules/${id}/back-tests`, { days })).status).toBe(422);
  });
});

describe('to enable a rule', () => {
  it('it must have been tested in the last day, in this version, within the budget', async () => {
    service.clock.set(new Date(now));
    fill(randomUUID(), 10, 4);
    const { id } = (await write(mine())).body;
    const its = `/api/alert-rules/${id}`;
    const enable = () => doctor.call('POST', `${its}/enable`, {});
    expect((await enable()).body.code).toBe('ALERT_RULE.NOT_TESTED');
    await doctor.call('POST', `${its}/back-tests`, { days: 10 });
    const refused = await enable();
    expect([refused.status, refused.body.code, refused.body.budget]).toEqual([409, 'ALERT_RULE.OVER_BUDGET', 2]);
    const document = mine({ condition: { kind: 'level', code: '8867-4', unit: '/min', above: 160 } });
    await doctor.call('PUT', its, { document }, { 'if-match': '"v1"' });
    expect((await enable()).body.code).toBe('ALERT_RULE.NOT_TESTED');
    await doctor.call('POST', `${its}/back-tests`, { days: 10 });
    service.clock.advanceBy(25 * 3_600_000);
    expect((await enable()).body.code).toBe('ALERT_RULE.NOT_TESTED');
    service.clock.set(new Date(now));
    expect((await enable()).body).toMatchObject({ status: 'enabled', enabledVersion: 2 });
    const { rows } = await service.sql.query('select by, basis from alert_rule_enabling where rule_id = $1', [id]);
    expect(rows).toMatchObject([{ basis: { budget: 2, tested: { days: 10, alertsADayOfOne: 0 } } }]);
  });

  it('somebody may sign for it with a reason, which is kept with their name', async () => {
    const { id } = (await write(mine())).body;
    const enable = (reason: string) => doctor.call('POST', `/api/alert-rules/${id}/enable`, { override: { reason } });
    expect((await enable('because')).status).toBe(422);
    const reason = 'Needed tonight; I look myself';
    expect((await enable(reason)).body.status).toBe('enabled');
    const { rows } = await service.sql.query('select by, basis from alert_rule_enabling where rule_id = $1', [id]);
    expect(rows).toMatchObject([{ by: expect.any(String), basis: { override: reason } }]);
    expect((await doctor.call('POST', `/api/alert-rules/${id}/disable`)).body.status).toBe('disabled');
  });
});

describe('the settings', () => {
  it('are changed by admins alone, by their version', async () => {
    const admin = await service.as({ roles: ['admin'], sub: randomUUID() });
    const { body } = await admin('GET', '/api/alert-watch');
    const wish = { isOn: true, zone: 'Indian/Reunion', alertsADay: 3, blindAfterMinutes: 30 };
    const change = (call: typeof admin, version: number, more = {}) =>
      call('PUT', '/api/alert-watch', { ...wish, ...more }, { 'if-match': `"v${version}"` });
    expect((await change(doctor.call, body.version)).status).toBe(403);
    expect((await change(admin, body.version, { zone: 'Europe/Atlantis' })).status).toBe(422);
    expect((await change(admin, body.version)).body).toMatchObject({ ...wish, version: body.version + 1 });
    expect((await change(admin, body.version)).status).toBe(412);
    await change(admin, body.version + 1, { zone: 'Europe/Paris', alertsADay: 2, blindAfterMinutes: 15 });
  });
});
