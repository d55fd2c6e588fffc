import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { Webhook, WebhookDelivery } from '../api/types.ts';

type Event = Webhook['types'][number];

/** What a program of others is told of. */
export const webhookEvents: Record<Event, MessageDescriptor> = {
  'appointment.booked': msg`An appointment was booked`,
  'appointment.moved': msg`An appointment was moved`,
  'appointment.cancelled': msg`An appointment was cancelled`,
  'appointment.arrived': msg`A patient has arrived`,
  'appointment.completed': msg`A patient has been seen`,
  'appointment.missed': msg`A patient did not come`,
  'appointment.reopened': msg`That a patient came, or did not, was taken back`,
  'appointment.offered': msg`An appointment was offered to somebody who waits`,
  'appointment.privacy-changed': msg`An appointment is kept from guardians, or no longer`,
};
export const webhookEventNames = Object.keys(webhookEvents) as Event[];

/** What is told later than this page was made stands under its own name. */
export const eventWords = (type: string): MessageDescriptor | undefined => webhookEvents[type as Event];

export const webhookSignatures: Record<Webhook['signedBy'], MessageDescriptor> = {
  hmac: msg`By a secret that both sides have (HMAC)`,
  ed25519: msg`By a key of which they have the public half (Ed25519)`,
};

export const deliveryStates: Record<WebhookDelivery['state'], MessageDescriptor> = {
  planned: msg`Is tried`,
  sent: msg`Was taken`,
  failed: msg`Failed`,
};
