import { id, instant, patientDataErased } from '@cabinet/contracts/fields';
import { z } from 'zod';

/** How sure it is that a reading is of this patient, and not of somebody else who used the device. */
const certainty = z.enum(['sure', 'likely', 'doubtful']);

const pairing = z.object({
  deviceId: id,
  pairingId: id,
  patientId: id,
  certainty,
  since: instant,
  until: instant.optional(),
});

/** Told on `wearable`. */
export const facts = {
  'device.paired': pairing,
  'device.unpaired': pairing,
  /** Readings that are too old for `readings` were taken, as from a file: of what, how many, from when to when. */
  'readings.history-taken': z.object({
    patientId: id,
    /** LOINC. */
    code: z.string(),
    count: z.number().int().min(1),
    from: instant,
    to: instant,
  }),
  'wearable.patient-data-erased': patientDataErased,
} as const;

/**
 * Told on `readings`, in order for each patient. What watches over patients compares value with value as they come, at a
 * thousand a second, so these facts alone carry a measurement (decision 48).
 */
export const readings = {
  'reading-taken': z.object({
    readingId: id,
    patientId: id,
    deviceId: id.optional(),
    /** LOINC. */
    code: z.string(),
    /** In `unit`, which is always the same for a code. */
    value: z.number(),
    /** UCUM. */
    unit: z.string(),
    /** When it was so, with the offset of the place where it was. */
    effectiveAt: instant,
    receivedAt: instant,
    certainty,
    /** What to know of it: `implausible`, `out-of-scale`, `device-clock`, `ambiguous-time`, `typed`; more may come. */
    flags: z.array(z.string()),
    /** The reading in whose place it stands. */
    isCorrectionOf: id.optional(),
  }),
} as const;
