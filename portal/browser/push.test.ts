import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers } from '../mock/answers/push.ts';
import { patients } from '../mock/people.ts';
import { open, startOnMock } from './on-mock.ts';

const mock = startOnMock();

/**
 * In the place of the browser's push service, which is on the internet: subscribes with what it is given, and remembers it as a browser
 * does, over a reload.
 */
const pushService = `(() => {
  const place = 'test.push';
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0)).buffer;
  const subscription = () => {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null');
    return kept && {
      endpoint: kept.endpoint,
      options: { userVisibleOnly: true, applicationServerKey: toBytes(kept.key) },
      toJSON: () => ({ endpoint: kept.endpoint, keys: { p256dh: 'p256dh-of-' + kept.key.slice(0, 4), auth: 'auth' } }),
      unsubscribe: async () => (sessionStorage.removeItem(place), true),
    };
  };
  PushManager.prototype.getSubscription = async () => subscription();
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly) throw new DOMException('silent', 'NotAllowedError');
    if (sessionStorage.getItem('test.push-away')) throw new DOMException('no push service', 'AbortError');
    const key = typeof applicationServerKey === 'string' ? applicationServerKey : toText(applicationServerKey);
    sessionStorage.setItem(place, JSON.stringify({ endpoint: 'https://push.example/' + crypto.randomUUID(), key }));
    return subscription();
  };
})()`;

const place = 'which messages are wanted';
const alice = patients[0]?.id;
const turnOn = (page: Page) => page.getByRole('button', { name: 'Have this browser told' });

async function opened(isLet = true): Promise<Page> {
  const page = await mock.open('account');
  await page.addInitScript(pushService);
  if (isLet) await page.context().grantPermissions(['notifications']);
  await page.reload();
  await open(page, place);
  return page;
}

it('a patient has this browser told, finds it again after a reload, and has it told no more', async () => {
  const page = await opened();
  await page.getByText('By updates.push.services.mozilla.com, since').waitFor();
  const asked = page.waitForRequest((request) => request.method() === 'POST' && /push-subscriptions$/.test(request.url()));
  await turnOn(page).click();
  const { endpoint, keys, vapidKey } = (await asked).postDataJSON();
  expect([endpoint.startsWith('https://push.example/'), keys.auth, vapidKey.length]).toEqual([true, 'auth', 87]);
  await page.getByText('This browser is told.').waitFor();
  await page.reload();
  await page.getByText('This browser is told.').waitFor();
  expect(await turnOn(page).count()).toBe(0);
  // It stands there once, and not among the others.
  await page.getByText('By updates.push.services.mozilla.com, since').waitFor();
  expect(await page.getByText('By push.example').count()).toBe(0);
  await page.getByRole('button', { name: 'Tell this browser no more' }).click();
  await turnOn(page).waitFor();
  expect(await page.evaluate("sessionStorage.getItem('test.push')")).toBeNull();
  expect([...browsers.values()].filter(({ service }) => service === 'push.example')).toEqual([]);
});

it('a browser that was subscribed with another key is subscribed anew', async () => {
  const page = await opened();
  const old = JSON.stringify({ endpoint: 'https://push.example/old', key: 'b2xk' });
  await page.evaluate(`sessionStorage.setItem('test.push', ${JSON.stringify(old)})`);
  await page.reload();
  await turnOn(page).click();
  await page.getByText('This browser is told.').waitFor();
  expect(await page.evaluate("sessionStorage.getItem('test.push')")).not.toContain('https://push.example/old');
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

it('where notifications are not let, or there is no push service, it is said what to do, and nothing is asked of the practice', async () => {
  const forbidden = await opened(false);
  let asked = 0;
  forbidden.on('request', (request) => {
    if (request.method() === 'POST' && /push-subscriptions$/.test(request.url())) asked += 1;
  });
  await forbidden.getByText('This browser does not let the portal show notifications').or(turnOn(forbidden)).first().waitFor();
  if (await turnOn(forbidden).isVisible()) await turnOn(forbidden).click();
  await forbidden.getByText('This browser does not let the portal show notifications').waitFor();
  await forbidden.context().grantPermissions(['notifications']);
  await forbidden.evaluate("sessionStorage.setItem('test.push-away', 'yes')");
  await forbidden.reload();
  await turnOn(forbidden).click();
  await forbidden.getByText('its push service cannot be reached').waitFor();
  expect(asked).toBe(0);
});

it('what is pushed is shown as it was written, once for each message, and says no more', async () => {
  const page = await opened();
  await turnOn(page).click();
  await page.getByText('This browser is told.').waitFor();
  const tools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => new URL(scopeURL).pathname === '/push/');
      if (ours) resolve(ours.registrationId);
    });
  });
  await tools.send('ServiceWorker.enable');
  const registrationId = await registered;
  const message = { id: 'm1', title: 'Cabinet des Lilas', body: 'Un message vous attend.', language: 'fr' };
  const { origin } = new URL(page.url());
  for (const data of [message, message, { ...message, id: 'm2' }])
    await tools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(data) });
  const shown = () =>
    page.evaluate(`navigator.serviceWorker.getRegistration('/push/').then((its) => its.getNotifications()).then((all) =>
      all.map(({ title, body, lang, tag }) => ({ title, body, lang, tag })).sort((a, b) => a.tag.localeCompare(b.tag)))`);
  const { title, body, language: lang } = message;
  await expect.poll(shown).toEqual(['m1', 'm2'].map((tag) => ({ title, body, lang, tag })));
});
