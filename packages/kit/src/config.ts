import { z } from 'zod';

/**
 * A secret that can be changed while it is in use: `<secret>`, or `<secret>|<older secret>`, of which the first seals and every
 * one opens.
 */
export const secretWithOlder = z
  .string()
  .transform((text) => text.split('|') as [first: string, ...older: string[]])
  .refine((secrets) => secrets.every((secret) => secret.length >= 32), 'must have 32 characters at least');

/** Variables that every process reads. A service adds its own: `processEnvironment.extend({...})`. */
export const processEnvironment = z.object({
  APP_HOST: z.string().default('127.0.0.1'),
  APP_PORT: z.coerce.number().int().min(0).max(65535),
  CABINET_MODE: z.enum(['demonstration', 'production']).default('production'),
  /** What runs here; told to the registry, so that who operates it sees what is of another version. */
  CABINET_VERSION: z
    .string()
    .regex(/^[\w.+-]{0,64}$/, 'must be letters, digits, . + - or _, at most 64')
    .default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  REGISTRY_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.url())),
  /** The sidecar's component that has the secrets of this process; without it they stand in the environment. */
  SECRET_STORE: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a component')
    .optional(),
  /** Shown to the registries, when they want to know who calls. */
  REGISTRY_TOKEN: z.string().min(16).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

/** What a service takes from its secrets again while it runs, so that they change without a restart. */
export const changingSecrets = z.object({
  /** Whose events are known by which keys: `patient=<key>,appointment=<key>|<older key>`; the own one signs what is told. */
  EVENT_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(
      z.array(z.string().regex(/^[a-z-]+=[^|]{32,}(\|[^|]{32,})*$/, 'has a key that is shorter than 32 characters')),
    )
    .transform((entries) => Object.fromEntries(entries.map(toKeys))),
  /** What seals the audit trail: `<key>` or `<key>|<older key>`; the first seals, the others are believed. */
  AUDIT_KEYS: secretWithOlder,
});

export type ChangingSecrets = z.infer<typeof changingSecrets>;

/** Further variables of a service that stands beside a sidecar and verifies tokens. */
export const serviceEnvironment = processEnvironment.extend({
  ...changingSecrets.shape,
  /** How often the secret store is asked for secrets that have changed. */
  SECRETS_EVERY_SECONDS: z.coerce.number().min(0.1).max(3_600).default(30),
  DAPR_HTTP_PORT: z.coerce.number().int().min(1).max(65535),
  DAPR_API_TOKEN: z.string().optional(),
  APP_API_TOKEN: z.string().min(16).optional(),
  JWKS_URL: z.url(),
  TOKEN_ISSUER: z.string().default('cabinet'),
});

export type ServiceEnvironment = z.infer<typeof serviceEnvironment>;

function toKeys(entry: string): [string, string[]] {
  const end = entry.indexOf('=');
  return [entry.slice(0, end), entry.slice(end + 1).split('|')];
}

/** A configuration that cannot be started with; `problems` has one line for each thing to mend. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads and checks the environment once, at start.
 * @throws ConfigurationError naming every variable that is missing or wrong, never its value (it may be a secret).
 */
export function readEnvironment<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  throw new ConfigurationError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
