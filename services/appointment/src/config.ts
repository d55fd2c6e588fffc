import { ConfigurationError, readEnvironment, secretWithOlder, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Protects what opens practitioners' calendars elsewhere; the same for all replicas. */
  CALENDAR_SECRET: secretWithOlder.optional(),
  /** How often each calendar elsewhere is read. */
  CALENDAR_POLL_SECONDS: z.coerce.number().int().min(10).max(86_400).default(300),
  /** So long after it was last read, it is no longer known what is in a calendar. */
  CALENDAR_STALE_SECONDS: z.coerce.number().int().min(30).max(604_800).default(1_800),
  /** For one call to a calendar elsewhere. */
  CALENDAR_TIMEOUT_SECONDS: z.coerce.number().min(0.1).max(120).default(20),
  /** Hosts of calendars, with a port or without, that may have private addresses: `caldav.practice.internal,10.0.0.7:5232`. */
  CALENDAR_PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((host) => host.trim() || [])),
  /** The gateway as people and other programs reach it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080')
    .transform((url) => url.replace(/\/$/, '')),
  /** As this practice is registered at Google; without it no calendar there can be connected. */
  GOOGLE_CLIENT_ID: z.string().min(1).optional(),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional(),
  GOOGLE_API_URL: z.url().default('https://www.googleapis.com/calendar/v3'),
  GOOGLE_TOKEN_URL: z.url().default('https://oauth2.googleapis.com/token'),
  GOOGLE_SIGN_IN_URL: z.url().default('https://accounts.google.com/o/oauth2/v2/auth'),
});

type Environment = z.infer<typeof environment>;
export type Config = Omit<Environment, 'CALENDAR_SECRET'> & {
  CALENDAR_SECRET: NonNullable<Environment['CALENDAR_SECRET']>;
};

// Known to everybody who reads this, and so good for a demonstration only.
const demonstrationSecret = 'demonstration-secret-of-no-worth-at-all';

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = readEnvironment(environment, env);
  const problems: string[] = [];
  if (config.CABINET_MODE === 'production' && !config.CALENDAR_SECRET) {
    problems.push('CALENDAR_SECRET: is needed in production; make one with `openssl rand -base64 48` and keep it');
  }
  if (config.CALENDAR_STALE_SECONDS < 2 * config.CALENDAR_POLL_SECONDS) {
    problems.push(
      'CALENDAR_STALE_SECONDS: must be twice CALENDAR_POLL_SECONDS at least, or calendars go stale between two looks',
    );
  }
  if (Boolean(config.GOOGLE_CLIENT_ID) !== Boolean(config.GOOGLE_CLIENT_SECRET)) {
    problems.push('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET: go together');
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { ...config, CALENDAR_SECRET: config.CALENDAR_SECRET ?? [demonstrationSecret] };
}
