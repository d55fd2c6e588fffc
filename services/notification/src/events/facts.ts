import { id, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

/** Of what kind, by which channel and, of one that was suppressed, why: codes of the ledger; never to whom by which address. */
const decided = z.object({
  notificationId: id,
  version,
  /** Absent: it is about no patient, as a code. */
  patientId: id.optional(),
  kind: z.string(),
  channel: z.string(),
  reason: z.string().optional(),
});

export const facts = {
  'notification.sent': decided,
  'notification.delivered': decided,
  'notification.failed': decided,
  'notification.suppressed': decided,
  'notification.held': decided,
  'notification.patient-data-erased': patientDataErased,
} as const;
