import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Where its sidecar reads what devices send, and as which session; left out, it reads nothing. */
  MQTT_URL: z.url({ protocol: /^(tcp|ssl)$/ }).optional(),
  MQTT_SESSION: z.string().min(16).optional(),
  /** Readings that are being stored at once; what comes beside them is asked to come again. */
  READINGS_IN_FLIGHT_MAX: z.coerce.number().int().min(1).default(20_000),
  /** Facts that wait for the broker at most; then readings are asked to come again. An hour at five hundred a second. */
  READINGS_UNTOLD_MAX: z.coerce.number().int().min(1).default(2_000_000),
});

export type Config = z.infer<typeof environment>;

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(environment, env);
