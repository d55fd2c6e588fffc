import { id, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const practitioner = z.object({ practitionerId: id, version, changed: z.array(z.string()).optional() });

export const facts = {
  'practitioner.joined': practitioner,
  'practitioner.updated': practitioner,
  'practitioner.left': practitioner,
} as const;
