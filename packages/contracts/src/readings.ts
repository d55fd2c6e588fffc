import { z } from 'zod';
import { id, instant } from './fields.js';

/** The topic on which readings are told, by the key of their patient: the one topic whose facts hold measurements. */
export const readingsTopic = 'readings';
export const readingTakenType = 'reading-taken';

/** Something was measured of a patient, and has come. */
export const readingTaken = z.object({
  readingId: id,
  patientId: id,
  deviceId: id.optional(),
  /** LOINC. */
  code: z.string(),
  value: z.number(),
  /** UCUM. */
  unit: z.string(),
  /** When it was taken, with the offset of the clock there, and when it came. */
  effectiveAt: instant,
  receivedAt: instant,
  /** How sure it is that it is of this patient. */
  certainty: z.enum(['sure', 'likely', 'doubtful']),
  /** What to know of it: `implausible`, `out-of-scale`, `device-clock`; more may come. */
  flags: z.array(z.string()),
  /** The reading that it replaces. */
  isCorrectionOf: id.optional(),
});

export type ReadingTaken = z.infer<typeof readingTaken>;
