import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { hasRole, type Principal } from '@cabinet/kit/access/principal';
import type { TokenVerifier } from '@cabinet/kit/access/tokens';
import { DomainError, NotAllowed, NotAuthenticated, Unavailable } from '@cabinet/kit/errors';
import { networkOf } from '@cabinet/kit/http/network';
import { runInContext } from '@cabinet/kit/http/request-context';
import { assertWellFormed } from '@cabinet/kit/http/well-formed';
import type { Logger } from '@cabinet/kit/observe/log';
import { type Overview, overviewIdOf } from './fallbacks/overview.js';
import { CrossOrigin } from './limits/cross-origin.js';
import type { LoadShedder } from './limits/load-shedder.js';
import { type RateLimits, rateHeaders } from './limits/rate-limits.js';
import { isOfAccesses } from './pages/accesses.js';
import { isOfExport } from './pages/export.js';
import { Exchange, type ExchangeParts } from './proxy/exchange.js';
import type { Forwarder } from './proxy/forward.js';
import { endAnswer } from './proxy/linger.js';
import { readTarget, type Target } from './proxy/path.js';
import type { Tunnels } from './proxy/tunnel.js';
import { refuse, refuseForDefect } from './refusals.js';
import { ownPages } from './route-table.js';
import { honoursKey, isPublic, isSignIn, type Route, type RouteTable } from './routes.js';

export interface FrontDoorParts {
  routes: RouteTable;
  forwarder: Forwarder;
  overview: Overview;
  tunnels: Tunnels;
  verifier: TokenVerifier;
  rateLimits: RateLimits;
  shedder: LoadShedder;
  crossOrigin: CrossOrigin;
  /** Everything that is not routed to a service: docs, health, the gateway's own state. */
  pages: RequestListener;
  pagesOverHttp2: (exchange: Exchange) => void;
  /** Set when plain HTTP is only to lead to TLS. */
  redirectToPort?: number;
  log: Logger;
  exchanges: ExchangeParts;
}

const methods = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Where every request enters: is it well-formed, is there room, which route, who calls; then on to the service or page. */
export class FrontDoor {
  constructor(private readonly parts: FrontDoorParts) {}

  readonly take: RequestListener = (req, res) => this.answer(new Exchange(req, res, this.parts.exchanges));

  readonly takeUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until it is known that the connection changes, it is answered as any other is.
    const res = new ServerResponse(req);
    res.assignSocket(socket as Socket);
    res.once('finish', () => socket.end());
    this.answer(new Exchange(req, res, this.parts.exchanges), head);
  };

  private answer(exchange: Exchange, head?: Buffer): void {
    const refuseFor = (error: unknown) => this.refuseFor(exchange, error);
    try {
      this.admit(exchange, head)?.catch(refuseFor);
    } catch (error) {
      refuseFor(error);
    }
  }

  private refuseFor(exchange: Exchange, error: unknown): void {
    if (error instanceof DomainError) refuse(exchange, error);
    else {
      this.parts.log.error({ err: error, request_id: exchange.requestId }, 'request failed');
      refuseForDefect(exchange);
    }
  }

  /** @param head of a connection that is to become a WebSocket. */
  private admit(exchange: Exchange, head?: Buffer): Promise<void> | undefined {
    const { req, method } = exchange;
    const { crossOrigin } = this.parts;
    assertReadable(exchange);
    if (!methods.has(method)) {
      exchange.addHeaders(['Allow', [...methods].join(', ')]);
      throw new DomainError('method-not-allowed', 'REQUEST.METHOD_NOT_ALLOWED', 'This method is not known here');
    }
    const target = readTarget(req.url ?? '');
    const route = this.parts.routes.find(target.path);
    if (this.parts.redirectToPort && exchange.caller.scheme === 'http' && !/^\/(?:health|metrics)/.test(target.path)) {
      // Whoever is led on never notices that their token was readable by all on the way.
      if (route || target.path.startsWith('/api')) throw tlsNeeded();
      redirect(exchange, this.parts.redirectToPort);
      return;
    }
    if (!route) return this.showPage(exchange, target);
    exchange.route = route.prefix;
    exchange.service = route.service;
    exchange.hasIdempotencyKey = req.headers['idempotency-key'] !== undefined && honoursKey(route, method, target.path);
    if (CrossOrigin.isPreflight(req)) {
      answerPreflight(exchange, crossOrigin);
      return;
    }
    exchange.addHeaders(crossOrigin.headersFor(req));
    if (head) crossOrigin.assertOwnPage(req);
    return this.assertWelcome(exchange, route, target).then(() => this.pass(exchange, route, target, head));
  }

  private pass(exchange: Exchange, route: Route, target: Target, head?: Buffer): Promise<void> | void {
    if (head) return this.parts.tunnels.connect(exchange, route, target, head);
    if (isOfAccesses(target.path) || isOfExport(target.path)) return this.answerByPage(exchange);
    const patientId = overviewIdOf(target.path);
    if (patientId) return this.parts.overview.answer(exchange, patientId);
    return this.parts.forwarder.forward(exchange, route, target);
  }

  private async assertWelcome(exchange: Exchange, route: Route, { path }: Target): Promise<void> {
    const { verifier, rateLimits } = this.parts;
    const { req, method } = exchange;
    const signsIn = isSignIn(route, method, path);
    const wait = this.enter(exchange, signsIn);
    if (wait) await wait;
    const network = networkOf(exchange.caller.address);
    let left = await rateLimits.count('address', network);
    if (signsIn) left = await rateLimits.count('sign-in', network);
    if (!isPublic(route, method, path)) {
      const verified = verifier.verify(bearerToken(req.headers.authorization));
      const principal = verified instanceof Promise ? await verified : verified;
      if (rateLimits.limits('user')) left = await rateLimits.count('user', principal.id);
      assertRole(route, principal);
      exchange.principal = principal;
    }
    if (rateLimits.limits('route')) left = await rateLimits.count('route', route.prefix);
    if (left) exchange.addHeaders(rateHeaders(left));
  }

  /** @returns a promise only when there is a wait. */
  private enter(exchange: Exchange, signsIn: boolean): Promise<void> | undefined {
    const { shedder } = this.parts;
    const wait = shedder.enter(signsIn);
    if (!wait) exchange.hasEntered = true;
    return wait?.then(() => {
      exchange.hasEntered = !exchange.isFinished;
      if (exchange.hasEntered) return;
      shedder.leave();
      throw new Unavailable('REQUEST.ABANDONED', 'The caller went away while waiting');
    });
  }

  private async showPage(exchange: Exchange, { path }: Target): Promise<void> {
    exchange.route = pageOf(path);
    if (exchange.route !== '/health' && exchange.route !== '/metrics') {
      await this.enter(exchange, false);
    }
    this.answerByPage(exchange);
  }

  private answerByPage(exchange: Exchange): void {
    const { req, res, requestId, span } = exchange;
    if (req.httpVersionMajor >= 2) {
      this.parts.pagesOverHttp2(exchange);
      return;
    }
    // As for services: pages ask some on the caller's behalf. Others look whether a proxy has passed them on.
    if (req.url?.startsWith('/api/')) req.headers['x-forwarded-for'] = exchange.caller.address;
    const added = exchange.addedHeaders();
    for (let i = 0; i < added.length; i += 2) res.setHeader(added[i] as string, added[i + 1] as string);
    runInContext({ requestId, traceId: span.traceId }, () => this.parts.pages(req, res));
  }
}

