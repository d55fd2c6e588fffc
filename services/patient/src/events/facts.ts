import { id, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const patient = z.object({ patientId: id, version, changed: z.array(z.string()).optional() });

export const facts = {
  'patient.registered': patient,
  'patient.updated': patient,
  'patient.merged': patient.extend({ mergedIntoPatientId: id }),
  'patient.erased': patient,
} as const;
