import { DomainError } from '@cabinet/kit';
import type { Upstream } from '../instances/upstream.js';
import type { Upstreams } from '../instances/upstreams.js';
import { CircuitOpen, type Resilience, ServiceBusy, type Verdict } from '../resilience.js';
import { type Limits, limitsOf, type Route, upstreamPath } from '../routes.js';
import { assertLength, type RequestBody, takeBody } from './body.js';
import type { Exchange } from './exchange.js';
import { circuitOpen, failingAnswer, isSafe, noInstance, refusalFor, serviceBusy, UpstreamFault } from './faults.js';
import { requestHeaders } from './headers.js';
import { endAnswer } from './linger.js';
import type { Target } from './path.js';
import { UpstreamCall, type UpstreamRequest } from './upstream-call.js';

export interface ForwarderParts {
  upstreams: Upstreams;
  resilience: Resilience;
  limitsFor?: (route: Route, path: string) => Limits;
}

/** Takes a request to an instance of its service and brings the answer back. */
export class Forwarder {
  constructor(private readonly parts: ForwarderParts) {}

  /** @throws DomainError when there is no answer to bring back; the head of the answer is then not yet written. */
  async forward(exchange: Exchange, route: Route, target: Target): Promise<void> {
    const { req, res, method } = exchange;
    const { bodyBytesMax, timeoutMs } = (this.parts.limitsFor ?? limitsOf)(route, target.path);
    assertLength(req, bodyBytesMax);
    if (req.headers.expect) res.writeContinue();
    exchange.startDeadline(timeoutMs);
    try {
      const body = takeBody(req, { bytesMax: bodyBytesMax, onPart: () => exchange.stillComing() });
      const request: UpstreamRequest = {
        method,
        path: upstreamPath(route, target.path) + target.query,
        headers: requestHeaders(req, exchange),
        body: body instanceof Promise ? await whileGoingOn(exchange, body) : body,
        isStream: req.headers.accept?.includes('text/event-stream') ?? false,
      };
      const policy = this.parts.resilience.of(route.service);
      const call = await policy.run((isLast) => this.attempt(exchange, route.service, request, isLast));
      exchange.stopDeadline();
      await this.bringBack(exchange, route.service, call);
    } catch (error) {
      exchange.stopDeadline();
      throw toRefusal(error, route.service, method);
    }
  }

  private async attempt(exchange: Exchange, service: string, request: UpstreamRequest, isLast: boolean) {
    exchange.assertGoingOn();
    const { upstreams } = this.parts;
    const upstream = upstreams.choose(service, exchange.avoided);
    if (!upstream) throw noInstance(service);
    exchange.call?.stop(replaced());
    exchange.tries += 1;
    exchange.instanceId = upstream.instance.id;
    const call = new UpstreamCall(upstream, request);
    exchange.call = call;
    try {
      await call.answered;
      upstreams.note(upstream, call.blamesService);
      if (!call.blamesService) return call;
      avoid(exchange, upstream);
      if (!isLast && isHarmlessTwice(exchange, request)) call.mayRepeat = 'within-budget';
      return call;
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      avoid(exchange, upstream);
      if (error.blamesService) upstreams.note(upstream, true);
      if (error.kind === 'unsent') {
        upstreams.skip(upstream);
        error.blamesService = !upstreams.hasOther(upstream);
      }
      if (!isLast) error.mayRepeat = repeatAfter(error, exchange, request);
      throw error;
    }
  }

  private async bringBack(exchange: Exchange, service: string, call: UpstreamCall): Promise<void> {
    const { req, res, method } = exchange;
    if (call.blamesService) {
      call.stop(replaced());
      throw failingAnswer(call.status, service, method, String(call.headers['retry-after']));
    }
    try {
      endAnswer(req, res, await call.relayTo(res, exchange.addedHeaders()), 'latin1');
    } catch (error) {
      // The caller must not take the part that came for the whole.
      if (!res.headersSent) throw error;
      res.destroy();
    }
  }
}

/** Can be sent again from memory. */
const isWhole = ({ body }: UpstreamRequest): boolean => body.kind !== 'passing';

/** Has the same effect when it arrives twice. */
const isHarmlessTwice = ({ method, req }: Exchange, request: UpstreamRequest): boolean =>
  isWhole(request) && (isSafe(method) || req.headers['idempotency-key'] !== undefined);

function repeatAfter({ kind }: UpstreamFault, exchange: Exchange, request: UpstreamRequest): Verdict['mayRepeat'] {
  // Whatever the method: no instance has seen it.
  if (kind === 'unsent' && isWhole(request)) return 'freely';
  return kind === 'broken' && isHarmlessTwice(exchange, request) ? 'within-budget' : 'no';
}

function avoid(exchange: Exchange, upstream: Upstream): void {
  exchange.avoided ??= new Set();
  exchange.avoided.add(upstream);
}

/** Waits for the caller's body, but not longer than the exchange goes on. */
function whileGoingOn(exchange: Exchange, body: Promise<RequestBody>): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    exchange.giveUpBody = reject;
    body.then(resolve, reject);
  });
}

/** For an answer that nobody will read. */
const replaced = () => new UpstreamFault('abandoned');

function toRefusal(error: unknown, service: string, method: string): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof UpstreamFault) return refusalFor(error, service, method);
  if (error instanceof ServiceBusy) return serviceBusy(service);
  if (error instanceof CircuitOpen) return circuitOpen(service, error.retryAfterSeconds);
  return error;
}
