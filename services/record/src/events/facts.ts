import { z } from 'zod';
import { id, version } from './common.js';

const recordEntry = z.object({
  patientId: id,
  entryId: id,
  kind: z.enum(['allergy', 'condition', 'encounter', 'note']),
  version,
});

export const recordEvents = {
  'record.opened': z.object({ patientId: id, version }),
  'record.entry-added': recordEntry,
  'record.entry-amended': recordEntry,
} as const;
