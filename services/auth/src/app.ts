import { factTypes } from '@cabinet/contracts';
import { createTokenVerifier, type TokenVerifier } from '@cabinet/kit/access/tokens';
import { systemClock } from '@cabinet/kit/clock';
import { ConfigurationError } from '@cabinet/kit/config';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { earlierIds } from '@cabinet/postgres/gone-patients';
import { openStore } from '@cabinet/postgres/store';
import { Witness } from '@cabinet/service/audit/witness';
import { openService, readOpenApi, type ServiceOverrides, serve } from '@cabinet/service/service';
import type { EventHandler } from '@cabinet/service/sidecar/deliveries';
import { createLocalJWKSet } from 'jose';
import { AuditHeadsController } from './api/audit-heads.controller.js';
import { CodesController } from './api/codes.controller.js';
import { DelegationsController } from './api/delegations.controller.js';
import { RegisterRoutes } from './api/generated/routes.js';
import { IdentitiesController } from './api/identities.controller.js';
import { InteractionsController } from './api/interactions.controller.js';
import { InvitationsController } from './api/invitations.controller.js';
import type { EncryptionKey } from './api/issuer.dto.js';
import { IssuersController } from './api/issuers.controller.js';
import type { PublicKey } from './api/key.dto.js';
import { KeysController } from './api/keys.controller.js';
import { oidcPages } from './api/oidc-pages.js';
import { OwnSessionsController } from './api/own-sessions.controller.js';
import { PasskeysController } from './api/passkeys.controller.js';
import { givePatientData } from './api/patient-data.js';
import { RegistrationsController } from './api/registrations.controller.js';
import { SecondFactorsController } from './api/second-factors.controller.js';
import { SessionsController } from './api/sessions.controller.js';
import { StaffController } from './api/staff.controller.js';
import { UsersController } from './api/users.controller.js';
import type { Config } from './config.js';
import { Argon2PasswordHasher } from './data/argon2-password-hasher.js';
import { BreachedPasswordList } from './data/breached-passwords.js';
import { Challenges } from './data/challenges.js';
import { DaprNeighbours } from './data/dapr-neighbours.js';
import { forgetEndedAccess, tellEndedAccess } from './data/ended-access.js';
import { keepHouse } from './data/housekeeping.js';
import { SealedSignIns } from './data/issuers/begun-sign-ins.js';
import { EncryptionKeys } from './data/issuers/encryption-keys.js';
import { OpenIdRelyingParty } from './data/issuers/openid-relying-party.js';
import { PostgresIdentityLinks } from './data/issuers/postgres-identity-links.js';
import { SessionsElsewhere } from './data/issuers/sessions-elsewhere.js';
import { hearSignOuts } from './data/issuers/told-sign-outs.js';
import { JwtIssuer } from './data/jwt-issuer.js';
import { SignedDevices } from './data/known-devices.js';
import { OidcState } from './data/oidc/oidc-state.js';
import { OpenIdConnect, oidcPath } from './data/oidc/open-id-connect.js';
import { PostgresPatientLogins } from './data/patient-logins.js';
import { PatientsGone } from './data/patients-gone.js';
import { PostgresActingFor } from './data/postgres-acting-for.js';
import { AttemptsSchema, PostgresFailedAttempts } from './data/postgres-attempts.js';
import { OneTimeCodeSchema, PostgresCodes } from './data/postgres-codes.js';
import { PostgresDelegations } from './data/postgres-delegations.js';
import { PasskeySchema, PostgresPasskeys } from './data/postgres-passkeys.js';
import { PostgresRegistrations } from './data/postgres-registrations.js';
import { PostgresSecondFactors } from './data/postgres-second-factors.js';
import { PostgresSessions } from './data/postgres-sessions.js';
import { PostgresUsers } from './data/postgres-users.js';
import { deriveKey, deriveKeys } from './data/sealed.js';
import { RefreshTokenSchema, SessionSchema } from './data/session.schema.js';
import { SigningKeySchema, SigningKeys } from './data/signing-keys.js';
import { UserSchema } from './data/user.schema.js';
import { WebauthnCeremonies } from './data/webauthn.js';
import { AdministerUsers } from './domain/administer-users.js';
import { AnswerInteractions } from './domain/answer-interactions.js';
import { asTheyAreNow } from './domain/caller.js';
import { ChangePassword } from './domain/change-password.js';
import { CheckSecondFactor } from './domain/check-second-factor.js';
import { DecideRegistrations } from './domain/decide-registrations.js';
import { Directory } from './domain/directory.js';
import { errorCodes } from './domain/error-codes.js';
import { FindUsers } from './domain/find-users.js';
import { InvitePeople } from './domain/invite-people.js';
import { KeepDelegations } from './domain/keep-delegations.js';
import { KeepFactors } from './domain/keep-factors.js';
import { KeepIdentities } from './domain/keep-identities.js';
import { KeepPasskeys } from './domain/keep-passkeys.js';
import { KeepSessions } from './domain/keep-sessions.js';
import { MailCodes } from './domain/mail-codes.js';
import { MakeFirstUsers } from './domain/make-first-users.js';
import { portalAt } from './domain/oidc-client.js';
import { ChosenPasswords } from './domain/password.js';
import type { PasswordHasher, Users } from './domain/ports.js';
import { RecoverPassword } from './domain/recover-password.js';
import { RegisterOneself } from './domain/register-oneself.js';
import { SignIn } from './domain/sign-in.js';
import { SignInByPasskey } from './domain/sign-in-by-passkey.js';
import { SignInElsewhere } from './domain/sign-in-elsewhere.js';
import { UseCodes } from './domain/use-codes.js';
import { endDelegationsWhenAPractitionerLeaves } from './events/end-delegations-when-a-practitioner-leaves.js';
import { followPatientWhenMergedOrErased } from './events/follow-patient-when-merged-or-erased.js';
import { keepWhoActsForWhomWhenThatChanges } from './events/keep-who-acts-for-whom-when-that-changes.js';
import { toCodeFact, toFact, toReceipt } from './events/published.js';
import { migrations } from './migrations/index.js';

