import { z } from 'zod';

/** From the least to the most urgent (IEC 60601-1-8 names these three). */
export const priorities = ['low', 'medium', 'high'] as const;
export type Priority = (typeof priorities)[number];
export const rankOf = (priority: Priority): number => priorities.indexOf(priority);

export const daysOfWeek = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const code = z.string().regex(/^\d{1,7}-\d$/);
const unit = z.string().min(1).max(40);
const limit = z.number().min(-1_000_000).max(1_000_000);
const amount = z.number().positive().max(1_000_000);
const minutes = (max: number) => z.int().min(1).max(max);
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

const zone = z.string().max(60).refine(isZone, 'is no IANA time zone');

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A value above or below a limit: at once, in some of the last readings, or for so long. */
const level = z.strictObject({
  kind: z.literal('level'),
  code,
  unit,
  above: limit.optional(),
  below: limit.optional(),
  sustained: z
    .union([
      z.strictObject({ atLeast: z.int().min(1).max(20), of: z.int().min(1).max(20) }),
      z.strictObject({ minutes: minutes(1_440) }),
    ])
    .optional(),
});

/** A value that rises or falls by so much within so long. */
const rate = z.strictObject({
  kind: z.literal('rate'),
  code,
  unit,
  rises: amount.optional(),
  falls: amount.optional(),
  withinMinutes: minutes(1_440),
});

/** Nothing has come for so long. */
const gap = z.strictObject({ kind: z.literal('gap'), code, minutes: minutes(43_200) });

/**
 * NEWS2 (Royal College of Physicians, 2017), of adults: its sum, or 3 in a single parameter. What is missing or too old makes it
 * incomplete and counts as unknown, never as 0: it then speaks only if what is known is enough.
 */
const score = z.strictObject({
  kind: z.literal('score'),
  score: z.literal('NEWS2'),
  /** Which scale of oxygen saturation: 2 for hypercapnic respiratory failure, by a clinician's decision. */
  oxygenScale: z.union([z.literal(1), z.literal(2)]),
  total: z.int().min(1).max(20),
  single: z.boolean(),
  freshMinutes: minutes(1_440),
});

export const condition = z.discriminatedUnion('kind', [level, rate, gap, score]);
export type Condition = z.infer<typeof condition>;

/** When an episode ends: after so many normal readings in a row, over so long; normal is what is within these limits. */
const clear = z.strictObject({
  readings: z.int().min(1).max(20),
  minutes: minutes(1_440).optional(),
  above: limit.optional(),
  below: limit.optional(),
});

/** When it watches, on the clock of the patient; `until` at or before `from` is on the next day. */
const schedule = z.strictObject({
  zone: zone.optional(),
  times: z
    .array(z.strictObject({ days: z.array(z.enum(daysOfWeek)).min(1).max(7), from: time, until: time }))
    .min(1)
    .max(14),
});

/** What an engine needs to find episodes. */
const watch = {
  condition,
  clear: clear.optional(),
  schedule: schedule.optional(),
  /** A reading that came so much later than it was taken fills curves and rings nobody. */
  maxAgeMinutes: minutes(1_440),
};

const step = z.strictObject({
  /** After the alert was raised. */
  afterMinutes: z.int().min(0).max(1_440),
  /** Ids of practitioners. */
  to: z.array(z.uuid()).min(1).max(5),
});

/** The whole of a rule, as data that any engine can run. */
export const ruleDocument = z
  .strictObject({
    title: z.string().min(1).max(120),
    ...watch,
    priority: z.enum(priorities),
    steps: z.array(step).min(1).max(6),
    /** Who is told in the end when nobody has answered. */
    lastResort: z.strictObject({ afterMinutes: z.int().min(1).max(2_880), to: z.uuid() }),
    snoozeMinutesMax: minutes(480),
    /** While an alert of one of these rules is active for the patient, this one does not ring, unless it is more urgent. */
    inhibitedBy: z.array(z.uuid()).max(10).optional(),
  })
  .superRefine((rule, context) => {
    for (const [path, message] of faultsOf(rule)) context.addIssue({ code: 'custom', path, message });
  });

export type RuleDocument = z.infer<typeof ruleDocument>;
/** What an engine reads of a rule. */
export type Watch = Pick<RuleDocument, 'condition' | 'clear' | 'schedule' | 'maxAgeMinutes'>;

/** What the forms of the single fields do not say. */
function faultsOf(rule: z.infer<z.ZodObject<typeof watch>> & Pick<RuleDocument, 'steps' | 'lastResort'>) {
  const faults: [path: (string | number)[], message: string][] = [];
  const { condition: its, clear: ends } = rule;
  if (its.kind === 'level') {
    if (its.above === undefined && its.below === undefined) faults.push([['condition'], 'needs above or below']);
    if (its.above !== undefined && its.below !== undefined && its.below >= its.above)
      faults.push([['condition', 'below'], 'must be less than above']);
    if (its.sustained && 'of' in its.sustained && its.sustained.atLeast > its.sustained.of)
      faults.push([['condition', 'sustained', 'atLeast'], 'must not be more than of']);
    if (its.above !== undefined && ends?.below !== undefined && ends.below > its.above)
      faults.push([['clear', 'below'], 'must not be more than the limit that it clears']);
    if (its.below !== undefined && ends?.above !== undefined && ends.above < its.below)
      faults.push([['clear', 'above'], 'must not be less than the limit that it clears']);
    if (ends?.above !== undefined && ends.below !== undefined && ends.above >= ends.below)
      faults.push([['clear', 'above'], 'must be less than below: no value could clear it']);
  }
  if (its.kind === 'rate' && (its.rises === undefined) === (its.falls === undefined))
    faults.push([['condition'], 'needs either rises or falls']);
  if (its.kind === 'score' && ends?.below !== undefined && ends.below > its.total)
    faults.push([['clear', 'below'], 'must not be more than the total that it clears']);
  if ((its.kind === 'gap') === (ends !== undefined))
    faults.push([['clear'], its.kind === 'gap' ? 'is not for a gap, which ends with a reading' : 'is required']);
  rule.steps.forEach(({ afterMinutes }, nth) => {
    const before = rule.steps[nth - 1];
    if (before && afterMinutes <= before.afterMinutes)
      faults.push([['steps', nth, 'afterMinutes'], 'must be later than the step before']);
  });
  const last = rule.steps.at(-1);
  if (last && rule.lastResort.afterMinutes <= last.afterMinutes)
    faults.push([['lastResort', 'afterMinutes'], 'must be later than the last step']);
  return faults;
}

/** Everybody whom a rule may tell: they watch over its patients. */
export const watchersOf = ({ steps, lastResort }: Pick<RuleDocument, 'steps' | 'lastResort'>): string[] => [
  ...new Set([...steps.flatMap(({ to }) => to), lastResort.to]),
];
