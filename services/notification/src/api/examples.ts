import type { NotificationResponse } from './notification.dto.js';
import type { NotificationFigures } from './notification-figures.js';
import type { PlannedMessageDto, PolicyDto } from './policy.dto.js';
import type { PreferencesResponse } from './preference.dto.js';
import type { PushSubscriptionResponse } from './push-subscription.dto.js';
import type { TemplatePreview, TemplateResponse, TemplateVariableDto, TemplateVersionDto } from './template.dto.js';
import type { UnreachableAddressResponse } from './unreachable.dto.js';
import type { WebhookDeliveryResponse, WebhookResponse, WebhookWithSecretResponse } from './webhook.dto.js';

/** A made-up reminder that has left. */
export const reminder: NotificationResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 2,
  occasion: 'appointment',
  occasionId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  occasionVersion: 1,
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  recipientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  audience: 'self',
  kind: 'reminder',
  step: 'P1D',
  channel: 'email',
  appointmentId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  startsAt: '2026-12-08T08:30:00.000Z',
  dueAt: '2026-12-07T09:00:00.000Z',
  nextAt: '2026-12-07T09:00:00.000Z',
  expiresAt: '2026-12-07T14:00:00.000Z',
  decidedAt: '2026-12-07T09:00:01.120Z',
  sentAt: '2026-12-07T09:00:01.120Z',
  state: 'sent',
  attempts: 1,
  provider: 'smtp',
  template: 'reminder',
  templateVersion: 'file:1',
  language: 'fr',
};

/** The same with what left. */
export const reminderWithContent: NotificationResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 2,
  occasion: 'appointment',
  occasionId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  occasionVersion: 1,
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  recipientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  audience: 'self',
  kind: 'reminder',
  step: 'P1D',
  channel: 'email',
  appointmentId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  startsAt: '2026-12-08T08:30:00.000Z',
  dueAt: '2026-12-07T09:00:00.000Z',
  nextAt: '2026-12-07T09:00:00.000Z',
  expiresAt: '2026-12-07T14:00:00.000Z',
  decidedAt: '2026-12-07T09:00:01.120Z',
  sentAt: '2026-12-07T09:00:01.120Z',
  state: 'sent',
  attempts: 1,
  provider: 'smtp',
  template: 'reminder',
  templateVersion: 'file:1',
  language: 'fr',
  content: { subject: 'Rappel de rendez-vous – Cabinet', text: 'Bonjour Claire Lefèvre, …' },
};

/** One that is sent again. */
export const resent: NotificationResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  occasion: 'appointment',
  occasionId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  occasionVersion: 1,
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  recipientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  audience: 'self',
  kind: 'reminder',
  step: 'P1D',
  channel: 'email',
  appointmentId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  startsAt: '2026-12-08T08:30:00.000Z',
  dueAt: '2026-12-07T09:00:00.000Z',
  nextAt: '2026-12-07T09:00:00.000Z',
  expiresAt: '2026-12-07T14:00:00.000Z',
  decidedAt: '2026-12-07T09:00:01.120Z',
  state: 'planned',
  attempts: 0,
  askedBy: 'alice',
  resendOf: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d10',
};

/** One that the practice asks for. */
export const askedFor: NotificationResponse = {
  id: '019a8f3e-4444-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  occasion: 'request',
  occasionId: '019a8f3e-6f2b-7c55-9b1c-3f1b8f5f2d11',
  occasionVersion: 1,
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  recipientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  audience: 'self',
  kind: 'results-ready',
  step: '',
  channel: 'email',
  dueAt: '2026-12-07T09:00:00.000Z',
  nextAt: '2026-12-07T09:00:00.000Z',
  expiresAt: '2026-12-07T14:00:00.000Z',
  decidedAt: '2026-12-07T09:00:01.120Z',
  state: 'planned',
  attempts: 0,
  askedBy: 'alice',
};

export const policy: PolicyDto = {
  confirmation: { channels: ['email'] },
  change: { channels: ['email', 'sms'], quietMinutes: 10 },
  offer: { channels: ['email', 'sms'] },
  message: { channels: ['email'] },
  alert: { channels: ['email'], urgentChannels: ['sms', 'email'] },
  reminders: [
    { channel: 'email', daysBefore: 7, at: '10:00' },
    { channel: 'email', daysBefore: 1, at: '10:00' },
    { channel: 'sms', daysBefore: 2, at: '10:00' },
  ],
  byType: [],
  lateMinutes: 10,
  mergesVisitsOfOneDay: true,
  quietHours: { channels: ['sms', 'push'], from: '20:00', until: '08:00', days: [7] },
  recipientDailyMax: 20,
  dailyBudget: { email: 20000, sms: 2000, push: 20000 },
};

