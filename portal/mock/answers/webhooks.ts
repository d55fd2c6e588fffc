import { createHash } from 'node:crypto';
import type { notificationApi } from '@cabinet/contracts';
import { type Asked, type Handler, notFound, on, Refused } from '../operation.ts';
import { idOf, people } from '../people.ts';

type Schemas = notificationApi.components['schemas'];
export type Webhook = Schemas['WebhookResponse'];
type Delivery = Schemas['WebhookDeliveryResponse'];

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const admin = people.find(({ roles }) => roles.includes('admin'))?.id as string;

/** Every webhook, by its id, with what it was told, the newest first. */
export const webhooks = new Map<string, { webhook: Webhook; told: Delivery[] }>();

function tell(webhook: Webhook, told: Delivery[] = []): Webhook {
  webhooks.set(webhook.id, { webhook, told });
  return webhook;
}

const delivery = (name: string, its: Omit<Delivery, 'id' | 'createdAt'>, hours: number): Delivery => ({
  ...{ id: idOf(`delivery ${name}`), createdAt: hoursAgo(hours) },
  ...its,
});
const unavailable = { class: 'temporary' as const, text: 'hooks.laboratory.example answered 503' };

tell(
  {
    ...{ id: idOf('webhook laboratory'), name: 'Laboratory', url: 'https://hooks.laboratory.example/cabinet' },
    ...{ types: ['appointment.booked', 'appointment.moved', 'appointment.cancelled'], signedBy: 'hmac', keys: 2 },
    ...{ createdBy: admin, createdAt: hoursAgo(300) },
  },
  [
    delivery(
      'tried',
      {
        ...{ type: 'appointment.moved', state: 'planned', nextAt: hoursAgo(-1) },
        attempts: [
          { at: hoursAgo(1), failure: unavailable },
          { at: hoursAgo(0.9), failure: unavailable },
        ],
      },
      1,
    ),
    delivery('taken', { type: 'appointment.booked', state: 'sent', attempts: [{ at: hoursAgo(5) }] }, 5),
    delivery(
      'failed',
      {
        ...{ type: 'appointment.cancelled', state: 'failed' },
        attempts: [
          { at: hoursAgo(80), failure: { class: 'configuration', text: 'answered 302, which leads elsewhere' } },
        ],
      },
      80,
    ),
  ],
);
tell({
  ...{ id: idOf('webhook accountant'), name: 'Accountant', url: 'https://accountant.example/hooks/7f3a' },
  ...{ types: ['appointment.completed'], signedBy: 'ed25519', keys: 1, createdBy: admin, createdAt: hoursAgo(2_000) },
  ...{ publicKey: 'whpk_3xE1ZQxEF4x2nNwVRw1rXQyTnTtk2b0mZAbZc0bhPjM=', disabledAt: hoursAgo(30), disabledWhy: 'gone' },
});

function found({ path }: Asked<unknown>): { webhook: Webhook; told: Delivery[] } {
  const its = webhooks.get(path.id as string);
  if (!its) throw notFound('NOTIFICATION.WEBHOOK_NOT_FOUND');
  return its;
}

/** As its receiver verifies by it: a secret, or the public half of a pair. */
function withKey(webhook: Webhook): Schemas['WebhookWithSecretResponse'] {
  const made = createHash('sha256').update(`${webhook.id} ${webhook.keys} ${Date.now()}`).digest('base64');
  return webhook.signedBy === 'hmac'
    ? { ...webhook, secret: `whsec_${made}` }
    : { ...webhook, publicKey: `whpk_${made}` };
}

/** Programs of others, and what they are told. */
export const webhookAnswers: Handler[] = [
  on('get', '/api/webhooks', () => ({ body: { items: [...webhooks.values()].map(({ webhook }) => webhook) } })),
  on('post', '/api/webhooks', ({ body, who }) => {
    const { name, url, types, signedBy = 'hmac' } = body;
    if (!/^https:\/\/[\w-]+(?:\.[\w-]+)+(?:[/:]|$)/.test(url)) {
      const fields = [{ path: 'url', code: 'INVALID', message: 'is no https address on the public internet' }];
      throw new Refused(422, 'REQUEST.INVALID', 'The request breaks a rule', { fields });
    }
    const id = idOf(`webhook ${name} ${Date.now()}`);
    const made = withKey({ id, name, url, types, signedBy, keys: 1, createdBy: who.id, createdAt: hoursAgo(0) });
    const { secret: _, ...webhook } = made;
    tell(webhook);
    return { status: 201, body: made };
  }),
  on('get', '/api/webhooks/{id}', (asked) => ({ body: found(asked).webhook })),
  on('delete', '/api/webhooks/{id}', (asked) => {
    webhooks.delete(found(asked).webhook.id);
    return { status: 204, body: undefined };
  }),
  on('post', '/api/webhooks/{id}/rotate', (asked) => {
    const its = found(asked);
    const made = withKey({ ...its.webhook, keys: 2 });
    const { secret: _, ...webhook } = made;
    its.webhook = webhook;
    return { body: made };
  }),
  on('post', '/api/webhooks/{id}/enable', (asked) => {
    const its = found(asked);
    const { disabledAt: _, disabledWhy: __, ...webhook } = its.webhook;
    its.webhook = webhook;
    return { body: webhook };
  }),
  on('get', '/api/webhooks/{id}/deliveries', (asked) => ({ body: { items: found(asked).told } })),
  on('post', '/api/webhooks/{id}/deliveries/{deliveryId}/replay', (asked) => {
    const { webhook, told } = found(asked);
    if (webhook.disabledAt) throw new Refused(409, 'NOTIFICATION.WEBHOOK_DISABLED', 'The webhook is disabled');
    const its = told.find(({ id }) => id === asked.path.deliveryId);
    if (!its) throw notFound('NOTIFICATION.DELIVERY_NOT_FOUND');
    Object.assign(its, { state: 'sent', nextAt: undefined, attempts: [...its.attempts, { at: hoursAgo(0) }] });
    return { status: 202, body: its };
  }),
];
