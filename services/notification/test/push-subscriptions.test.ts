import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../tests/support/http.ts';
import { PushService } from '../../../tests/support/push-service.ts';
import { browserKeys, channelSettings, type NotificationService, startService } from './support.ts';

const push = new PushService();
let service: NotificationService;
let secretary: Caller;
beforeAll(async () => {
  await push.start();
  const settings = channelSettings({
    ...{ PUSH_SUBJECT: 'mailto:it@cabinet.example', PUSH_SECRET: 'the secret by which browsers know us in tests' },
    OUTBOUND_PRIVATE_HOSTS: push.host,
  });
  // A push service believes what is signed for today, by its own clock.
  service = await startService({ settings, overrides: { channels: undefined }, now: new Date().toISOString() });
  secretary = await service.as({ roles: ['secretary'] });
  const admin = await service.as({ roles: ['admin'] });
  const policies = '/api/notification-policies/current';
  const { policy } = (await admin('GET', policies)).body;
  // At whatever hour this runs.
  const awake = { ...policy, quietHours: { ...policy.quietHours, channels: [] } };
  expect((await admin('PUT', policies, awake, { 'if-match': '"v0"' })).status).toBe(200);
});
afterAll(async () => {
  await service?.stop();
  await push.stop();
});

const path = '/api/push-subscriptions';
const asPatient = (patientId: string) => service.as({ roles: ['patient'], patientId, sub: randomUUID() });

/** A patient, and how they subscribe with a browser. */
async function patient() {
  const { id } = service.patient();
  const self = await asPatient(id);
  const subscribe = async (who = self) => {
    const browser = await push.subscribe((await who('GET', path)).body.publicKey);
    return { browser, answer: await who('POST', path, browser) };
  };
  return { id, self, subscribe };
}

/** Has somebody written to by push. @returns the line of the ledger that says what became of it */
async function written(patientId: string): Promise<string | undefined> {
  const order = { template: 'results-ready', patientIds: [patientId], channels: ['push'] };
  const { status, body } = await secretary('POST', '/api/notify', order);
  expect(status).toBe(202);
  return (await service.states(body.items[0].occasionId))[0];
}

describe('a patient who subscribes with a browser', () => {
  it('is told there that there is something to read, in each browser that they have', async () => {
    const { id, subscribe } = await patient();
    const [one, two] = [await subscribe(), await subscribe()];
    expect([one.answer.status, one.answer.body.service]).toEqual([201, push.host]);
    expect(await written(id)).toBe('results-ready push sent');
    for (const { browser } of [one, two]) {
      const [pushed] = push.pushedTo(browser.endpoint);
      expect(pushed?.payload).toMatchObject({ language: 'fr', body: expect.stringContaining('Cabinet des Lilas') });
    }
  });

  it('lists them, without what opens them, and ends one', async () => {
    const { id, self, subscribe } = await patient();
    const { answer, browser } = await subscribe();
    const listed = (await self('GET', path)).body;
    // By which the browser finds itself among them.
    const fingerprint = createHash('sha256').update(browser.endpoint).digest('base64url');
    const { id: subscriptionId, createdAt } = answer.body;
    expect(listed.items).toEqual([{ id: subscriptionId, service: push.host, fingerprint, createdAt }]);
    const { rows } = await service.sql.query('select * from push_subscription where patient_id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(browser.endpoint);
    expect(JSON.stringify(rows)).not.toContain(browser.keys.auth);
    expect((await self('DELETE', `${path}/${answer.body.id}`)).status).toBe(204);
    expect((await self('DELETE', `${path}/${answer.body.id}`)).body.code).toBe('NOTIFICATION.SUBSCRIPTION_NOT_FOUND');
    expect(await written(id)).toBe('results-ready push suppressed no-address');
    expect(await service.actionsOn(id)).toContain('DELETE /api/push-subscriptions/:id 204');
  });

  it('is told nothing in a browser that somebody else has subscribed with since', async () => {
    const [first, second] = [await patient(), await patient()];
    const { browser } = await first.subscribe();
    expect((await second.self('POST', path, browser)).status).toBe(201);
    expect((await first.self('GET', path)).body.items).toEqual([]);
    expect(await written(first.id)).toBe('results-ready push suppressed no-address');
    expect(await written(second.id)).toBe('results-ready push sent');
    expect(push.pushedTo(browser.endpoint)).toHaveLength(1);
  });

  it('subscribes once with a browser, however often', async () => {
    const { self, subscribe } = await patient();
    const { browser, answer } = await subscribe();
    const again = await self('POST', path, browser, { 'idempotency-key': randomUUID() });
    expect([again.status, again.body.id]).toEqual([201, answer.body.id]);
  });

  it('is not asked after that browser again once it is gone', async () => {
    const { id, self, subscribe } = await patient();
    const { browser } = await subscribe();
    push.unsubscribe(browser.endpoint);
    expect(await written(id)).toBe('results-ready push failed');
    expect((await self('GET', path)).body.items).toEqual([]);
  });

  it('keeps their browsers when they are merged, and none when they are erased', async () => {
    const [before, stays] = [await patient(), await patient()];
    await before.subscribe();
    const data = { patientId: before.id, mergedIntoPatientId: stays.id, version: 2 };
    await service.hear('patient', { id: randomUUID(), type: 'patient.merged', source: 'patient', data });
    expect((await stays.self('GET', path)).body.items).toHaveLength(1);
    const erased = { patientId: stays.id, version: 3 };
    await service.hear('patient', { id: randomUUID(), type: 'patient.erased', source: 'patient', data: erased });
    const { rows } = await service.sql.query('select from push_subscription where patient_id = $1', [stays.id]);
    expect(rows).toEqual([]);
    expect((await stays.subscribe()).answer.body.code).toBe('NOTIFICATION.PATIENT_UNKNOWN');
  });
});

describe('a subscription', () => {
  it.each([
    ['an address within', { endpoint: 'https://10.0.0.7/push' }, 'endpoint'],
    ['an address without TLS', { endpoint: 'http://push.example.org/x' }, 'endpoint'],
    ['keys that are none', { keys: { p256dh: 'AAAA', auth: 'AAAA' } }, 'keys'],
    ['a key that is not ours', { vapidKey: browserKeys().p256dh }, 'vapidKey'],
  ])('is refused with %s', async (_, wrong, field) => {
    const { self } = await patient();
    const { publicKey } = (await self('GET', path)).body;
    const right = { endpoint: `https://push.example.org/${randomUUID()}`, keys: browserKeys(), vapidKey: publicKey };
    const { status, body } = await self('POST', path, { ...right, ...wrong });
    expect([status, body.fields.map((each: { path: string }) => each.path)]).toEqual([422, [field]]);
  });

  it('is nobody’s who is no patient, nor another’s to end', async () => {
    const { subscribe } = await patient();
    const { answer } = await subscribe();
    expect((await secretary('GET', path)).status).toBe(403);
    const other = await asPatient(randomUUID());
    expect((await other('DELETE', `${path}/${answer.body.id}`)).status).toBe(404);
  });
});
