import { id, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const user = z.object({ userId: id, version });

export const facts = {
  'user.created': user,
  'user.locked': user,
  /** Roles have changed, or whom the user acts as: `endedPractitionerId` is whom they did, and do no longer. */
  'user.role-changed': user.extend({ endedPractitionerId: id.optional() }),
  'user.removed': user,
  /** Somebody is to have a mail: what is in it, and to whom, is asked for (`GET /api/auth/codes/{id}`). */
  'code.made': z.object({ codeId: id, purpose: z.enum(['reset', 'invitation', 'registration']) }),
  'auth.patient-data-erased': patientDataErased,
} as const;
