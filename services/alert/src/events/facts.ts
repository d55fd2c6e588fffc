import { id, instant, patientDataErased, version } from '@cabinet/contracts/fields';
import { z } from 'zod';

/** Ids and how urgent it is: what was measured is asked for by whoever may see it. */
const alert = z.object({
  alertId: id,
  version,
  patientId: id,
  ruleId: id,
  priority: z.enum(['low', 'medium', 'high']),
  /** Alerts of a patient that are active together: one message may be about all of them. */
  groupId: id,
});

export const facts = {
  'alert.raised': alert,
  /** Somebody is to be told, now: a step of its rule is due and nobody has answered. Each step is told once. */
  'alert.called': alert.extend({
    /** How often its steps were laid out, as by a snooze that ended: those of a round before tell nobody any more. */
    generation: z.number().int().min(1),
    step: z.number().int().min(0),
    isLastResort: z.boolean(),
    /** Ids of practitioners. */
    recipients: z.array(id).min(1).max(5),
  }),
  /** Somebody has seen it: nobody is to be told any more, by whatever way. */
  'alert.acknowledged': alert,
  'alert.snoozed': alert.extend({ until: instant }),
  'alert.handed-over': alert.extend({ practitionerId: id }),
  'alert.cleared': alert,
  /** Readings that came later show that there was nothing: nobody is to be told any more. */
  'alert.retracted': alert,
  /** No readings have come for longer than the practice expects: nobody is watched until `alert.seeing`. */
  'alert.blind': z.object({ since: instant }),
  'alert.seeing': z.object({ since: instant }),
  'alert.patient-data-erased': patientDataErased,
} as const;

/** Told on `alert-rules`: always all rules together, and the latest counts. */
export const alertRules = {
  'alert-rules.in-force': z.object({
    /** Rises with each time that they are told. */
    version: z.number().int().min(1),
    /** Whether the practice goes by the stream; without it, what the stream finds is not wanted. */
    isInForce: z.boolean(),
    /** IANA: the clock of patients, where a rule names none. */
    zone: z.string(),
    rules: z.array(
      z.object({
        id,
        version,
        patientId: id.optional(),
        /** The rule of the practice in whose place it stands for its patient. */
        replaces: id.optional(),
        /** From when on its version is run: nothing that came before rings. */
        enabledAt: instant,
        /** As in `packages/contracts/vectors/alert-rule.schema.json`, of which it is the part that engines read. */
        watch: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
} as const;
