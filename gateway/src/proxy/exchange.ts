import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Principal } from '@cabinet/kit/access/principal';
import { type Addresses, type Caller, callerOf } from '../limits/caller-address.js';
import { randomHex } from '../random-hex.js';
import type { ServerSpan } from '../trace.js';
import { Attempts } from './attempts.js';
import { BodyPace } from './body-pace.js';
import { callerTooSlow, UpstreamFault } from './faults.js';
import { sentRequestId } from './headers.js';

export interface ExchangeParts {
  startSpan: (method: string, headers: IncomingMessage['headers']) => ServerSpan;
  trustedProxies: Addresses;
  /** While stopping, callers are told to close their connections. */
  isStopping: () => boolean;
  onFinish: (exchange: Exchange) => void;
  /** From now on the answer tells what happens, for as long as the caller listens. */
  onStream: (exchange: Exchange) => void;
  /** How long, and for which hosts, browsers are to stay with TLS (RFC 6797). */
  strictTransport: string;
}

/** One request and its answer on their way through the gateway, with what the access log wants to know. */
export class Exchange extends Attempts {
  readonly requestId: string;
  readonly span: ServerSpan;
  readonly caller: Caller;
  private readonly added: string[];
  /** The prefix of the route; never the path, which holds ids. */
  route = 'unmatched';
  service?: string;
  /** Who calls; absent on public routes. */
  principal?: Principal;
  /** Counts as under way, so that others may have to wait for it. */
  hasEntered = false;
  isFinished = false;
  /** The connection has become a WebSocket. */
  isTunnel = false;
  /** The answer has no end of its own: server-sent events. */
  isStream = false;
  /** The last good answer was given, since no new one could be had. */
  isStale = false;
  /** Set while the caller's body is awaited, to give that up when the caller has gone or the time is over. */
  giveUpBody?: (fault: UpstreamFault) => void;
  private readonly beganAt = performance.now();
  private pace?: BodyPace;
  private deadline?: NodeJS.Timeout;
  private isWaitedFor = true;

  constructor(
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    private readonly parts: ExchangeParts,
  ) {
    super(req.method ?? '');
    const { startSpan, trustedProxies, onFinish } = parts;
    this.requestId = sentRequestId(req) ?? randomHex(16);
    this.span = startSpan(this.method, req.headers);
    this.caller = callerOf(req, trustedProxies);
    this.added = ['X-Request-Id', this.requestId];
    if (this.caller.scheme === 'https') this.added.push('Strict-Transport-Security', parts.strictTransport);
    res.on('close', () => {
      this.stopDeadline();
      this.isFinished = true;
      if (!res.writableFinished && !this.isTunnel) this.end(new UpstreamFault('abandoned'));
      onFinish(this);
    });
  }

  /** Adds headers, names and values in turn, to the answer, whoever gives it. */
  addHeaders(headers: readonly string[]): void {
    this.added.push(...headers);
  }

  /** What the gateway itself adds to the answer that is given now: names and values in turn. */
  addedHeaders(): readonly string[] {
    // HTTP/2 has no such header; its connections are told by GOAWAY.
    const closes = this.parts.isStopping() && this.req.httpVersionMajor < 2;
    return closes ? [...this.added, 'Connection', 'close'] : this.added;
  }

  /** Of this caller alone, with this request read to its end, and to bring further ones. */
  get connection(): Socket | undefined {
    const { req } = this;
    const isToStay = req.httpVersionMajor < 2 && req.complete && !this.isTunnel && !this.parts.isStopping();
    return isToStay ? req.socket : undefined;
  }

  get durationMs(): number {
    return performance.now() - this.beganAt;
  }

  /** From now on the body has to come, at the least rate and within `wholeMs`. */
  awaitBody(wholeMs: number): void {
    this.pace = new BodyPace(wholeMs, () => endAsLate(this));
  }

  notePart(bytes: number): void {
    this.pace?.note(bytes);
  }

  /** The body, if there is one, is here: from now on the answer has to begin within `timeoutMs`. */
  awaitAnswer(timeoutMs: number): void {
    this.pace?.stop();
    if (this.isWaitedFor) this.deadline = setTimeout(endAsLate, timeoutMs, this);
  }

  /** The answer has begun, or there will be none. */
  stopDeadline(): void {
    this.isWaitedFor = false;
    this.pace?.stop();
    clearTimeout(this.deadline);
  }

  beginStream(): void {
    this.isStream = true;
    this.parts.onStream(this);
  }

  override end(fault: UpstreamFault): void {
    super.end(fault);
    this.giveUpBody?.(fault);
  }

  // What has come is passed on at once unless the instance is slow, so an empty buffer means that nothing has come.
  get isWaitingForCaller(): boolean {
    return !this.req.complete && this.req.readableLength === 0;
  }
}

function endAsLate(exchange: Exchange): void {
  exchange.end(exchange.isWaitingForCaller ? new UpstreamFault('refused', callerTooSlow()) : new UpstreamFault('late'));
}
