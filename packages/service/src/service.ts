import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { policy } from '@cabinet/access/table';
import { followTokens, type TokenVerifier } from '@cabinet/kit/access/tokens';
import { type Clock, systemClock } from '@cabinet/kit/clock';
import { ConfigurationError, type ServiceEnvironment } from '@cabinet/kit/config';
import { createHttpApp } from '@cabinet/kit/http/app';
import type { BodyRules } from '@cabinet/kit/http/body';
import { type OpenApi, Operations } from '@cabinet/kit/http/operations';
import { listen, type RunningProcess } from '@cabinet/kit/lifecycle';
import { createLogger, type Logger } from '@cabinet/kit/observe/log';
import { createMetrics, type Metrics } from '@cabinet/kit/observe/metrics';
import { startTracing } from '@cabinet/kit/observe/tracing';
import { registerInRegistry } from '@cabinet/kit/registry/registration';
import type { RequestHandler, Router } from 'express';
import { AccessDoor } from './access/door.js';
import { AuditKeys } from './audit/chain.js';
import { sealLeftNotes } from './audit/change-notes.js';
import { exchangeHeads } from './audit/exchange-heads.js';
import { DeclaredSubjects } from './audit/subjects.js';
import { keeperOfAccesses, neighbourKeepingAccesses, tellAccesses } from './audit/tell-accesses.js';
import { auditRequests } from './audit/trail.js';
import { witness } from './audit/witness.js';
import { accessRoutes } from './http/accesses.js';
import { auditSearchRoutes, type KeepSubjects } from './http/audit-search.js';
import { holdAnswers } from './http/before-answer.js';
import { type Controllers, provideControllers } from './http/controllers.js';
import { deadLetterRoutes } from './http/dead-letters.js';
import { idempotency } from './http/idempotency.js';
import { type GivePatientData, patientDataRoutes } from './http/patient-data.js';
import { routesByResource } from './http/routes-by-resource.js';
import { followSecrets, type LiveSecrets } from './live-secrets.js';
import { eventRoutes } from './sidecar/event-routes.js';
import { sidecarWasReady } from './sidecar/first-answer.js';
import { type Hearing, hearEvents } from './sidecar/hear-events.js';
import type { SidecarAddress } from './sidecar/invoke.js';
import { createPublisher, type EventPublisher } from './sidecar/publish.js';
import { EventKeys } from './sidecar/signatures.js';
import type { ServiceStore } from './store.js';

/** What a test may put in place of the real part. */
export interface ServiceOverrides {
  clock?: Clock;
  publisher?: EventPublisher;
  verifier?: TokenVerifier;
}

/** What a service has before its own parts are built. */
export interface ServiceBasis {
  name: string;
  config: ServiceEnvironment;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  verifier: TokenVerifier;
  /** The own sidecar, by which neighbours are asked. */
  sidecar: SidecarAddress;
  /** Hands events to the broker. */
  publisher: EventPublisher;
  /** What signs the events that it tells, and shows those it hears to be genuine. */
  eventKeys: EventKeys;
  /** What seals its audit trail. */
  auditKeys: AuditKeys;
  /** Its secrets as they are now, where they come from a store. */
  secrets?: LiveSecrets;
  /** Run in reverse order when the service stops, after the last request has been answered. */
  closers: AsyncDisposableStack;
}

/** @throws ConfigurationError without a key to sign events with */
export async function openService(
  name: string,
  config: ServiceEnvironment,
  overrides: ServiceOverrides = {},
): Promise<ServiceBasis> {
  const eventKeys = new EventKeys(new Map(Object.entries(config.EVENT_KEYS)));
  if (!eventKeys.has(name)) throw new ConfigurationError([`EVENT_KEYS: has no key of ${name}, to sign what it tells`]);
  const sidecar = { httpPort: config.DAPR_HTTP_PORT, apiToken: config.DAPR_API_TOKEN };
  const closers = new AsyncDisposableStack();
  closers.defer(await startTracing(name, config.OTEL_EXPORTER_OTLP_ENDPOINT));
  const log = createLogger(name, config.LOG_LEVEL);
  const auditKeys = new AuditKeys(name, config.AUDIT_KEYS);
  const rules = { jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER };
  return {
    name,
    config,
    clock: overrides.clock ?? systemClock,
    log,
    metrics: createMetrics(name),
    verifier: overrides.verifier ?? followTokens(rules, log, closers),
    sidecar,
    publisher: overrides.publisher ?? createPublisher(sidecar, eventKeys),
    eventKeys,
    auditKeys,
    secrets: followSecrets({ name, config, log, eventKeys, auditKeys, closers }),
    closers,
  };
}

/** Reads the document of a service. @param root the address of its composition root, `import.meta.url` */
export const readOpenApi = (root: string): OpenApi =>
  JSON.parse(readFileSync(new URL('../openapi.json', root), 'utf8'));

