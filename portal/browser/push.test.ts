import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers } from '../mock/answers/push.ts';
import { patients } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

/**
 * In the place of the browser's push service, which is on the internet, and of who is asked whether they let it, which a browser without a
 * window asks of nobody: what is said and subscribed is remembered as a browser does, over a reload.
 */
const pushService = `(() => {
  const [place, said] = ['test.subscription', 'test.permission'];
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0)).buffer;
  const subscription = () => {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null');
    return kept && {
      endpoint: kept.endpoint,
      options: { userVisibleOnly: true, applicationServerKey: toBytes(kept.key) },
      toJSON: () => ({ endpoint: kept.endpoint, keys: { p256dh: 'a point', auth: 'a secret' } }),
      unsubscribe: async () => (sessionStorage.removeItem(place), true),
    };
  };
  Object.defineProperty(Notification, 'permission', { get: () => sessionStorage.getItem(said) ?? 'default' });
  Notification.requestPermission = async () => {
    sessionStorage.setItem(said, sessionStorage.getItem('test.answer') ?? 'granted');
    return Notification.permission;
  };
  PushManager.prototype.getSubscription = async () => subscription();
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey: key }) => {
    if (Notification.permission !== 'granted' || !userVisibleOnly) throw new DOMException('', 'NotAllowedError');
    if (sessionStorage.getItem('test.away')) throw new DOMException('', 'AbortError');
    sessionStorage.setItem(place, JSON.stringify({ endpoint: 'https://push.example/' + crypto.randomUUID(), key }));
    return subscription();
  };
})()`;

const place = 'which messages are wanted';
const alice = patients[0]?.id;
/** What the practice has of browsers that subscribed here. */
const told = () => [...browsers.values()].filter(({ service }) => service === 'push.example');
const turnOn = (page: Page) => page.getByRole('button', { name: 'Have this browser told' });

/** @param before what the browser knows already */
async function opened(before: Record<string, string> = {}): Promise<Page> {
  const page = await mock.open('account');
  await page.addInitScript(pushService);
  await page.evaluate(`Object.assign(sessionStorage, ${JSON.stringify(before)})`);
  await page.reload();
  await open(page, place);
  return page;
}

it('a patient has this browser told, finds it again after a reload, and has it told no more', async () => {
  const page = await opened();
  await page.getByText('By updates.push.services.mozilla.com, since').waitFor();
  await turnOn(page).click();
  await page.getByText('This browser is told.').waitFor();
  const { endpoint } = JSON.parse(await page.evaluate("sessionStorage.getItem('test.subscription')"));
  expect(told()).toMatchObject([
    { patientId: alice, fingerprint: createHash('sha256').update(endpoint).digest('base64url') },
  ]);
  await page.reload();
  await page.getByText('This browser is told.').waitFor();
  expect(await turnOn(page).count()).toBe(0);
  // It stands there once, and not among the others.
  await page.getByText('By updates.push.services.mozilla.com, since').waitFor();
  expect(await page.getByText('By push.example').count()).toBe(0);
  await page.getByRole('button', { name: 'Tell this browser no more' }).click();
  await turnOn(page).waitFor();
  expect(await page.evaluate("sessionStorage.getItem('test.subscription')")).toBeNull();
  expect(told()).toEqual([]);
});

it('a browser that was subscribed with another key is subscribed anew', async () => {
  const before = { endpoint: 'https://push.example/old', key: 'b2xk' };
  const page = await opened({ 'test.subscription': JSON.stringify(before) });
  await turnOn(page).click();
  await page.getByText('This browser is told.').waitFor();
  expect(await page.evaluate("sessionStorage.getItem('test.subscription')")).not.toContain('https://push.example/old');
  await page.getByRole('button', { name: 'Tell this browser no more' }).click();
  await turnOn(page).waitFor();
});

it('another browser is told no more from here', async () => {
  const page = await opened();
  const [telephone] = [...browsers.values()].filter(({ patientId }) => patientId === alice);
  await page.getByRole('button', { name: 'Tell it no more: updates.push.services.mozilla.com' }).click();
  await expect.poll(() => page.getByText('Other browsers that are told').count()).toBe(0);
  expect(browsers.has(telephone?.id as string)).toBe(false);
});

it.each([
  ['is not let', { 'test.answer': 'denied' }, 'Allow them in its settings for this site'],
  ['has no push service', { 'test.away': 'yes' }, 'its push service cannot be reached'],
])('a browser that %s says what to do, and the practice is asked for nothing', async (_, before, says) => {
  const page = await opened(before);
  const asked: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && asked.push(new URL(request.url()).pathname));
  await turnOn(page).click();
  await page.getByText('This browser does not let the portal show notifications').waitFor();
  await page.getByText(says).waitFor();
  expect(asked.filter((path) => path === '/api/push-subscriptions')).toEqual([]);
});

it('a practice that pushes nothing offers nothing of it', async () => {
  const page = await mock.open('account');
  await page.route('**/api/push-subscriptions', async (route) => {
    await route.fulfill({ json: { items: [] } });
  });
  await open(page, place);
  await page.getByRole('group', { name: 'Reminders before an appointment' }).waitFor();
  await expect.poll(() => page.getByRole('heading', { name: 'Push notifications' }).count()).toBe(0);
});
