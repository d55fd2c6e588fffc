import { type IncomingMessage, request } from 'node:http';
import { type Duplex, finished, pipeline } from 'node:stream';
import { DomainError } from '@cabinet/kit/errors';
import { usualUpstreamSettings } from '../instances/upstream.js';
import type { Upstreams } from '../instances/upstreams.js';
import { type Route, upstreamPath, usualLimits } from '../routes.js';
import { hasBody } from './body.js';
import type { Exchange } from './exchange.js';
import { noInstance, refusalFor, UpstreamFault } from './faults.js';
import { answerHeaders, requestHeaders } from './headers.js';
import type { Target } from './path.js';

/** The one protocol that connections may change to; whatever else is asked for stays HTTP (RFC 9110, section 7.8). */
export const wantsTunnel = (req: IncomingMessage): boolean =>
  req.method === 'GET' && req.headers.upgrade?.toLowerCase() === 'websocket';

/** WebSocket connections: asked for like any request, then bytes in both directions until one side ends. */
export class Tunnels {
  private readonly open = new Set<Duplex>();

  /** @param answerMs how long a service may take until it answers that the connection changes. */
  constructor(
    private readonly upstreams: Upstreams,
    private readonly answerMs = usualLimits.timeoutMs,
  ) {}

  /**
   * @param head what the caller has sent behind its request.
   * @throws DomainError when the request has a body, no instance can be asked, or the answer is no HTTP or does not come.
   */
  async connect(exchange: Exchange, route: Route, target: Target, head: Buffer): Promise<void> {
    // Where its body ends and the other protocol begins, two readers could see in two places.
    if (hasBody(exchange.req)) throw withBody();
    const upstream = this.upstreams.choose(route.service);
    if (!upstream) throw noInstance(route.service);
    exchange.instanceId = upstream.instance.id;
    exchange.tries = 1;
    const asked = request(`${upstream.instance.origin}${upstreamPath(route, target.path)}${target.query}`, {
      // Of this caller alone: on a shared connection the next one would hear what this one left.
      agent: false,
      headers: [
        ...['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Host', new URL(upstream.instance.origin).host],
        ...withoutLength(requestHeaders(exchange.req, exchange)),
        ...upstream.addedHeaders,
      ],
    });
    exchange.res.once('close', () => asked.destroy());
    await new Promise<void>((resolve, reject) => {
      const fail = (fault: UpstreamFault) => reject(refusalFor(fault, route.service, { method: 'GET' }));
      const limit = setTimeout(() => {
        fail(new UpstreamFault('late'));
        asked.destroy();
      }, this.answerMs);
      asked.on('upgrade', (answer, far, farHead) => {
        clearTimeout(limit);
        this.join(exchange, answer, far, head, farHead);
        resolve();
      });
      asked.on('response', (answer) => {
        clearTimeout(limit);
        exchange.res.writeHead(answer.statusCode ?? 502, answerHeaders(answer.headers, exchange.addedHeaders()));
        answer.socket.setTimeout(usualUpstreamSettings.bodyTimeoutMs, () => answer.destroy());
        pipeline(answer, exchange.res, () => resolve()); // a part that broke off is cut, never taken for the whole
      });
      asked.on('error', (error) => {
        clearTimeout(limit);
        fail(new UpstreamFault('broken', error));
      });
      asked.end();
    });
  }

  closeAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  private join(exchange: Exchange, answer: IncomingMessage, far: Duplex, head: Buffer, farHead: Buffer): void {
    const { socket } = exchange.req;
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'];
    const headers = answerHeaders(answer.headers, exchange.addedHeaders());
    for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
    exchange.isTunnel = true;
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    socket.write(farHead);
    far.write(head);
    socket.pipe(far).pipe(socket);
    socket.setTimeout(0);
    for (const [near, other] of [
      [socket, far],
      [far, socket],
    ] as const) {
      this.open.add(near);
      finished(near, () => {
        this.open.delete(near);
        other.destroy();
      });
    }
  }
}

function withoutLength(headers: string[]): string[] {
  const at = headers.indexOf('content-length');
  return at < 0 ? headers : headers.toSpliced(at, 2);
}

const withBody = () =>
  new DomainError('malformed', 'REQUEST.MALFORMED', 'A request for a WebSocket has no body', {
    detail: 'Send neither a length nor a transfer coding with it.',
  });
