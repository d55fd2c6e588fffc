import { randomUUID } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { SettableClock, systemClock } from '@cabinet/kit/clock';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Given, HttpCounterpart, type Received } from '../../../../tests/support/http-counterpart.ts';
import { Outbound } from '../../src/data/channels/http/outbound.js';
import { publicLookup } from '../../src/data/channels/http/public-lookup.js';
import { WebhookChannel } from '../../src/data/channels/webhook-channel.js';
import type { WebhookEndpoint } from '../../src/domain/channels/ports.js';
import { newSigningKey } from '../../src/domain/channels/webhook-signature.js';
import { messageOf } from './messages.js';

/** Somebody's endpoint, which verifies with the public library and does what it is told once for each id. */
class Receiver extends HttpCounterpart {
  key = newSigningKey('hmac').key;
  readonly done: unknown[] = [];
  private readonly seen = new Set<string>();

  protected answer({ headers, body }: Received): Given {
    try {
      const told = new Webhook(this.key).verify(body.toString(), headers as Record<string, string>);
      const id = String(headers['webhook-id']);
      if (!this.seen.has(id)) this.done.push(told);
      this.seen.add(id);
      return { status: 204 };
    } catch {
      return { status: 401, body: 'who are you?' };
    }
  }
}

const never = new AbortController().signal;
const receiver = new Receiver();
const endpoints = new Map<string, WebhookEndpoint>();
const disabled: string[] = [];
const store = {
  find: async (id: string) => endpoints.get(id),
  disable: async (id: string) => {
    endpoints.delete(id);
    disabled.push(id);
  },
};
let outbound: Outbound;

beforeAll(async () => {
  await receiver.start();
  outbound = new Outbound({ timeoutMs: 30_000, privateHosts: [receiver.host] });
});
afterAll(async () => {
  outbound?.close();
  await receiver.stop();
});
beforeEach(() => {
  receiver.spoiled.splice(0);
  receiver.received.splice(0);
  receiver.done.splice(0);
  disabled.splice(0);
});

const channelOf = (out = outbound, clock: { now(): Date } = systemClock) => new WebhookChannel(out, store, clock);

function endpoint(fields: Partial<WebhookEndpoint> = {}): string {
  const id = randomUUID();
  endpoints.set(id, { url: `${receiver.url}/hooks`, keys: [receiver.key], ...fields });
  return id;
}

const text = JSON.stringify({
  type: 'appointment.booked',
  timestamp: '2026-11-01T10:00:00Z',
  data: { id: '0196f0a2' },
});
const message = (to: string, fields: object = {}) => messageOf({ decisionId: randomUUID(), to, text, ...fields });

