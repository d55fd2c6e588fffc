import { createHash } from 'node:crypto';
import type { notificationApi } from '@cabinet/contracts';
import { type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, patients, since } from '../people.ts';

type Browser = notificationApi.components['schemas']['PushSubscriptionResponse'];

const hashOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('base64url');

/** Of RFC 8291, appendix A: a key that browsers take. */
const publicKey = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';

/** Every browser that is told, and which patient is told by it. */
export const browsers = new Map<string, Browser & { patientId: string }>();

const telephone: Browser = {
  ...{ id: idOf('browser on a telephone'), service: 'updates.push.services.mozilla.com', createdAt: since },
  fingerprint: hashOf('https://updates.push.services.mozilla.com/wpush/v2/telephone'),
};
browsers.set(telephone.id, { ...telephone, patientId: patients[0]?.id as string });

const shown = ({ patientId: _, ...browser }: Browser & { patientId: string }): Browser => browser;

function own(patientId: string | undefined): string {
  if (!patientId) throw new Refused(403, 'NOTIFICATION.NOT_YOURS', 'These notifications are of somebody else');
  return patientId;
}

/** As the service looks at it, but for the point of the curve. */
function assertSubscribed({ keys, vapidKey }: notificationApi.components['schemas']['PushSubscriptionRequest']): void {
  const fields = [
    ...(vapidKey === publicKey
      ? []
      : [{ path: 'vapidKey', code: 'REPLACED', message: 'is not the key to subscribe with' }]),
    ...(keys.auth && keys.p256dh ? [] : [{ path: 'keys', code: 'INVALID', message: 'are no keys of a browser' }]),
  ];
  if (fields.length > 0) throw new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', { fields });
}

/** The browsers by which patients are told. */
export const pushAnswers: Handler[] = [
  on('get', '/api/push-subscriptions', ({ who }) => {
    const patientId = own(who.patientId);
    const items = [...browsers.values()].filter((each) => each.patientId === patientId).map(shown);
    return { body: { publicKey, items } };
  }),
  on('post', '/api/push-subscriptions', ({ body, who }) => {
    const patientId = own(who.patientId);
    assertSubscribed(body);
    const { host } = new URL(body.endpoint);
    const fingerprint = hashOf(body.endpoint);
    const id = idOf(`browser ${fingerprint}`);
    const browser = { id, service: host, fingerprint, createdAt: new Date().toISOString(), patientId };
    browsers.set(id, browser);
    return { status: 201, body: shown(browser) };
  }),
  on('delete', '/api/push-subscriptions/{id}', ({ path, who }) => {
    const browser = browsers.get(path.id as string);
    if (browser?.patientId !== own(who.patientId)) throw notFound('NOTIFICATION.SUBSCRIPTION_NOT_FOUND');
    browsers.delete(browser.id);
    return { status: 204, body: undefined };
  }),
];
