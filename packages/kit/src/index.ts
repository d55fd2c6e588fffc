export {
  callerOf,
  expressAuthentication,
  identifyCaller,
  isFromSidecar,
  requireRole,
  type SignedIn,
} from './access/authenticate.js';
export { hasRole, type Principal, type Role, roles } from './access/principal.js';
export { createTokenVerifier, type TokenVerifier } from './access/tokens.js';
export { type AuditEvent, type ChainVerdict, chainStart, type SealedEvent, seal, verifyChain } from './audit/chain.js';
export { type AuditTrail, auditRequests, noteSubjects } from './audit/trail.js';
export { Batches } from './batches.js';
export { changedFields } from './changes.js';
export { type Clock, SettableClock, systemClock } from './clock.js';
export {
  ConfigurationError,
  type ProcessEnvironment,
  processEnvironment,
  readEnvironment,
  type ServiceEnvironment,
  serviceEnvironment,
} from './config.js';
export {
  Conflict,
  DomainError,
  type DomainErrorDetails,
  type ErrorKind,
  type FieldError,
  FieldErrors,
  InvalidInput,
  invalidField,
  NotAllowed,
  NotAuthenticated,
  NotFound,
  Unavailable,
} from './errors.js';
export { collectGarbage } from './garbage.js';
export { createHttpApp, giveRequestId, type HttpAppOptions, logRequests, serveHealth } from './http/app.js';
export { readBodies, tidyAddress } from './http/body.js';
export { type ControllerFactories, iocContainer, provideControllers } from './http/controllers.js';
export { anyFilter, oneFilter } from './http/dead-letters.js';
export { serveDocs } from './http/docs.js';
export { assertVersion, type ExpectedVersion, etagOf, staleVersion, versionFromIfMatch } from './http/etag.js';
export {
  type Claim,
  type HeldClaim,
  type IdempotencyKey,
  type IdempotencyStore,
  idempotency,
  type KeptAnswer,
} from './http/idempotency.js';
export { noSuchRoute } from './http/no-such-route.js';
export { Cursors, keyPart, nextLink, type Page, toPage } from './http/pages.js';
export { type Problem, problemExit, sendProblem, statusOf, toProblem } from './http/problem.js';
export {
  currentContext,
  type Effect,
  effectOfRequest,
  forAll,
  type RequestContext,
  runInContext,
  stopIfAbandoned,
  storedBefore,
} from './http/request-context.js';
export { assertWellFormed } from './http/well-formed.js';
export { isId, newId } from './ids.js';
export { Closers, type ListenOptions, listen, type RunningProcess, runProcess } from './lifecycle.js';
export { askedOnce } from './observe/asked-once.js';
export { createLogger, gatherLines, type Lines, type Logger } from './observe/log.js';
export {
  AggregatorRegistry,
  Counter,
  createMetrics,
  Gauge,
  Histogram,
  type Metrics,
  routePattern,
} from './observe/metrics.js';
export { observeStore, type StoreFigures } from './observe/store-figures.js';
export {
  currentTraceId,
  inSpan,
  type ServerSpan,
  startServerSpan,
  startTracing,
  traceHeaders,
  traceRequests,
} from './observe/tracing.js';
export {
  type Registration,
  type RegistrationOptions,
  type RegistrationState,
  registerInRegistry,
} from './registry/registration.js';
export { openService, type ServiceBasis, type ServiceParts, serve } from './service.js';
export type { EventHandler, ReceivedEvent } from './sidecar/deliveries.js';
export type { EventReceiver } from './sidecar/event-receiver.js';
export { hearEvents } from './sidecar/hear-events.js';
export {
  answerOf,
  asFaultOf,
  type NeighbourOptions,
  NeighbourRefused,
  neighbour,
  type SidecarAddress,
} from './sidecar/invoke.js';
export { countFacts } from './sidecar/observe-events.js';
export {
  type CloudEvent,
  createPublisher,
  type EventPublisher,
  eventsComponent,
  type KeyedEvent,
} from './sidecar/publish.js';
export { EventKeys } from './sidecar/signatures.js';
export { hasControlCharacter, tidyText } from './text.js';
export { isCalendarDate, readWrittenTime, type WrittenTime } from './written-time.js';
