import { z } from 'zod';

/** What the facts of many processes have in common. */
export const id = z.uuid();
/** The version of the thing after the change, so that a late event can be told from a new one. */
export const version = z.number().int().min(1);
export const instant = z.iso.datetime({ offset: true });

/** What a service did with one kind of what it had of a patient. */
const fate = z.object({
  /** Of its own words: `entries`, `accounts`. */
  kind: z.string().regex(/^[a-z][a-zA-Z]{0,39}$/),
  /** Left out where nobody counts. */
  count: z.number().int().min(0).optional(),
  /** `anonymised`: what is left says nothing of them but the bare id. */
  outcome: z.enum(['erased', 'anonymised', 'kept']),
  /** Of what is kept: why, by a code, and until when, where that is known. */
  reason: z.enum(['medical-record', 'access-trail']).optional(),
  until: instant.optional(),
});

/** A receipt: what a service did with all that it had of a patient who was erased. */
export const patientDataErased = z.object({ patientId: id, what: z.array(fate).max(50) });
