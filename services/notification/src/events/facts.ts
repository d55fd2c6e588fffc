import { id, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const notification = z.object({ notificationId: id, version, patientId: id });

export const facts = {
  'notification.recorded': notification,
  'notification.updated': notification,
  'notification.patient-data-erased': patientDataErased,
} as const;