export const template: TemplateResponse = {
  name: 'reminder',
  language: 'en',
  version: 'practice:1',
  subject: 'Appointment reminder – {{practice}}',
  text: 'Dear {{recipient}},\n\nThis is a reminder of {{yourVisit}}:\n{{visits}}\n\n{{practice}}',
  short: '{{practice}}: reminder, {{times}}. {{link}}',
};

export const preferences: PreferencesResponse = {
  patientId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
  version: 1,
  language: 'fr',
  unwanted: [{ topic: 'reminders', channel: 'sms' }],
};

export const planned: PlannedMessageDto = {
  kind: 'reminder',
  step: 'P1D',
  channel: 'email',
  dueAt: '2026-12-07T09:00:00.000Z',
  expiresAt: '2026-12-07T14:00:00.000Z',
};

export const variable: TemplateVariableDto = {
  name: 'visits',
  about: 'when, with whom and where; a line for each visit',
  sample: 'Tuesday 8 December 2026 at 09:30, Alice Bernard, Cabinet des Lilas',
  isNeeded: true,
};

export const templateVersion: TemplateVersionDto = {
  nth: 1,
  subject: 'Appointment reminder – {{practice}}',
  text: 'Dear {{recipient}},\n\nThis is a reminder of {{yourVisit}}:\n{{visits}}\n\n{{practice}}',
  short: '{{practice}}: reminder, {{times}}. {{link}}',
  setBy: 'alice',
  setAt: '2026-11-20T16:02:11.000Z',
};

export const preview: TemplatePreview = {
  subject: 'Appointment reminder – Cabinet des Lilas',
  text: 'Dear Claire Lefèvre, …',
  html: '<p>Dear Claire Lefèvre, …</p>',
  short: 'Cabinet des Lilas: reminder, Tuesday 8 December 2026 at 09:30. https://cabinet.example',
};

export const unreachable: UnreachableAddressResponse = {
  id: '019a8f3e-9999-7c55-9b1c-3f1b8f5f2d11',
  patientId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11',
  channel: 'email',
  why: 'refused',
  text: '5.1.1 550 <address> is nobody',
  since: '2026-12-01T09:02:11.000Z',
  notificationId: '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11',
};

export const browser: PushSubscriptionResponse = {
  id: '019a8f3e-7777-7c55-9b1c-3f1b8f5f2d11',
  service: 'updates.push.services.mozilla.com',
  fingerprint: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  createdAt: '2026-11-20T16:02:11.000Z',
};

/** One of a laboratory that wants to know of visits. */
export const webhook: WebhookResponse = {
  id: '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11',
  name: 'Laboratory',
  url: 'https://hooks.laboratory.example/cabinet',
  types: ['appointment.booked', 'appointment.cancelled'],
  signedBy: 'hmac',
  keys: 1,
  createdBy: 'alice',
  createdAt: '2026-11-20T16:02:11.000Z',
};

/** The same with its key, as it is shown once. */
export const webhookWithSecret: WebhookWithSecretResponse = {
  id: '019a8f3e-8888-7c55-9b1c-3f1b8f5f2d11',
  name: 'Laboratory',
  url: 'https://hooks.laboratory.example/cabinet',
  types: ['appointment.booked', 'appointment.cancelled'],
  signedBy: 'hmac',
  keys: 1,
  createdBy: 'alice',
  createdAt: '2026-11-20T16:02:11.000Z',
  secret: 'whsec_…',
};

/** One that was taken when it was tried again. */
export const delivery: WebhookDeliveryResponse = {
  id: '019a8f3e-9999-7c55-9b1c-3f1b8f5f2d11',
  type: 'appointment.booked',
  state: 'sent',
  createdAt: '2026-12-07T09:00:00.000Z',
  attempts: [
    { at: '2026-12-07T09:00:00.310Z', failure: { class: 'temporary', text: 'the endpoint answered 503' } },
    { at: '2026-12-07T09:00:05.520Z' },
  ],
};

export const figures: NotificationFigures = {
  zone: 'Europe/Paris',
  items: [
    { day: '2026-12-07', channel: 'email', state: 'delivered', count: 84 },
    { day: '2026-12-07', channel: 'sms', state: 'suppressed', why: 'no-address', count: 3 },
  ],
  overdue: { count: 0 },
};