/** What a service is made of; all else is the same in every service. */
export interface ServiceParts {
  openapi: OpenApi;
  /** Every refusal of its own, by code. */
  errorCodes: Record<string, unknown>;
  /** How its controllers are made, and how tsoa mounts their routes (`RegisterRoutes`). */
  controllers: Controllers;
  registerRoutes: (routes: Router) => void;
  /** The events that it hears. */
  hears?: Hearing;
  /** Ids under which a patient was registered as well, before they were merged. */
  earlierIds?: (patientId: string) => Promise<string[]>;
  /** All that it keeps of a patient, where it says `patientData` in its process.json. */
  patientData?: GivePatientData;
  /** What of its trail is kept from an admin who searches it. */
  keepSubjects?: KeepSubjects;
  /** What its requests may have in them, beyond what holds for all services. */
  body?: BodyRules;
  /** Before JSON is read: routes that read their own body. */
  before?: RequestHandler[];
  /** Keys the digests of requests whose answers are kept, where requests hold secrets. */
  digestKey?: Buffer;
  /** What else has to be done until it can do its work. */
  isReady?: () => boolean;
  /** Ends the answers that would go on for minutes, and begins no more. */
  endsStreams?: () => void;
  /** Proxies between it and its callers, of which the caller's address is believed. */
  proxyHops?: number;
}

/** How long a service goes on taking requests after it has left the registry. */
const noticeMs = 1_000;

/**
 * Mounts what every service has, in this order: events, dead letters, the audit trail, the access table, kept answers, its
 * own routes. Then listens and registers, as UP when its sidecar has come too; the registry may be absent. On stop: leave the registry, let
 * that be heard, end streams, finish running requests, close.
 *
 * @throws ConfigurationError when an operation does not say whose data it is about, or what it is in the access table
 */
export async function serve(
  basis: ServiceBasis,
  store: ServiceStore,
  parts: ServiceParts,
): Promise<RunningProcess & { server: Server }> {
  const { name, config, log, clock, closers } = basis;
  const operations = new Operations(parts.openapi);
  const subjects = new DeclaredSubjects(parts.openapi, operations);
  const access = new AccessDoor(parts.openapi, policy, clock);
  let stopping = false;
  const isReady = async () => !stopping && (parts.isReady?.() ?? true) && (await store.isReady());
  const receiver = parts.hears && hearEvents(basis, parts.hears, store);
  const app = createHttpApp({
    service: name,
    log,
    metrics: basis.metrics,
    verifier: basis.verifier,
    appApiToken: config.APP_API_TOKEN,
    isReady,
    openapi: parts.openapi,
    errorCodes: Object.keys(parts.errorCodes),
    body: parts.body,
    watching: [
      ...[subjects.noteAsked, access.notice, holdAnswers(subjects.noteAnswered)],
      auditRequests(store.auditTrail, basis),
    ],
    before: [...(receiver ? [eventRoutes(receiver, config.APP_API_TOKEN)] : []), ...(parts.before ?? [])],
    routes(app) {
      app.set('trust proxy', parts.proxyHops ?? false);
      if (receiver) app.use(deadLetterRoutes(receiver, store.deadLetters));
      provideControllers(app, parts.controllers);
      app.use(subjects.noteAsked);
      const { auditTrail: trail } = store;
      const { patientData: give, earlierIds, keepSubjects } = parts;
      app.use(auditSearchRoutes({ trail, clock, earlierIds, keepSubjects }));
      app.use(accessRoutes({ trail, policy, clock, earlierIds }));
      if (give) app.use(patientDataRoutes({ policy, give, earlierIds: earlierIds ?? (async () => []) }));
      app.use(access.comeIn);
      const honours = (method: string, path: string) => operations.takesHeader(method, path, 'Idempotency-Key');
      app.use(idempotency(store.keptAnswers, basis, { honours, digestKey: parts.digestKey }));
      app.use(access.goOut);
      app.use(routesByResource(parts.registerRoutes));
    },
  });
  const listener = await listen(app, { host: config.APP_HOST, port: config.APP_PORT });
  const hasSidecar = sidecarWasReady(config.DAPR_HTTP_PORT);
  const registration = registerInRegistry({
    urls: config.REGISTRY_URLS,
    app: name,
    host: config.APP_HOST,
    port: listener.port,
    version: config.CABINET_VERSION,
    sidecarPort: config.DAPR_HTTP_PORT,
    token: config.REGISTRY_TOKEN,
    isReady: async () => (await isReady()) && (await hasSidecar()),
    log,
  });
  if (name !== witness) {
    const exchange = exchangeHeads(basis, store.auditTrail).start();
    closers.defer(() => exchange.stop());
  }
  // What auth has of patients is whom they sign in as; it asks nobody.
  if (parts.patientData && name !== keeperOfAccesses && name !== witness) {
    const telling = tellAccesses(store.auditTrail, neighbourKeepingAccesses(basis.sidecar), basis);
    void store.prepared.then(() => telling.start());
    closers.defer(() => telling.stop());
  }
  const sealing = sealLeftNotes(store.auditTrail, basis);
  void store.prepared.then(() => sealing.start(0));
  closers.defer(() => sealing.stop());
  log.info({ port: listener.port }, 'listening');
  return {
    ...listener,
    stop: async () => {
      stopping = true;
      const wasListed = registration.state().kind === 'registered';
      await registration.stop();
      // The gateway hears of it a moment later: what it has sent by then must not meet a closed door.
      if (wasListed) await delay(noticeMs);
      // Not before: whoever listens comes back at once, and would be sent here again.
      parts.endsStreams?.();
      await listener.stop();
      await closers.disposeAsync();
      log.info('stopped');
    },
  };
}
