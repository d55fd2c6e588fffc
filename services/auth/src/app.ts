import { readFileSync } from 'node:fs';
import { factTypes } from '@cabinet/contracts';
import { createTokenVerifier, type TokenVerifier } from '@cabinet/kit/access/tokens';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import { ConfigurationError } from '@cabinet/kit/config';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { PostgresIdempotencyStore } from '@cabinet/postgres/idempotency';
import { openStore } from '@cabinet/postgres/store';
import { type ControllerFactories, provideControllers } from '@cabinet/service/http/controllers';
import { idempotency } from '@cabinet/service/http/idempotency';
import { openService, serve } from '@cabinet/service/service';
import type { EventPublisher } from '@cabinet/service/sidecar/publish';
import { createLocalJWKSet } from 'jose';
import type { PublicKey } from './api/dto.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { KeysController } from './api/keys.controller.js';
import { SessionsController } from './api/sessions.controller.js';
import { UsersController } from './api/users.controller.js';
import type { Config } from './config.js';
import { Argon2PasswordHasher } from './data/argon2-password-hasher.js';
import { Housekeeping } from './data/housekeeping.js';
import { JwtIssuer } from './data/jwt-issuer.js';
import { SignedDevices } from './data/known-devices.js';
import { PatientsGone } from './data/patients-gone.js';
import { AttemptsSchema, PostgresAttemptCounter } from './data/postgres-attempts.js';
import { PostgresSessions } from './data/postgres-sessions.js';
import { PostgresUsers } from './data/postgres-users.js';
import { deriveKey } from './data/sealed.js';
import { RefreshTokenSchema, SessionSchema } from './data/session.schema.js';
import { SigningKeySchema, SigningKeys } from './data/signing-keys.js';
import { UserSchema } from './data/user.schema.js';
import { asTheyAreNow } from './domain/caller.js';
import { errorCodes } from './domain/error-codes.js';
import { createFirstAdmin, seedDemonstrationUsers } from './domain/first-users.js';
import type { PasswordHasher } from './domain/ports.js';
import type { AuthParts } from './domain/sign-in.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { toFact } from './events/published.js';
import { migrations } from './migrations/index.js';

const source = 'auth';

/** What a test may put in place of the real part. */
export interface Overrides {
  clock?: Clock;
  passwords?: PasswordHasher;
  publisher?: EventPublisher;
}

/**
 * The composition root: the one place where the rooms of this service meet. It listens at once, is ready and resolves
 * when the database has been brought up to date and there is a key to sign with.
 * @throws ConfigurationError when production would start with users whose password everybody knows, or when
 *   AUTH_KEY_SECRET does not open the keys in the database
 */
export async function startAuth(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const clock = overrides.clock ?? systemClock;
  // Its own tokens are checked with the keys at hand, not by asking itself over HTTP.
  const tokens = createTokenVerifier(
    { jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER },
    (header, token) => createLocalJWKSet({ keys: keys.keyRing.published })(header, token),
    clock,
  );
  const verifier: TokenVerifier = { verify: async (token) => asTheyAreNow(parts.users, await tokens.verify(token)) };
  const service = await openService(source, config, { verifier });
  const { log, closers } = service;

  const { orm, database, told, hear } = openStore(service, {
    url: config.DATABASE_URL,
    entities: [UserSchema, SessionSchema, RefreshTokenSchema, AttemptsSchema, SigningKeySchema],
    migrations,
    facts: factTypes('auth'),
    publisher: overrides.publisher,
  });
  const keys = new SigningKeys(orm, deriveKey(config.AUTH_KEY_SECRET, 'signing-keys'), clock);
  const publicKeys = (): PublicKey[] => keys.keyRing.published as PublicKey[];
  const telling = { source, toFact, told };
  const sessions = new PostgresSessions(orm, deriveKey(config.AUTH_KEY_SECRET, 'refresh-tokens'));
  const attempts = new PostgresAttemptCounter(orm, deriveKey(config.AUTH_KEY_SECRET, 'attempts'), telling);
  const parts: AuthParts = {
    users: new PostgresUsers(orm, clock, telling),
    sessions,
    attempts,
    devices: new SignedDevices(deriveKey(config.AUTH_KEY_SECRET, 'devices')),
    passwords: overrides.passwords ?? new Argon2PasswordHasher(),
    tokens: new JwtIssuer(keys, config.TOKEN_ISSUER),
    clock,
  };

  const gone = new PatientsGone({ telling, attempts, clock });
  const hears = hear({
    handlers: { patient: followPatientWhenMergedOrErased(orm, gone, told) },
    types: factTypes('patient'),
  });

  const rules = { allowPlainHttp: config.CABINET_MODE === 'demonstration', origins: config.CORS_ORIGINS };
  const controllers: ControllerFactories = new Map<never, () => unknown>();
  controllers.set(SessionsController, () => new SessionsController(parts, rules));
  controllers.set(UsersController, () => new UsersController(parts));
  controllers.set(KeysController, () => new KeysController(publicKeys));
  const keptAnswers = new PostgresIdempotencyStore(orm, clock);
  const digestKey = deriveKey(config.AUTH_KEY_SECRET, 'idempotency');

  let isPrepared = false;
  const running = await serve(service, {
    openapi: JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')),
    errorCodes,
    body: { secrets: ['password', 'currentPassword', 'newPassword'] },
    isReady: async () => isPrepared && (await database.isReady()),
    hears,
    routes(app) {
      app.set('trust proxy', config.PROXY_HOPS);
      provideControllers(app, controllers);
      // Only here: the answers of the other routes hold tokens and are never kept.
      app.use('/api/auth/users', idempotency(keptAnswers, service, { digestKey }));
      RegisterRoutes(app);
    },
  });
  try {
    await database.migrated;
    await keys.load();
    await prepareUsers(parts, config);
  } catch (error) {
    await running.stop();
    throw error;
  }
  isPrepared = true;
  const housekeeping = new Housekeeping({ keys, sessions, attempts, clock, log });
  closers.add(() => housekeeping.stop());
  return running;
}

async function prepareUsers(parts: AuthParts, config: Config): Promise<void> {
  if (config.CABINET_MODE === 'demonstration') return seedDemonstrationUsers(parts);
  const found = await parts.users.countDemonstrationUsers();
  if (found > 0) {
    throw new ConfigurationError([
      `CABINET_MODE: production does not start while the database holds ${found} demonstration user(s) (*@cabinet.test), whose password is public. Use a new database.`,
    ]);
  }
  const { AUTH_FIRST_ADMIN_EMAIL: email, AUTH_FIRST_ADMIN_PASSWORD: password } = config;
  if (email && password) await createFirstAdmin(parts, email, password);
}
