import { ConfigurationError, readEnvironment, secretWithOlder, serviceEnvironment } from '@cabinet/kit/config';
import { z } from 'zod';
import { clientsFromText } from './domain/oidc-client.js';
import { issuersFromText } from './domain/trusted-issuer.js';
import { type PersonRole, personRoles, staffRoles } from './domain/user.js';

const environment = serviceEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Protects signing keys, seeds of apps and codes in the database; the same for all replicas. */
  AUTH_KEY_SECRET: secretWithOlder.optional(),
  /** How many proxies stand in front, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: the gateway is one. */
  PROXY_HOPS: z.coerce.number().int().min(0).max(5).default(1),
  /** Other origins whose pages may call the API, as the gateway has them. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    ),
  /** Roles of which nobody signs in by password alone; in production those of staff, when it is left out. */
  SECOND_FACTOR_ROLES: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.enum(personRoles)))
    .optional(),
  /** Where our pages come from, whose host passkeys are made for; in production all of https. */
  PASSKEY_ORIGINS: z
    .string()
    .default('http://localhost:8080')
    .transform((text) => text.split(','))
    .pipe(z.array(z.url({ protocol: /^https?$/ }))),
  /** The domain that passkeys are made for, where it is not the host of the first origin but a domain above it. */
  PASSKEY_DOMAIN: z.string().optional(),
  /** The practice's name, town and what else is known of it: no password is made of these and digits alone. */
  PRACTICE_WORDS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((words) => words.trim())
        .filter(Boolean),
    ),
  /** Clients of OpenID Connect, as JSON; our own portal is one of itself. */
  OIDC_CLIENTS: clientsFromText,
  /** Issuers by whose word people sign in, as JSON. */
  TRUSTED_ISSUERS: issuersFromText,
  /** The first administrator of a new practice; used once, while there is none. */
  AUTH_FIRST_ADMIN_EMAIL: z.email().optional(),
  AUTH_FIRST_ADMIN_PASSWORD: z.string().optional(),
});

type Read = z.infer<typeof environment>;

export type Config = Omit<Read, 'AUTH_KEY_SECRET' | 'SECOND_FACTOR_ROLES' | 'PASSKEY_DOMAIN'> & {
  AUTH_KEY_SECRET: NonNullable<Read['AUTH_KEY_SECRET']>;
  SECOND_FACTOR_ROLES: PersonRole[];
  PASSKEY_DOMAIN: string;
};

// Known to everybody who reads this, and so good for a demonstration only.
const demonstrationSecret = 'demonstration-secret-of-no-worth-at-all';

/** The only reader of the environment. @throws ConfigurationError with one line for each problem. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const config = readEnvironment(environment, env);
  const problems: string[] = [];
  const isProduction = config.CABINET_MODE === 'production';
  if (isProduction && !config.AUTH_KEY_SECRET) {
    problems.push('AUTH_KEY_SECRET: is needed in production; make one with `openssl rand -base64 48` and keep it');
  }
  if (Boolean(config.AUTH_FIRST_ADMIN_EMAIL) !== Boolean(config.AUTH_FIRST_ADMIN_PASSWORD)) {
    problems.push('AUTH_FIRST_ADMIN_EMAIL and AUTH_FIRST_ADMIN_PASSWORD: go together');
  }
  // Elsewhere no browser makes a passkey or keeps the `Secure` cookies of a sign-in, and passwords would be open to listeners.
  if (isProduction && !config.PASSKEY_ORIGINS.every((origin) => origin.startsWith('https:'))) {
    problems.push('PASSKEY_ORIGINS: must be of https in production, and say where your pages come from');
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    ...config,
    AUTH_KEY_SECRET: config.AUTH_KEY_SECRET ?? [demonstrationSecret],
    SECOND_FACTOR_ROLES: config.SECOND_FACTOR_ROLES ?? (isProduction ? [...staffRoles] : []),
    PASSKEY_DOMAIN: config.PASSKEY_DOMAIN ?? new URL(config.PASSKEY_ORIGINS[0] as string).hostname,
  };
}
