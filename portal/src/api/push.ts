import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, told } from './client.ts';
import type { PushBrowserRequest } from './types.ts';

const pushKey = ['push'] as const;
const worker = '/push-worker.js';
/** No page stands there: the worker answers for none, and leaves the one for outages where it is. */
const scope = '/push/';

/** The browsers by which somebody is told, and the key to subscribe with; none where the practice pushes nothing. */
export const usePushBrowsers = () =>
  useQuery({ queryKey: [...pushKey, 'all'], queryFn: () => told(api.GET('/api/push-subscriptions')) });

/** What this browser is to it. */
interface PushHere {
  /** It cannot; or whoever uses it has forbidden it. */
  state: 'impossible' | 'forbidden' | 'possible';
  /** Of its subscription, as the practice knows it; absent: it has none. */
  fingerprint?: string;
}

export const usePushHere = () => useQuery({ queryKey: [...pushKey, 'here'], queryFn: readPushHere });

async function readPushHere(): Promise<PushHere> {
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis))
    return { state: 'impossible' };
  if (Notification.permission === 'denied') return { state: 'forbidden' };
  const subscription = await (await navigator.serviceWorker.getRegistration(scope))?.pushManager.getSubscription();
  return { state: 'possible', fingerprint: subscription ? await fingerprintOf(subscription.endpoint) : undefined };
}

/** SHA-256 of an address, base64url. */
async function fingerprintOf(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return toBase64url(digest);
}

const toBase64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Whoever uses the browser, or the browser itself, has not let it be. */
export class PushNotLet extends Error {
  override readonly name = 'PushNotLet';
}

/**
 * Asks whoever is there, and has the browser be pushed to.
 * @param vapidKey of the practice, base64url
 * @throws PushNotLet when they say no, or its push service cannot be reached; Refused as the service does
 */
export async function pushHere(vapidKey: string, header: { 'Idempotency-Key': string }): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new PushNotLet('not permitted');
  const subscription = await subscriptionWith(vapidKey).catch((error: unknown) => {
    throw new PushNotLet('not subscribed', { cause: error });
  });
  const { endpoint, keys = {} } = subscription.toJSON();
  const body: PushBrowserRequest = {
    endpoint: endpoint ?? subscription.endpoint,
    keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' },
    vapidKey,
  };
  await told(api.POST('/api/push-subscriptions', { body, params: { header } }));
}

async function subscriptionWith(vapidKey: string): Promise<PushSubscription> {
  const registration = await navigator.serviceWorker.register(worker, { scope });
  await begun(registration);
  const { pushManager } = registration;
  const before = await pushManager.getSubscription();
  const key = before?.options.applicationServerKey;
  // One that was made with another key would not be pushed to.
  if (before && (!key || toBase64url(key) !== vapidKey)) await before.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidKey });
}

/** A worker that has not begun cannot be pushed to. */
const begun = ({ active, waiting, installing }: ServiceWorkerRegistration): Promise<void> =>
  new Promise((resolve) => {
    const worker = installing ?? waiting;
    if (active || !worker) return resolve();
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve());
  });

/** Has a browser be pushed to no more. @param isHere it is this one: it forgets its subscription as well */
export async function endPush(id: string, isHere: boolean): Promise<void> {
  await told(api.DELETE('/api/push-subscriptions/{id}', { params: { path: { id } } }));
  if (!isHere) return;
  const registration = await navigator.serviceWorker.getRegistration(scope);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** To be called when a browser was added or ended, or may have been. */
export function usePushChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: pushKey });
}
