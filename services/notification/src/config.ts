import { ConfigurationError, readEnvironment, secretWithOlder, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';
import { channelEnvironment, channelProblems } from './data/channels/settings.js';
import { languages } from './domain/templates/language.js';
import { isZone } from './domain/time/zoned-time.js';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Seals keys of webhooks, subscriptions of browsers and links to unsubscribe by, and signs links that act; the same for all replicas. */
  NOTIFICATION_SECRET: secretWithOlder.optional(),
  /** Where the practice is (IANA): by its clock messages are planned. */
  PRACTICE_ZONE: z.string().default('Europe/Paris').refine(isZone, 'must be a zone such as Europe/Paris'),
  /** How the practice calls itself in what it sends. */
  PRACTICE_NAME: z.string().trim().min(1).max(60).default('Cabinet'),
  /** In which it writes to who has not said in which they read. */
  PRACTICE_LANGUAGE: z.enum(languages).default('fr'),
  /** Its telephone, for who cannot do something by a link. */
  PRACTICE_PHONE: z
    .string()
    .trim()
    .regex(/^\+?[\d .()-]{3,30}$/, 'must be a telephone number')
    .optional(),
  /** Its address in calendars, as who organizes a visit. */
  PRACTICE_EMAIL: z.email().default('no-reply@cabinet.example'),
  /** The portal as people reach it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080')
    .transform((url) => url.replace(/\/$/, '')),
  ...channelEnvironment,
});

type Environment = z.infer<typeof environment>;
export type Config = Omit<Environment, 'NOTIFICATION_SECRET'> & {
  NOTIFICATION_SECRET: NonNullable<Environment['NOTIFICATION_SECRET']>;
};

// Known to everybody who reads this, and so good for a demonstration only.
const demonstrationSecret = 'demonstration-secret-of-no-worth-at-all';

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = readEnvironment(environment, env);
  const problems = channelProblems(config);
  const isProduction = config.CABINET_MODE === 'production';
  if (isProduction && !config.NOTIFICATION_SECRET) {
    problems.push('NOTIFICATION_SECRET: is needed in production; make one with `openssl rand -base64 48` and keep it');
  }
  if (isProduction && config.SMTP_HOST && !config.PUBLIC_URL.startsWith('https:')) {
    problems.push('PUBLIC_URL: must be https in production, as mails lead there');
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { ...config, NOTIFICATION_SECRET: config.NOTIFICATION_SECRET ?? [demonstrationSecret] };
}
