import { randomUUID } from 'node:crypto';
import type { Relation } from '@cabinet/access/vocabulary';
import type { Role } from '@cabinet/kit/access/principal';
import { type Fixture, type Made, type Standing, walkAccess } from '../../../tests/support/access-walk.ts';
import { vapidKeyFrom } from '../src/data/channels/push/vapid.js';
import { usualPolicy } from '../src/domain/policies/policy.js';
import { browserKeys, channelSettings, type NotificationService, startService } from './support.ts';

let service: NotificationService;

/** A visit that was confirmed, and the line that says so. */
const confirmed = (keptFromGuardians: boolean) => async (): Promise<Made> => {
  const { id: patientId } = service.patient();
  const { visit } = await service.visit(patientId, '2026-12-08T08:30:00Z', { keptFromGuardians });
  await service.settled();
  const [line] = await service.ledger(visit.id);
  return { patientId, params: { id: line?.id as string, patientId }, version: 0 };
};

async function erased(): Promise<Made> {
  const made = await confirmed(false)();
  const data = { patientId: made.patientId, version: 3 };
  await service.hear('patient', { id: randomUUID(), type: 'patient.erased', source: 'patient', data });
  service.neighbours.people.delete(made.patientId as string);
  return made;
}

const unknown = async (): Promise<Made> => {
  const patientId = randomUUID();
  return { patientId, params: { id: randomUUID(), patientId }, version: 0 };
};

const theirs: Standing = {
  name: 'their own',
  claims: ({ patientId }) => ({ patientId: patientId as string }),
  relations: (roles) => (roles.includes('patient') ? ['self'] : byWork(roles)),
};
/** A secretary of whom nothing else is said works for every practitioner. */
const byWork = (roles: Role[]): Relation[] => (roles.includes('secretary') ? ['delegate', 'other'] : ['other']);
const ofOneAgenda: Standing = {
  name: 'another’s, working for one practitioner',
  claims: () => ({
    patientId: randomUUID(),
    delegated: [{ practitioner: randomUUID(), as: 'secretary', scopes: ['agenda'] }],
  }),
  relations: () => ['other'],
};
const anothers: Standing = {
  name: 'another’s',
  claims: () => ({ patientId: randomUUID() }),
  relations: byWork,
};
const family = (as: 'guardian' | 'carer'): Standing => ({
  name: `as their ${as}`,
  claims: ({ patientId }) => ({
    patientId: randomUUID(),
    acts_for: [{ patient: patientId as string, as, sections: ['appointments'] }],
  }),
  // To what a minor keeps from them a guardian is nobody, in whichever role.
  relations: (roles: Role[], state) => {
    if (state === 'kept' && as === 'guardian') return [];
    return roles.includes('patient') ? [as, ...byWork(roles)] : byWork(roles);
  },
});

const pushSecret = 'the secret by which browsers know us in tests';
const settings = channelSettings({ PUSH_SUBJECT: 'mailto:it@cabinet.example', PUSH_SECRET: pushSecret });
const browser = () => ({
  endpoint: `https://push.example.org/${randomUUID()}`,
  keys: browserKeys(),
  vapidKey: vapidKeyFrom(pushSecret).publicKey,
});
const subscribed = async (): Promise<Made> => {
  const { id: patientId } = service.patient();
  const patient = await service.as({ roles: ['patient'], patientId, sub: randomUUID() });
  const { body } = await patient('POST', '/api/push-subscriptions', browser());
  return { patientId, params: { id: body.id } };
};

// Nobody is there, and nobody is asked.
const program = { name: 'Laboratory', url: 'https://hooks.laboratory.invalid/cabinet', types: ['appointment.booked'] };
const madeWebhook = async (): Promise<Made> => {
  await service.sql.query('delete from webhook');
  const admin = await service.as({ roles: ['admin'] });
  const { body } = await admin('POST', '/api/webhooks', program);
  return { params: { id: body.id } };
};
const told = async (): Promise<Made> => {
  const { params } = await madeWebhook();
  const deliveryId = randomUUID();
  await service.sql.query(
    `insert into webhook_delivery (id, webhook_id, type, body, state, attempts, next_at, created_at)
     values ($1, $2, 'appointment.booked', '{}', 'sent', 1, now(), now())`,
    [deliveryId, params?.id],
  );
  return { params: { ...params, deliveryId } };
};

const refused = async (): Promise<Made> => {
  const { id: patientId } = service.patient();
  const id = randomUUID();
  await service.sql.query(
    `insert into unreachable_address values ($1, $2, 'email', 'digest', 'refused', '550 5.1.1', now(), $3)`,
    [id, patientId, randomUUID()],
  );
  return { patientId, params: { id } };
};

const text = { subject: 'x', text: 'Bonjour {{recipient}}, {{practice}}', short: '{{practice}}' };
const there = async (): Promise<Made> => ({ params: { name: 'call-us', language: 'fr' } });
/** For what is about no patient. */
const nobodys: Fixture = { make: { there }, standings: [anothers] };

walkAccess({
  service: 'notification',
  start: async () => (service = await startService({ settings })),
  fixtures: {
    notification: {
      make: { there: confirmed(false), kept: confirmed(true), erased, unknown },
      standings: [theirs, anothers, ofOneAgenda, family('guardian'), family('carer')],
    },
    notificationPreference: {
      make: { there: confirmed(false), unknown },
      standings: [theirs, anothers, ofOneAgenda, family('guardian'), family('carer')],
    },
    notificationFigures: nobodys,
    notificationPolicy: nobodys,
    notificationTemplate: nobodys,
    pushSubscription: { make: { there: subscribed }, standings: [theirs] },
    unreachableAddress: { make: { there: refused }, standings: [anothers] },
    webhook: { make: { there: madeWebhook }, standings: [anothers] },
    webhookDelivery: { make: { there: told }, standings: [anothers] },
    receiptAddress: nobodys,
  },
  requests: {
    'notifications.list': ({ patientId }) => ({ query: `patientId=${patientId}` }),
    'notifications.figures': () => ({ query: 'firstDay=2026-12-01&lastDay=2026-12-07' }),
    'notify.ask': ({ patientId }) => ({ body: { template: 'call-us', patientIds: [patientId] } }),
    'preferences.set': () => ({ body: { unwanted: [] } }),
    'policies.set': () => ({ body: usualPolicy, headers: { 'if-match': '*' } }),
    'policies.preview': () => ({
      body: { appointmentTypeId: randomUUID(), start: '2026-12-08T08:30:00Z' },
    }),
    'templates.set': () => ({ body: text, headers: { 'if-match': '*' } }),
    'templates.preview': () => ({ body: text }),
    'pushSubscriptions.subscribe': () => ({ body: browser() }),
    'webhooks.create': () => ({ body: program }),
  },
});
