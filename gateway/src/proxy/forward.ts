import { DomainError, type ErrorKind } from '@cabinet/kit/errors';
import { networkOf } from '@cabinet/kit/http/network';
import { ReferenceAnswers } from '../fallbacks/reference-answers.js';
import type { Upstreams } from '../instances/upstreams.js';
import { PassingBodies } from '../limits/passing-bodies.js';
import { CircuitOpen, type Resilience, ServiceBusy, type Verdict } from '../resilience.js';
import { type Limits, limitsOf, type Route, upstreamPath } from '../routes.js';
import type { Attempts } from './attempts.js';
import { assertLength, hasBody, noBody, type RequestBody, readBody } from './body.js';
import type { Exchange } from './exchange.js';
import { circuitOpen, failingAnswer, noInstance, refusalFor, serviceBusy, UpstreamFault } from './faults.js';
import { requestHeaders } from './headers.js';
import { endAnswer } from './linger.js';
import type { Target } from './path.js';
import { UpstreamCall, type UpstreamRequest } from './upstream-call.js';

export interface ForwarderParts {
  upstreams: Upstreams;
  resilience: Resilience;
  limitsFor?: (route: Route, method: string, path: string, isKnown: boolean) => Limits;
}

/** Takes a request to an instance of its service and brings the answer back. */
export class Forwarder {
  private readonly references = new ReferenceAnswers();
  private readonly passingBodies = new PassingBodies();

  constructor(private readonly parts: ForwarderParts) {}

  /** @throws DomainError when there is no answer to bring back; the head of the answer is then not yet written. */
  async forward(exchange: Exchange, route: Route, target: Target): Promise<void> {
    const { req, res, method } = exchange;
    const limits = (this.parts.limitsFor ?? limitsOf)(route, method, target.path, exchange.principal !== undefined);
    assertLength(req, limits.bodyBytesMax);
    if (req.headers.expect) res.writeContinue();
    const path = upstreamPath(route, target.path) + target.query;
    const referenceKey = ReferenceAnswers.keyOf(method, route, exchange.principal, path);
    try {
      const body = this.takeBody(exchange, route, limits);
      const request: UpstreamRequest = {
        method,
        path,
        headers: requestHeaders(req, exchange),
        body: body instanceof Promise ? await whileGoingOn(exchange, body) : body,
        isStream: req.headers.accept?.includes('text/event-stream') ?? false,
        isCopied: referenceKey !== undefined,
      };
      const call = await this.send(exchange, route.service, request);
      exchange.stopDeadline();
      const relay = this.bringBack(exchange, route.service, call, referenceKey);
      if (relay) await relay;
    } catch (error) {
      exchange.stopDeadline();
      const refusal = toRefusal(error, route.service, exchange);
      if (!this.bringBackStale(exchange, refusal, referenceKey)) throw refusal;
    }
  }

  private takeBody(exchange: Exchange, route: Route, { bodyBytesMax, bodyMs, timeoutMs }: Limits) {
    const { req, res } = exchange;
    if (!hasBody(req)) {
      exchange.awaitAnswer(timeoutMs);
      return noBody;
    }
    exchange.awaitBody(bodyMs);
    return readBody(req, {
      bytesMax: bodyBytesMax,
      onPart: (bytes) => exchange.notePart(bytes),
      onWhole: () => exchange.awaitAnswer(timeoutMs),
      onPassing: () => res.once('close', this.passingBodies.enter(callerKey(exchange), route.service)),
    });
  }

  /** Fetches an answer to be read here. @throws DomainError */
  async fetch(
    attempts: Attempts,
    service: string,
    path: string,
    headers: string[],
    body?: Buffer,
  ): Promise<UpstreamCall> {
    const request: UpstreamRequest = {
      method: attempts.method,
      path,
      headers,
      body: body ? { kind: 'kept', bytes: body } : noBody,
      isStream: false,
      isCopied: true,
    };
    try {
      const call = await this.send(attempts, service, request);
      if (call.blamesService) throw failureOf(call, service, attempts);
      await call.whole();
      return call;
    } catch (error) {
      throw toRefusal(error, service, attempts);
    }
  }

  private send(attempts: Attempts, service: string, request: UpstreamRequest): Promise<UpstreamCall> {
    return this.parts.resilience.of(service).run((isLast) => this.attempt(attempts, service, request, isLast));
  }

