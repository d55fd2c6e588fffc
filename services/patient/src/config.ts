import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { PracticeHours } from './domain/practice-hours.js';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Where the practice is (IANA): there the day begins on which somebody reaches an age. */
  PRACTICE_ZONE: z
    .string()
    .default('Europe/Paris')
    .refine((zone) => IANAZone.isValidZone(zone), 'must be a zone such as Europe/Paris'),
  /** The ages at which rights change, ascending: `12,15,18`. From the last one on nobody has a guardian. */
  FAMILY_AGES: z
    .string()
    .default('12,15,18')
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(1).max(25)).min(1).max(10))
    .refine((ages) => ages.every((age, nth) => nth === 0 || age > (ages[nth - 1] as number)), 'must be ascending'),
  /** When the practice is at work, by its clock: who looks at patients at other times may be asked why. */
  PRACTICE_HOURS: z
    .string()
    .default('mon-fri 07:00-20:00,sat 07:00-14:00')
    .refine(isReadable, 'must be like mon-fri 07:00-20:00,sat 08:00-13:00'),
  /** How many in a hundred of the unusual accesses that weigh little are reviewed; what weighs much always is. */
  REVIEW_SHARE_PERCENT: z.coerce.number().min(0).max(100).default(20),
});

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
