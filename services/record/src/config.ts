import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^mongodb(\+srv)?$/ }),
  /** How many years a record is kept after the last visit, though its patient is erased; 0: not at all. */
  RECORD_KEPT_YEARS: z.coerce.number().int().min(0).max(100).default(0),
});

export type Config = z.infer<typeof environment>;

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(environment, env);
