import type { Clock } from '@cabinet/kit/clock';
import { Counter, type Metrics } from '@cabinet/kit/observe/metrics';
import { toAppName } from '../domain/instance.js';
import { acceptsGzip, sendNothing, sendRefusal } from '../http/answer.js';
import type { Exchange, Handler } from '../http/router.js';
import { Access, type AccessRules, type Caller } from './access.js';
import { RateLimiter } from './rate-limiter.js';

export interface GuardRules extends AccessRules {
  rateLimits: boolean;
  /** Refuses clients that fetch without compression. */
  gzipRequired: boolean;
}

// For each address. The bursts let everybody behind one address come back at once after a restart of the registry.
const rates = {
  fetch: { perSecond: 500, burst: 1_000 },
  'full fetch': { perSecond: 100, burst: 200 },
  change: { perSecond: 500, burst: 2_000 },
};

// Beyond the first, each mebibyte of an answer counts as one request more.
const bytesPerRequest = 1024 ** 2;

type Kind = keyof typeof rates;

/**
 * What stands before the routes. Renewals are not limited, neither by a rate nor by what others use up: they are the
 * cheapest of all requests, refusing one costs as much, and a lost one costs a route.
 */
export class Guard {
  /** Who calls, and what they may. */
  readonly allowed: Access;
  private readonly limiters: Record<Kind, RateLimiter>;
  private readonly limited: Counter<'kind'>;
  private isLeaving = false;

  constructor(
    private readonly rules: GuardRules,
    clock: Clock,
    metrics: Metrics,
  ) {
    this.allowed = new Access(rules);
    this.limiters = {
      fetch: new RateLimiter(rates.fetch, clock),
      'full fetch': new RateLimiter(rates['full fetch'], clock),
      change: new RateLimiter(rates.change, clock),
    };
    this.limited = new Counter({
      name: 'registry_rate_limited_total',
      help: 'Requests refused because their sender sent too many',
      labelNames: ['kind'],
      registers: [metrics.registry],
    });
  }

  /** From now on clients are sent to another registry. */
  leave(): void {
    this.isLeaving = true;
  }

  access = (handler: Handler): Handler => this.guarded(undefined, handler);
  /** Of the leases of the application that the address names. */
  renewal = (handler: Handler): Handler => this.guarded(undefined, handler, mayChange);
  change = (handler: Handler): Handler => this.guarded('change', handler, mayChange);
  peers = (handler: Handler): Handler => this.guarded(undefined, handler, mayChange);
  fetch = (handler: Handler): Handler => this.guarded('fetch', this.compressed(handler));
  fullFetch = (handler: Handler): Handler => this.guarded('full fetch', this.compressed(handler));

  private guarded(kind: Kind | undefined, handler: Handler, may: May = mayRead): Handler {
    return (exchange) => {
      const caller = this.allowed.callerOf(exchange.req);
      const verdict = may(caller, exchange);
      if (verdict !== 'yes') return verdict === 'unknown' ? refuseStranger(exchange) : refuseOther(exchange);
      if (this.isLeaving) return sendNothing(exchange.res, 307);
      if (kind && !caller.isOurs && !this.mayGoOn(kind, exchange)) return refuseFlood(exchange);
      return handler(exchange);
    };
  }

  private mayGoOn(kind: Kind, { req, res }: Exchange): boolean {
    if (!this.rules.rateLimits) return true;
    const { socket } = req;
    const address = socket.remoteAddress ?? '';
    const limiter = this.limiters[kind];
    if (limiter.take(address)) {
      const before = socket.bytesWritten;
      res.once('close', () => limiter.charge(address, Math.floor((socket.bytesWritten - before) / bytesPerRequest)));
      return true;
    }
    this.limited.inc({ kind });
    return false;
  }

  private compressed(handler: Handler): Handler {
    if (!this.rules.gzipRequired) return handler;
    return (exchange) => (acceptsGzip(exchange.req) ? handler(exchange) : sendNothing(exchange.res, 406));
  }
}

type May = (caller: Caller, exchange: Exchange) => 'yes' | 'no' | 'unknown';

const mayRead: May = ({ mayRead }) => (mayRead ? 'yes' : 'unknown');

/** A process changes its own application alone: neither another one, nor all, as peers do. */
const mayChange: May = ({ changes }, { params }) => {
  if (changes === 'all') return 'yes';
  if (changes === 'none') return 'unknown';
  return params.app !== undefined && toAppName(params.app) === changes.app ? 'yes' : 'no';
};

function refuseOther({ req, res }: Exchange): void {
  req.resume();
  sendRefusal(res, 403, 'You are another application');
}

function refuseStranger({ req, res }: Exchange): void {
  req.resume();
  res.setHeader('WWW-Authenticate', 'Basic realm="registry", charset="UTF-8"');
  sendRefusal(res, 401, 'Say who you are');
}

// As Netflix's server answers it: its clients then turn to the next registry.
function refuseFlood({ req, res }: Exchange): void {
  req.resume();
  res.setHeader('Retry-After', '1');
  sendRefusal(res, 503, 'Too many requests');
}
