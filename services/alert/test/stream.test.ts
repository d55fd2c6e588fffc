import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batchOf } from '../../../tests/support/events.ts';
import { caller, until } from '../../../tests/support/http.ts';
import { appApiToken } from '../../../tests/support/service.ts';
import { keyOf } from '../src/domain/engine/evaluate.js';
import type { RuleDocument } from '../src/domain/engine/rule.js';
import {
  type AlertService,
  buildDoctor,
  documentFor,
  enabledRule,
  now,
  pulse,
  signing,
  startService,
  turnOn,
} from './support.js';

let service: AlertService;

beforeAll(async () => {
  service = await startService();
  await turnOn(service, { engine: 'stream' });
});
afterAll(() => service.stop());

const sustained: Partial<RuleDocument> = {
  condition: { kind: 'level', code: '8867-4', unit: '/min', above: 120, sustained: { atLeast: 2, of: 3 } },
};

function tell(type: string, data: object, id: string = randomUUID()) {
  const event = { id, type, source: 'stream', partitionkey: 'patient', data };
  const signed = { ...event, signature: signing.sign('alerts-detected', event) };
  const call = caller(service.base, { 'dapr-api-token': appApiToken });
  return call('POST', '/events/alerts-detected', batchOf(signed));
}

function started(patientId: string, ruleId: string, more: { ruleVersion?: number; at?: string } = {}) {
  const { ruleVersion = 1, at = now } = more;
  const start = new Date(at).toISOString();
  const found = { start, since: start, count: 2, worst: 130, because: [randomUUID()] };
  const candidate = { kind: 'started', key: keyOf(patientId, ruleId, Date.parse(at)), ...found };
  return { patientId, ruleId, ruleVersion, readingId: randomUUID(), candidates: [candidate] };
}

async function alertsOf(doctor: Awaited<ReturnType<typeof buildDoctor>>, patientId: string) {
  const { body } = await doctor.call('GET', `/api/alerts?patientId=${patientId}`);
  return body.items as { id: string; startedAt: string; clearedAt?: string }[];
}

const lastRules = () =>
  service.published.filter(({ type }) => type === 'alert-rules.in-force').at(-1)?.data as {
    version: number;
    isInForce: boolean;
    rules: { id: string; version: number; enabledAt: string; watch: object }[];
  };

it('tells the stream all rules whenever one is enabled or taken out of force, and that it is in force', async () => {
  const doctor = await buildDoctor(service);
  const id = await enabledRule(doctor.call, documentFor(doctor.practitionerId, sustained));
  await until(() => lastRules()?.rules.some((rule) => rule.id === id));
  const { condition, clear, maxAgeMinutes } = documentFor(doctor.practitionerId, sustained);
  const told = lastRules();
  expect(told.isInForce).toBe(true);
  expect(told.rules.find((rule) => rule.id === id)).toEqual({
    id,
    version: 1,
    enabledAt: expect.stringMatching(/Z$/),
    watch: { condition, clear, maxAgeMinutes },
  });
  expect((await doctor.call('POST', `/api/alert-rules/${id}/disable`, {})).status).toBeLessThan(300);
  await until(() => lastRules().version > told.version);
  expect(lastRules().rules.map((rule) => rule.id)).not.toContain(id);
});

it('raises what the stream finds, once, and ends it when the stream says so', async () => {
  const doctor = await buildDoctor(service);
  const ruleId = await enabledRule(doctor.call, documentFor(doctor.practitionerId, sustained));
  const patientId = randomUUID();
  const found = started(patientId, ruleId);
  const id = randomUUID();
  await tell('alert-candidates.detected', found, id);
  await tell('alert-candidates.detected', found, id);
  await tell('alert-candidates.detected', found);
  const [alert, ...others] = await alertsOf(doctor, patientId);
  expect(others).toEqual([]);
  expect(alert?.startedAt).toBe(found.candidates[0]?.start);
  const cleared = {
    kind: 'cleared',
    key: found.candidates[0]?.key,
    end: new Date(Date.parse(now) + 60_000).toISOString(),
  };
  await tell('alert-candidates.detected', { ...found, candidates: [cleared] });
  expect((await alertsOf(doctor, patientId))[0]?.clearedAt).toBeDefined();
});

it('leaves what both engines can run to the stream, and rings itself of a value that rings alone', async () => {
  const doctor = await buildDoctor(service);
  await enabledRule(doctor.call, documentFor(doctor.practitionerId, sustained));
  const alone = await enabledRule(doctor.call, documentFor(doctor.practitionerId));
  const patientId = randomUUID();
  await service.take([pulse(patientId, 0, 130), pulse(patientId, 1, 131), pulse(patientId, 2, 132)]);
  const { body } = await doctor.call('GET', `/api/alerts?patientId=${patientId}`);
  expect(body.items.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([alone]);
});

it('takes nothing of a rule that is another by now, that the stream does not run, or that nobody knows', async () => {
  const doctor = await buildDoctor(service);
  const ruleId = await enabledRule(doctor.call, documentFor(doctor.practitionerId, sustained));
  const alone = await enabledRule(doctor.call, documentFor(doctor.practitionerId));
  const patientId = randomUUID();
  await tell('alert-candidates.detected', started(patientId, ruleId, { ruleVersion: 7 }));
  await tell('alert-candidates.detected', started(patientId, alone));
  await tell('alert-candidates.detected', started(patientId, randomUUID()));
  expect(await alertsOf(doctor, patientId)).toEqual([]);
});

it('goes on in the middle of an episode, under the same key, when the practice goes back to the service', async () => {
  const doctor = await buildDoctor(service);
  const ruleId = await enabledRule(doctor.call, documentFor(doctor.practitionerId, sustained));
  const patientId = randomUUID();
  await service.take([pulse(patientId, 0, 130), pulse(patientId, 1, 131)]);
  const at = new Date(Date.parse(now) + 60_000).toISOString();
  await tell('alert-candidates.detected', started(patientId, ruleId, { at }));
  expect(await alertsOf(doctor, patientId)).toHaveLength(1);
  await turnOn(service, { engine: 'service' });
  await service.take([pulse(patientId, 2, 132), pulse(patientId, 3, 90)]);
  await tell('alert-candidates.detected', started(patientId, ruleId));
  const [alert, ...others] = await alertsOf(doctor, patientId);
  expect(others).toEqual([]);
  expect(alert?.clearedAt).toBe(new Date(Date.parse(now) + 3 * 60_000).toISOString());
  await turnOn(service, { engine: 'stream' });
});

it('is blind when the stream gives no sign for some minutes, and sees again when it does', async () => {
  const admin = await service.as({ roles: ['admin'], sub: randomUUID() });
  const state = async () => (await admin('GET', '/api/alert-watch/heartbeat')).body.state;
  const sights = () => service.published.map(({ type }) => type).filter((type) => /^alert\.(blind|seeing)$/.test(type));
  await service.take([pulse(randomUUID(), 0, 80)]);
  await tell('alert-stream.goes-on', { rules: 1 });
  await until(async () => (await state()) === 'seeing');
  const before = sights().length;
  service.clock.set(new Date(Date.parse(now) + 6 * 60_000));
  await service.take([pulse(randomUUID(), 6, 80)]);
  await until(async () => (await state()) === 'blind' && sights().length === before + 1);
  await tell('alert-stream.goes-on', { rules: 1 });
  await until(async () => (await state()) === 'seeing' && sights().length === before + 2);
  expect(sights().slice(before)).toEqual(['alert.blind', 'alert.seeing']);
});