describe('a webhook', () => {
  it('is verified by the public library, and says whose turn it is by its id', async () => {
    const told = message(endpoint());
    expect(await channelOf().send(told, never)).toEqual({ state: 'sent', providerId: `webhook:${told.decisionId}` });
    expect(receiver.done).toEqual([JSON.parse(text)]);
    expect(receiver.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': told.decisionId,
      'content-length': String(Buffer.byteLength(text)),
    });
  });

  it('is verified with either key while one replaces the other', async () => {
    const [fresh, old] = [newSigningKey('hmac').key, receiver.key];
    const id = endpoint({ keys: [fresh, old, newSigningKey('ed25519').key] });
    expect(await channelOf().send(message(id), never)).toMatchObject({ state: 'sent' });
    receiver.key = fresh;
    expect(await channelOf().send(message(id), never)).toMatchObject({ state: 'sent' });
    endpoints.set(id, { url: `${receiver.url}/hooks`, keys: [old] });
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'configuration' });
    receiver.key = old;
  });

  it('keeps its id when it is sent again, with the time of then, and is done once', async () => {
    const clock = new SettableClock(new Date());
    const told = message(endpoint());
    receiver.spoiled.push('done-then-cut');
    expect(await channelOf(outbound, clock).send(told, never)).toMatchObject({ class: 'temporary', isUncertain: true });
    clock.advanceBy(60_000);
    expect(await channelOf(outbound, clock).send({ ...told, attempt: 2 }, never)).toMatchObject({ state: 'sent' });
    const [first, again] = receiver.received.map(({ headers }) => headers);
    expect(again?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(again?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(60);
    expect(again?.['webhook-signature']).not.toBe(first?.['webhook-signature']);
    expect(receiver.done).toHaveLength(1);
  });

  it('disables the endpoint that answers 410, and asks it no more', async () => {
    const id = endpoint();
    receiver.spoiled.push({ status: 410 });
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(disabled).toEqual([id]);
    expect(await channelOf().send(message(id), never)).toMatchObject({ class: 'permanent-address' });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%i), and says so', async (status) => {
    receiver.spoiled.push({ status, headers: { location: `${receiver.url}/elsewhere` } });
    expect(await channelOf().send(message(endpoint()), never)).toMatchObject({
      class: 'configuration',
      text: expect.stringContaining('redirects are not followed'),
    });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ['by its type', { status: 200, body: 'blocked', headers: { 'content-type': 'text/html; charset=utf-8' } }],
    ['by its beginning', { status: 200, body: '\n<!DOCTYPE html><title>Sign in</title>' }],
    ['in capitals', { status: 200, body: '<HTML><BODY>Blocked by firewall</BODY></HTML>' }],
  ])('takes a page for no answer of an endpoint, %s', async (_, spoiled) => {
    receiver.spoiled.push(spoiled);
    expect(await channelOf().send(message(endpoint()), never)).toMatchObject({
      class: 'configuration',
      text: expect.stringContaining('HTML'),
    });
    expect(disabled).toEqual([]);
  });

  it('takes any other 2xx for done, whatever it says', async () => {
    for (const given of [{ status: 200, body: 'ok' }, { status: 202 }, { status: 200, body: { html: '<html>' } }]) {
      receiver.spoiled.push(given);
      expect(await channelOf().send(message(endpoint()), never)).toMatchObject({ state: 'sent' });
    }
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '120' } },
      { class: 'rate-limited', retryAfterSeconds: 120 },
    ],
    [
      { status: 503, headers: { 'retry-after': '30' } },
      { class: 'temporary', retryAfterSeconds: 30 },
    ],
    [{ status: 500 }, { class: 'temporary' }],
    [{ status: 400 }, { class: 'configuration' }],
    [{ status: 404 }, { class: 'configuration' }],
    ['cut', { class: 'temporary' }],
  ] as const)('is tried again later at %j', async (spoiled, outcome) => {
    receiver.spoiled.push(spoiled);
    expect(await channelOf().send(message(endpoint()), never)).toMatchObject({ state: 'failed', ...outcome });
    expect(receiver.done).toEqual([]);
  });

  it('reads no more of an answer than says what it is, and waits for none without end', async () => {
    receiver.spoiled.push({ status: 200, body: 'x'.repeat(5_000_000) });
    expect(await channelOf().send(message(endpoint()), never)).toMatchObject({ state: 'sent' });
    const impatient = new Outbound({ timeoutMs: 300, privateHosts: [receiver.host] });
    receiver.spoiled.push('silent');
    expect(await channelOf(impatient).send(message(endpoint()), never)).toMatchObject({
      class: 'temporary',
      text: expect.stringContaining('did not answer in time'),
    });
    impatient.close();
  });

  it('is not waited for any longer than it is wanted', async () => {
    const stop = new AbortController();
    receiver.spoiled.push('silent');
    const sending = channelOf().send(message(endpoint()), stop.signal);
    await expect.poll(() => receiver.received.length).toBe(1);
    stop.abort();
    expect(await sending).toMatchObject({ state: 'failed', class: 'temporary', isUncertain: true });
  });

  it('is no bigger than receivers should have to take', async () => {
    const big = message(endpoint(), { text: JSON.stringify('x'.repeat(20_000)) });
    expect(await channelOf().send(big, never)).toMatchObject({ class: 'permanent-content' });
    expect(receiver.received).toEqual([]);
  });

  it('needs a key', async () => {
    expect(await channelOf().send(message(endpoint({ keys: [] })), never)).toMatchObject({ class: 'configuration' });
    expect(receiver.received).toEqual([]);
  });
});

describe('a webhook whose address leads within', () => {
  const guarded = (...found: LookupAddress[][]) => {
    const asked: string[] = [];
    const lookup = publicLookup((name, callback) => {
      asked.push(name);
      const addresses = found[asked.length - 1] ?? found.at(-1) ?? [];
      callback(addresses.length > 0 ? null : new Error('ENOTFOUND'), addresses);
    });
    return { asked, outbound: new Outbound({ timeoutMs: 5_000, privateHosts: [], lookup }) };
  };
  const within = [{ address: '127.0.0.1', family: 4 }];

  it.each([
    () => receiver.url,
    () => receiver.url.replace('http:', 'https:'),
    () => receiver.url.replace('http://127.0.0.1', 'https://[::ffff:127.0.0.1]'),
    () => receiver.url.replace('http://127.0.0.1', 'https://2130706433'),
    () => 'https://169.254.169.254/latest/meta-data/',
    () => 'gopher://127.0.0.1/',
  ])('is refused, however it is spelt', async (url) => {
    const { outbound: out } = guarded(within);
    expect(await channelOf(out).send(message(endpoint({ url: url() })), never)).toMatchObject({
      class: 'permanent-address',
      text: 'the endpoint leads to no public address',
    });
    out.close();
    expect(receiver.received).toEqual([]);
  });

  it('is refused when its name leads there, asked in the moment of connecting and once for it', async () => {
    const url = `https://hooks.example:${new URL(receiver.url).port}/hooks`;
    for (const addresses of [
      within,
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [{ address: '93.184.216.34', family: 4 }, ...within],
    ]) {
      const { asked, outbound: out } = guarded(addresses);
      expect(await channelOf(out).send(message(endpoint({ url })), never)).toMatchObject({
        class: 'permanent-address',
      });
      expect(asked).toEqual(['hooks.example']);
      out.close();
    }
    expect(receiver.received).toEqual([]);
  });

  it('is refused when its name led elsewhere a moment before (DNS rebinding)', async () => {
    const url = `https://hooks.example:${new URL(receiver.url).port}/hooks`;
    // At first it leads nowhere; a moment later it leads within.
    const { asked, outbound: out } = guarded([], within);
    const told = message(endpoint({ url }));
    expect(await channelOf(out).send(told, never)).toMatchObject({ class: 'temporary', isUncertain: false });
    expect(await channelOf(out).send({ ...told, attempt: 2 }, never)).toMatchObject({ class: 'permanent-address' });
    expect(asked).toHaveLength(2);
    expect(receiver.received).toEqual([]);
    out.close();
  });
});