  private async attempt(attempts: Attempts, service: string, request: UpstreamRequest, isLast: boolean) {
    attempts.assertGoingOn();
    const { upstreams } = this.parts;
    const upstream = upstreams.choose(service, attempts.avoided);
    if (!upstream) throw noInstance(service);
    attempts.call?.stop(replaced());
    attempts.tries += 1;
    attempts.instanceId = upstream.instance.id;
    const startedAt = upstreams.now();
    const call = new UpstreamCall(upstream, request);
    attempts.call = call;
    try {
      await call.answered;
      upstreams.note(upstream, call.blamesService);
      if (!call.blamesService) return call;
      attempts.avoid(upstream);
      attempts.noteDoubt(failureOf(call, service, attempts));
      if (!isLast && attempts.isHarmlessTwice && isWhole(request)) call.mayRepeat = 'within-budget';
      return call;
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      attempts.avoid(upstream);
      if (error.kind === 'broken' || error.kind === 'late') attempts.noteDoubt(refusalFor(error, service, attempts));
      if (error.blamesService) upstreams.note(upstream, true);
      if (error.kind === 'unsent') {
        upstreams.skip(upstream);
        error.blamesService = !upstreams.hasOther(upstream);
      } else if (upstreams.isOutlierSince(upstream, startedAt)) error.blamesService = false;
      if (!isLast && isWhole(request)) error.mayRepeat = repeatAfter(error, attempts);
      throw error;
    }
  }

  /** @returns a promise only for an answer that is still coming. */
  private bringBack(exchange: Exchange, service: string, call: UpstreamCall, referenceKey?: string) {
    const { res } = exchange;
    const isAway = call.status >= 502 && call.status <= 504;
    if (call.blamesService || (isAway && referenceKey && this.references.find(referenceKey))) {
      call.stop(replaced());
      throw failureOf(call, service, exchange);
    }
    // The service may say that nothing was changed, but it speaks of its last try.
    if (call.status >= 500 && exchange.doubt) {
      call.stop(replaced());
      throw exchange.doubt;
    }
    const end = (lastPiece?: string) => {
      endAnswer(exchange.req, res, lastPiece, 'latin1');
      if (referenceKey && call.status === 200 && call.body) this.references.keep(referenceKey, call.headers, call.body);
    };
    if (call.isEventStream) exchange.beginStream();
    const relayed = call.relayTo(res, exchange.addedHeaders());
    if (!(relayed instanceof Promise)) return end(relayed);
    // The head is written by now, and the caller must not take the part that came for the whole.
    return relayed.then(end, () => {
      res.destroy();
    });
  }

  /** @returns true when the last good answer was given instead of a refusal. */
  private bringBackStale(exchange: Exchange, refusal: unknown, referenceKey?: string): boolean {
    const isOutage = refusal instanceof DomainError && outages.has(refusal.kind);
    const kept = referenceKey && isOutage ? this.references.find(referenceKey) : undefined;
    const { req, res } = exchange;
    if (!kept || res.headersSent || res.destroyed) return false;
    res.writeHead(200, [...kept.headers, ...exchange.addedHeaders()]);
    endAnswer(req, res, kept.body.toString('latin1'), 'latin1');
    exchange.isStale = true;
    return true;
  }
}

const outages: ReadonlySet<ErrorKind> = new Set(['unavailable', 'upstream-timeout', 'bad-upstream-answer']);

/** Can be sent again from memory. */
const isWhole = ({ body }: UpstreamRequest): boolean => body.kind !== 'passing';

function repeatAfter({ kind }: UpstreamFault, { isHarmlessTwice }: Attempts): Verdict['mayRepeat'] {
  // Whatever the method: no instance has seen it.
  if (kind === 'unsent') return 'freely';
  return kind === 'broken' && isHarmlessTwice ? 'within-budget' : 'no';
}

const callerKey = ({ principal, caller }: Exchange): string => principal?.id ?? networkOf(caller.address);

/** Waits for the caller's body, but not longer than the exchange goes on. */
function whileGoingOn(exchange: Exchange, body: Promise<RequestBody>): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    exchange.giveUpBody = reject;
    body.then(resolve, reject);
  });
}

/** For an answer that nobody will read. */
const replaced = () => new UpstreamFault('abandoned');

const failureOf = ({ status, headers }: UpstreamCall, service: string, attempts: Attempts): DomainError =>
  failingAnswer(status, service, attempts, String(headers['retry-after']));

function toRefusal(error: unknown, service: string, attempts: Attempts): unknown {
  const refusal = lastRefusal(error, service, attempts);
  return refusal instanceof DomainError ? (attempts.doubt ?? refusal) : refusal;
}

function lastRefusal(error: unknown, service: string, attempts: Attempts): unknown {
  if (error instanceof UpstreamFault) return refusalFor(error, service, attempts);
  if (error instanceof ServiceBusy) return serviceBusy(service);
  if (error instanceof CircuitOpen) return circuitOpen(service, error.retryAfterSeconds);
  return error;
}
