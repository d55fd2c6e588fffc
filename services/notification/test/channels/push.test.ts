import { randomUUID } from 'node:crypto';
import { systemClock } from '@cabinet/kit/clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PushService } from '../../../../tests/support/push-service.ts';
import { Outbound } from '../../src/data/channels/http/outbound.js';
import { PushChannel } from '../../src/data/channels/push/push-channel.js';
import { vapidKeyFrom } from '../../src/data/channels/push/vapid.js';
import type { PushSubscription } from '../../src/domain/channels/ports.js';
import { messageOf } from './messages.js';

const [key, older, lost] = ['newest', 'older', 'lost'].map(vapidKeyFrom) as [
  ReturnType<typeof vapidKeyFrom>,
  ReturnType<typeof vapidKeyFrom>,
  ReturnType<typeof vapidKeyFrom>,
];
const never = new AbortController().signal;
const service = new PushService();
const kept = new Map<string, PushSubscription>();
const dropped: [id: string, why: string][] = [];
const subscriptions = {
  find: async (id: string) => kept.get(id),
  drop: async (id: string, why: string) => {
    kept.delete(id);
    dropped.push([id, why]);
  },
};
let outbound: Outbound;

beforeAll(async () => {
  await service.start();
  outbound = new Outbound({ timeoutMs: 30_000, privateHosts: [service.host] });
});
afterAll(async () => {
  outbound?.close();
  await service.stop();
});
beforeEach(() => {
  dropped.splice(0);
  service.spoiled.splice(0);
});

const channelOf = (subject = 'mailto:it@cabinet-bernard.example', out = outbound) =>
  new PushChannel(out, subscriptions, { keys: [key, older], subject, ttlSeconds: 3_600 }, systemClock);

async function subscribe(vapidKey = key.publicKey): Promise<{ id: string; subscription: PushSubscription }> {
  const [id, subscription] = [randomUUID(), await service.subscribe(vapidKey)];
  kept.set(id, subscription);
  return { id, subscription };
}

const message = (to: string, decisionId = randomUUID()) =>
  messageOf({ decisionId, to, subject: 'Cabinet Bernard', text: 'Vous avez un message.' });

describe('web push', () => {
  it('is read by the browser it is for, and by nobody on the way', async () => {
    const { id, subscription } = await subscribe();
    const told = message(id);
    expect(await channelOf().send(told, never)).toEqual({ state: 'sent', providerId: `web-push:${told.decisionId}` });
    expect(service.pushedTo(subscription.endpoint)).toEqual([
      {
        payload: { id: told.decisionId, title: 'Cabinet Bernard', body: 'Vous avez un message.', language: 'fr' },
        ttl: 3_600,
        urgency: 'normal',
        topic: expect.stringMatching(/^[\w-]{32}$/),
      },
    ]);
    expect(service.received.at(-1)?.body.toString('latin1')).not.toContain('message');
  });

  it('shows once, when it is sent again because no answer came', async () => {
    const { id, subscription } = await subscribe();
    const told = message(id);
    service.spoiled.push('done-then-cut');
    expect(await channelOf().send(told, never)).toMatchObject({ class: 'temporary', isUncertain: true });
    expect(await channelOf().send({ ...told, attempt: 2 }, never)).toMatchObject({ state: 'sent' });
    expect(service.pushedTo(subscription.endpoint)).toHaveLength(1);
    expect(await channelOf().send(message(id), never)).toMatchObject({ state: 'sent' });
    expect(service.pushedTo(subscription.endpoint)).toHaveLength(2);
  });

  it('reaches browsers that subscribed with the key of before', async () => {
    const { id, subscription } = await subscribe(older.publicKey);
    expect(await channelOf().send(message(id), never)).toMatchObject({ state: 'sent' });
    expect(service.pushedTo(subscription.endpoint)).toHaveLength(1);
  });

  it('drops a subscription made with a key that is used no more, without asking', async () => {
    const { id } = await subscribe(lost.publicKey);
    const asked = service.received.length;
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(dropped).toEqual([[id, 'key-replaced']]);
    expect(service.received).toHaveLength(asked);
  });

  it('drops a subscription whose keys are none', async () => {
    const { id, subscription } = await subscribe();
    kept.set(id, { ...subscription, keys: { ...subscription.keys, p256dh: 'AAAA' } });
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(dropped).toEqual([[id, 'no-keys']]);
  });

  it.each([404, 410])('drops a subscription at %i, and asks no more', async (status) => {
    const { id, subscription } = await subscribe();
    if (status === 410) service.unsubscribe(subscription.endpoint);
    else service.spoiled.push({ status });
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(dropped).toEqual([[id, 'gone']]);
    const asked = service.received.length;
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(service.received).toHaveLength(asked);
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '60' } },
      { class: 'rate-limited', retryAfterSeconds: 60 },
    ],
    [{ status: 413 }, { class: 'permanent-content' }],
    [{ status: 400 }, { class: 'configuration' }],
    [{ status: 403 }, { class: 'configuration' }],
    [{ status: 301, headers: { location: 'https://push.example/' } }, { class: 'configuration' }],
    [{ status: 500 }, { class: 'temporary' }],
    ['cut', { class: 'temporary' }],
  ] as const)('keeps the subscription at %j', async (spoiled, outcome) => {
    const { id } = await subscribe();
    service.spoiled.push(spoiled);
    expect(await channelOf().send(message(id), never)).toMatchObject({ state: 'failed', ...outcome });
    expect(dropped).toEqual([]);
  });

  it('is not waited for without end', async () => {
    const { id } = await subscribe();
    const impatient = new Outbound({ timeoutMs: 300, privateHosts: [service.host] });
    service.spoiled.push('silent');
    expect(await channelOf(undefined, impatient).send(message(id), never)).toMatchObject({ class: 'temporary' });
    impatient.close();
  });

  it('has room for a sentence, not for a letter', async () => {
    const { id } = await subscribe();
    const long = { ...message(id), text: 'x'.repeat(4_000) };
    expect(await channelOf().send(long, never)).toMatchObject({ class: 'permanent-content' });
  });

  it.each([
    'http://127.0.0.1:1/push/x',
    'https://10.0.0.1/push/x',
    'https://[::ffff:127.0.0.1]/x',
    'file:///etc/passwd',
    'x',
  ])('goes to no address within, such as %s', async (endpoint) => {
    const { id, subscription } = await subscribe();
    kept.set(id, { ...subscription, endpoint });
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
  });
});