/** What a test may put in place of the real part. */
export interface Overrides extends Omit<ServiceOverrides, 'verifier'> {
  passwords?: PasswordHasher;
}

/** Handlers that each have an effect of their own once: a delivery that comes again is finished by those that failed. */
const inTurn =
  (...handlers: EventHandler[]): EventHandler =>
  async (events) => {
    for (const handle of handlers) await handle(events);
  };

/**
 * The composition root: the one place where the rooms of this service meet. It listens at once, is ready and resolves
 * when the database has been brought up to date and there is a key to sign with.
 * @throws ConfigurationError when production would start with users whose password everybody knows, or when
 *   AUTH_KEY_SECRET does not open the keys in the database
 */
export async function startAuth(config: Config, overrides: Overrides = {}): Promise<RunningProcess> {
  const clock = overrides.clock ?? systemClock;
  // Its own tokens are checked with the keys at hand, not by asking itself over HTTP.
  const ownTokens = createTokenVerifier(
    { jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER },
    (header, token) => createLocalJWKSet({ keys: keys.keyRing.published })(header, token),
    clock,
  );
  const verifier: TokenVerifier = {
    verify: async (token) => asTheyAreNow(users, sessions, actingFor, clock.now(), await ownTokens.verify(token)),
  };
  const service = await openService('auth', config, { ...overrides, verifier });
  const { log, closers, sidecar } = service;

  const store = openStore(service, {
    url: config.DATABASE_URL,
    entities: [
      UserSchema,
      SessionSchema,
      RefreshTokenSchema,
      AttemptsSchema,
      SigningKeySchema,
      OneTimeCodeSchema,
      PasskeySchema,
    ],
    migrations,
    facts: factTypes('auth'),
  });
  const { orm } = store;
  const events = store.eventSource(toFact);
  const [secret] = config.AUTH_KEY_SECRET;
  const keys = new SigningKeys(orm, deriveKeys(config.AUTH_KEY_SECRET, 'signing-keys'), clock);
  const publicKeys = (): PublicKey[] => keys.keyRing.published as PublicKey[];
  const users = new PostgresUsers(orm, clock, events);
  const elsewhere = new SessionsElsewhere(orm, deriveKeys(config.AUTH_KEY_SECRET, 'sessions-elsewhere'));
  const sessions = new PostgresSessions(orm, deriveKey(secret, 'refresh-tokens'), elsewhere);
  const attempts = new PostgresFailedAttempts(orm, deriveKey(secret, 'attempts'), events);
  const devices = new SignedDevices(deriveKey(secret, 'devices'));
  const passwords = overrides.passwords ?? new Argon2PasswordHasher();
  const hosts = config.PASSKEY_ORIGINS.map((origin) => new URL(origin).hostname);
  const words = [...config.PRACTICE_WORDS, ...hosts];
  const chosen = new ChosenPasswords(passwords, new BreachedPasswordList(), words);
  const codes = new PostgresCodes(orm, config.AUTH_KEY_SECRET, store.eventSource(toCodeFact));

  const factors = new PostgresSecondFactors(orm, config.AUTH_KEY_SECRET);
  const passkeys = new PostgresPasskeys(orm);
  const site = { id: config.PASSKEY_DOMAIN, origins: config.PASSKEY_ORIGINS };
  const challenges = new Challenges(deriveKey(secret, 'challenges'));
  const ceremonies = new WebauthnCeremonies(site, challenges);

  const second = new CheckSecondFactor(factors, config.SECOND_FACTOR_ROLES, clock);
  const actingFor = new PostgresActingFor(orm, clock);
  const delegations = new PostgresDelegations(orm, clock);
  const tokens = new JwtIssuer(keys, actingFor, delegations, config.TOKEN_ISSUER);
  const keepSessions = new KeepSessions(users, sessions, tokens, clock);
  const registrations = new PostgresRegistrations(orm, deriveKeys(config.AUTH_KEY_SECRET, 'registrations'));
  const signIn = new SignIn(users, registrations, attempts, devices, passwords, keepSessions, second, clock);
  const changePassword = new ChangePassword(users, attempts, passwords, chosen, clock);
  const find = new FindUsers(users, sessions, factors, clock);
  const directory = new Directory(new DaprNeighbours(sidecar));
  const administer = new AdministerUsers(users, chosen, second, directory, clock);
  const keepFactors = new KeepFactors(users, sessions, factors, attempts, second, clock);
  const keepPasskeys = new KeepPasskeys(passkeys, ceremonies, keepFactors, second, clock);
  const byPasskey = new SignInByPasskey(users, passkeys, ceremonies, attempts, devices, keepSessions, clock);
  const useCodes = new UseCodes(codes, attempts, clock);
  const recover = new RecoverPassword(users, codes, useCodes, attempts, chosen, clock);
  const invite = new InvitePeople(users, codes, useCodes, attempts, chosen, directory, clock);
  const oneself = new RegisterOneself(registrations, codes, useCodes, recover, attempts, chosen, clock);
  const decideRegistrations = new DecideRegistrations(registrations, users, directory, clock);
  const mailCodes = new MailCodes(codes, users, registrations, clock);
  const keepDelegations = new KeepDelegations(delegations, clock);
  const firstUsers = new MakeFirstUsers(users, administer);

  const oidcState = new OidcState(orm, deriveKeys(config.AUTH_KEY_SECRET, 'openid-connect'), clock);
  const issuer = new URL(oidcPath, config.PASSKEY_ORIGINS[0]).href;
  const openId = new OpenIdConnect(
    {
      issuer,
      clients: [portalAt(config.PASSKEY_ORIGINS), ...config.OIDC_CLIENTS],
      state: oidcState,
      sessions: keepSessions,
      stored: sessions,
      tokens,
      pages: oidcPages,
      clock,
      log,
    },
    keys,
  );
  const answerInteractions = new AnswerInteractions(openId, keepSessions);

  const issuers = config.TRUSTED_ISSUERS;
  const wanted = issuers.flatMap(({ encryption }) => encryption ?? []);
  const encryptionKeys = new EncryptionKeys(orm, wanted, deriveKeys(config.AUTH_KEY_SECRET, 'encryption-keys'), clock);
  const origin = config.PASSKEY_ORIGINS[0] as string;
  const party = new OpenIdRelyingParty({ issuers, origin, keys: encryptionKeys, clock, log });
  const begun = new SealedSignIns(orm, deriveKeys(config.AUTH_KEY_SECRET, 'begun-elsewhere'), oidcState);
  const links = new PostgresIdentityLinks(orm, deriveKeys(config.AUTH_KEY_SECRET, 'identities'));
  const inElsewhere = new SignInElsewhere(
    issuers,
    party,
    begun,
    links,
    users,
    attempts,
    devices,
    keepSessions,
    second,
    clock,
  );
  const identities = new KeepIdentities(issuers, links, users, clock);
  const publishedKeys = () => encryptionKeys.published() as Promise<EncryptionKey[]>;

  const witness = new Witness(store.auditTrail, clock);
  const receipts = store.eventSource(toReceipt);
  const gone = new PatientsGone({ events, receipts, attempts, actingFor, clock });
  const rules = { allowPlainHttp: config.CABINET_MODE === 'demonstration', origins: config.CORS_ORIGINS };
  let isPrepared = false;
  const running = await serve(service, store, {
    openapi: readOpenApi(import.meta.url),
    errorCodes,
    controllers: [
      [SessionsController, () => new SessionsController(signIn, keepSessions, find, changePassword, rules)],
      [OwnSessionsController, () => new OwnSessionsController(keepSessions)],
      [InteractionsController, () => new InteractionsController(answerInteractions, issuers, rules)],
      [IssuersController, () => new IssuersController(inElsewhere, publishedKeys, rules)],
      [IdentitiesController, () => new IdentitiesController(identities)],
      [PasskeysController, () => new PasskeysController(byPasskey, keepPasskeys, rules)],
      [SecondFactorsController, () => new SecondFactorsController(keepFactors)],
      [UsersController, () => new UsersController(find, administer, keepSessions)],
      [RegistrationsController, () => new RegistrationsController(oneself, decideRegistrations)],
      [StaffController, () => new StaffController(find)],
      [DelegationsController, () => new DelegationsController(keepDelegations)],
      [CodesController, () => new CodesController(recover, mailCodes)],
      [InvitationsController, () => new InvitationsController(invite)],
      [KeysController, () => new KeysController(publicKeys)],
      [AuditHeadsController, () => new AuditHeadsController(witness)],
    ],
    registerRoutes: RegisterRoutes,
    before: [
      tellEndedAccess(orm, clock),
      hearSignOuts({ issuers, party, sessions: elsewhere, clock, log }),
      openId.routes(),
    ],
    earlierIds: (patientId) => earlierIds(orm.em.fork(), patientId),
    patientData: givePatientData(new PostgresPatientLogins(orm)),
    hears: {
      types: factTypes,
      handlers: {
        patient: inTurn(
          followPatientWhenMergedOrErased(orm, gone, () => events.committed()),
          keepWhoActsForWhomWhenThatChanges(orm, actingFor),
        ),
        practitioner: endDelegationsWhenAPractitionerLeaves(orm, delegations),
      },
    },
    body: { secrets: ['password', 'currentPassword', 'newPassword', 'code'] },
    digestKey: deriveKey(secret, 'idempotency'),
    isReady: () => isPrepared,
    proxyHops: config.PROXY_HOPS,
  });
  try {
    await store.prepared;
    await keys.load();
    await encryptionKeys.load();
    await factors.sealAnew();
    await registrations.sealAnew();
    await prepareUsers(users, firstUsers, config);
  } catch (error) {
    await running.stop();
    throw error;
  }
  isPrepared = true;
  const housekeeping = keepHouse({
    keys,
    sessions,
    attempts,
    codes,
    passkeys,
    forgetEndedAccess: (now) => forgetEndedAccess(orm, now),
    encryptionKeys,
    links,
    registrations,
    clock,
    log,
  });
  closers.defer(() => housekeeping.stop());
  const forgetting = openId.forgetEnded().start();
  closers.defer(() => forgetting.stop());
  if (config.OIDC_CLIENTS.some(({ backchannelLogoutUri }) => backchannelLogoutUri)) {
    const telling = openId.tellClients().start();
    closers.defer(() => telling.stop());
  }
  return running;
}

async function prepareUsers(users: Users, first: MakeFirstUsers, config: Config): Promise<void> {
  if (config.CABINET_MODE === 'demonstration') return first.ofDemonstration();
  const found = await users.countDemonstrationUsers();
  if (found > 0) {
    throw new ConfigurationError([
      `CABINET_MODE: production does not start while the database holds ${found} demonstration user(s) (*@cabinet.test), whose password is public. Use a new database.`,
    ]);
  }
  const { AUTH_FIRST_ADMIN_EMAIL: email, AUTH_FIRST_ADMIN_PASSWORD: password } = config;
  if (email && password) await first.admin(email, password);
}
