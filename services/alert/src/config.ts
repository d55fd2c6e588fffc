import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});

export type Config = z.infer<typeof environment>;

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(environment, env);
