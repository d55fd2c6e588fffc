import { id, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const recordEntry = z.object({
  patientId: id,
  entryId: id,
  kind: z.enum(['allergy', 'condition', 'encounter', 'note', 'observation']),
  version,
  /** True for what a minor keeps from their guardians: whoever hears of it tells them nothing. */
  keptFromGuardians: z.boolean().optional(),
});

export const facts = {
  'record.opened': z.object({ patientId: id, version }),
  'record.entry-added': recordEntry,
  'record.entry-amended': recordEntry,
  'record.emergency-access-opened': z.object({
    patientId: id,
    version,
    accessId: id,
    practitionerId: id,
    reasonCode: z.enum(['life-threatening', 'unable-to-consent', 'urgent-symptoms', 'colleague-unreachable']),
  }),
  'record.patient-data-erased': patientDataErased,
} as const;
