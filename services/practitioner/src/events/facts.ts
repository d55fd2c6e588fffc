import { z } from 'zod';
import { id, version } from './common.js';

const practitioner = z.object({ practitionerId: id, version, changed: z.array(z.string()).optional() });

export const practitionerEvents = {
  'practitioner.joined': practitioner,
  'practitioner.updated': practitioner,
  'practitioner.left': practitioner,
} as const;
