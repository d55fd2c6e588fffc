import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Notification } from '../domain/notification.js';

export const NotificationSchema = defineEntity({
  name: 'Notification',
  tableName: 'notification',
  properties: {
    id: p.uuid().primary(),
    version: p.integer(),
    patientId: p.uuid(),
    text: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});

type NotificationRow = InferEntity<typeof NotificationSchema>;

export const toNotification = (row: NotificationRow): Notification => ({
  id: row.id,
  version: row.version,
  patientId: row.patientId,
  text: row.text,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