// What follows such a request on its connection is not to be believed either.
function assertReadable(exchange: Exchange): void {
  try {
    assertWellFormed(exchange.req);
  } catch (error) {
    if (exchange.req.httpVersionMajor < 2) exchange.addHeaders(['Connection', 'close']);
    throw error;
  }
}

const tlsNeeded = () =>
  new DomainError('forbidden', 'REQUEST.TLS_NEEDED', 'This is answered over https only', {
    detail:
      'Begin the address with https. A token or password that was just sent could be read on its way: replace it.',
  });

// 308 keeps method and body (RFC 9110, section 15.4.9).
function redirect(exchange: Exchange, port: number): void {
  const { req, res } = exchange;
  const host = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d+)?$/i.exec(req.headers.host ?? '')?.[1];
  if (!host) throw new DomainError('malformed', 'REQUEST.MALFORMED', 'This is not a valid HTTP request');
  const location = `https://${host}${port === 443 ? '' : `:${port}`}${req.url}`;
  res.writeHead(308, ['Location', location, 'Content-Length', '0', ...exchange.addedHeaders()]);
  endAnswer(req, res);
}

function answerPreflight(exchange: Exchange, crossOrigin: CrossOrigin): void {
  const { req, res } = exchange;
  res.writeHead(204, [...exchange.addedHeaders(), ...crossOrigin.preflightHeadersFor(req)]);
  endAnswer(req, res);
}

function assertRole({ roles }: Route, principal: Principal): void {
  if (!roles || hasRole(principal, ...roles)) return;
  throw new NotAllowed('ACCESS.ROLE_NOT_ALLOWED', 'Your role does not allow this');
}

const scheme = 'bearer ';

// RFC 6750, section 2.1; the name of the scheme in any case (RFC 9110, section 11.1).
function bearerToken(header: string | undefined): string {
  if (!header) throw new NotAuthenticated();
  if (header.slice(0, scheme.length).toLowerCase() === scheme) return header.slice(scheme.length);
  throw new NotAuthenticated('ACCESS.TOKEN_INVALID', 'The access token is not valid');
}

/** The name of a page in logs and metrics, never the path itself: unknown paths must not make a series each. */
const pageOf = (path: string): string =>
  path === '/' ? '/' : (ownPages.find((name) => path.startsWith(name)) ?? 'unmatched');
