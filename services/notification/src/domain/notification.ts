import { invalidField } from '@cabinet/kit/errors';
import { tidyText } from '@cabinet/kit/text';
import { NotificationNotFound } from './errors.js';

export interface Notification {
  id: string;
  version: number;
  patientId: string;
  text: string;
  createdAt: Date;
  updatedAt: Date;
}

/** @throws InvalidInput (422) for a text with nothing to read in it */
export function readText(text: string): string {
  const tidied = tidyText(text);
  if (tidied === '') throw invalidField('text', 'REQUIRED', 'is required');
  return tidied;
}

/** @throws NotificationNotFound (404) */
export function existing(notification: Notification | undefined): Notification {
  if (!notification) throw new NotificationNotFound();
  return notification;
}
