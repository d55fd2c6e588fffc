import { id, instant } from '@cabinet/contracts/fields';
import { z } from 'zod';

const key = z.string().max(120);
const found = {
  key,
  start: instant,
  since: instant,
  count: z.number().int().min(0),
  worst: z.number(),
  because: z.array(z.string().max(100)).max(40),
  missing: z.array(z.string().max(60)).max(20).optional(),
};

/** What an engine finds at a reading; in the words of `services/alert/src/domain/engine/evaluate.ts`. */
const candidate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), ...found }),
  z.object({ kind: z.literal('moved'), from: key, ...found }),
  z.object({ kind: z.literal('late'), ...found }),
  z.object({
    kind: z.literal('counted'),
    key,
    count: z.number().int().min(0),
    worst: z.number(),
    because: z.array(z.string().max(100)).max(40),
  }),
  z.object({ kind: z.literal('cleared'), key, end: instant }),
  z.object({ kind: z.literal('reopened'), key }),
  z.object({ kind: z.literal('retracted'), key }),
  z.object({
    kind: z.literal('question'),
    readingId: id,
    code: z.string().max(20),
    doubt: z.enum(['owner', 'value', 'unit', 'clock']),
  }),
  z.object({ kind: z.literal('incomplete'), missing: z.array(z.string().max(60)).max(20) }),
]);

/** Told on `alerts-detected`, in order for each patient. What is found again is told under the same id. */
export const facts = {
  'alert-candidates.detected': z.object({
    patientId: id,
    ruleId: id,
    ruleVersion: z.number().int().min(1),
    readingId: id,
    candidates: z.array(candidate).min(1).max(1_000),
  }),
  /** The stream has looked at all that there was, each minute: without it nobody knows whether it is silent or dead. */
  'alert-stream.goes-on': z.object({ rules: z.number().int().min(1) }),
} as const;
