import { readEnvironment, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';
import { languages } from './domain/templates/language.js';
import { isZone } from './domain/time/zoned-time.js';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Where the practice is (IANA): by its clock messages are planned. */
  PRACTICE_ZONE: z.string().default('Europe/Paris').refine(isZone, 'must be a zone such as Europe/Paris'),
  /** How the practice calls itself in what it sends. */
  PRACTICE_NAME: z.string().trim().min(1).max(60).default('Cabinet'),
  /** In which it writes to who has not said in which they read. */
  PRACTICE_LANGUAGE: z.enum(languages).default('fr'),
  /** Its address in calendars, as who organizes a visit. */
  PRACTICE_EMAIL: z.email().default('no-reply@cabinet.example'),
  /** The portal as people reach it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080')
    .transform((url) => url.replace(/\/$/, '')),
});

export type Config = z.infer<typeof environment>;

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(environment, env);
