import { z } from 'zod';
import { id, version } from './common.js';

const patient = z.object({ patientId: id, version, changed: z.array(z.string()).optional() });

export const patientEvents = {
  'patient.registered': patient,
  'patient.updated': patient,
  'patient.merged': patient.extend({ mergedIntoPatientId: id }),
  'patient.erased': patient,
} as const;
