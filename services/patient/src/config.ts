import { usualAges } from '@cabinet/access/family';
import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { type PracticeAge, readAges } from './domain/ages.js';
import { PracticeHours } from './domain/practice-hours.js';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Where the practice is (IANA): there the day begins on which somebody reaches an age. */
  PRACTICE_ZONE: z
    .string()
    .default('Europe/Paris')
    .refine((zone) => IANAZone.isValidZone(zone), 'must be a zone such as Europe/Paris'),
  /**
   * The ages at which rights change, ascending, and after each what becomes the minor's own; from the last one on nobody has a
   * guardian. `12,15,18` leaves everything to guardians until then.
   */
  FAMILY_AGES: z.string().default(usualAges).transform(toAges),
  /** When the practice is at work, by its clock: who looks at patients at other times may be asked why. */
  PRACTICE_HOURS: z
    .string()
    .default('mon-fri 07:00-20:00,sat 07:00-14:00')
    .refine(isReadable, 'must be like mon-fri 07:00-20:00,sat 08:00-13:00'),
  /** How many in a hundred of the unusual accesses that weigh little are reviewed; what weighs much always is. */
  REVIEW_SHARE_PERCENT: z.coerce.number().min(0).max(100).default(20),
});

function toAges(text: string, context: z.RefinementCtx): PracticeAge[] {
  try {
    return readAges(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}

function isReadable(text: string): boolean {
  try {
    return new PracticeHours(text, 'UTC') !== undefined;
  } catch {
    return false;
  }
}

export type Config = z.infer<typeof environment>;

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(environment, env);
