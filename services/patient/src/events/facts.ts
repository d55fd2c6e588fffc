import { id, instant, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

const patient = z.object({ patientId: id, version, changed: z.array(z.string()).optional() });

/**
 * A practice-set age: thirty days before, and from its first instant on in the practice's zone. `sections` are what is the minor's own
 * from then on; who acts for whom has it in its own facts, long before.
 */
const age = z.object({
  patientId: id,
  version,
  age: z.number().int().min(1),
  sections: z.array(z.string()).optional(),
});

/** Who may act for whom: as it is from now on. */
const relatedPerson = z.object({
  relatedPersonId: id,
  version,
  patientId: id,
  relatedPatientId: id,
  relationship: z.enum(['guardian', 'carer']),
  sections: z.array(z.string()),
  until: instant.optional(),
  /** Sections that end before the rest. */
  ends: z.array(z.object({ section: z.string(), at: instant })).optional(),
});

export const facts = {
  'patient.registered': patient,
  'patient.updated': patient,
  'patient.merged': patient.extend({ mergedIntoPatientId: id }),
  /** `again`: somebody has not said yet what they did with the data. */
  'patient.erased': patient.extend({ again: z.boolean().optional() }),
  'patient.age-nearing': age,
  'patient.age-reached': age,
  'related-person.given': relatedPerson,
  'related-person.changed': relatedPerson,
  'related-person.ended': relatedPerson,
} as const;
