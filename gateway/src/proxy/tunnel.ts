import { type IncomingMessage, request } from 'node:http';
import { type Duplex, finished } from 'node:stream';
import type { Upstreams } from '../instances/upstreams.js';
import { type Route, upstreamPath } from '../routes.js';
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

  constructor(private readonly upstreams: Upstreams) {}

  /**
   * @param head what the caller has sent behind its request.
   * @throws DomainError when no instance can be asked or the answer is no HTTP.
   */
  async connect(exchange: Exchange, route: Route, target: Target, head: Buffer): Promise<void> {
    const upstream = this.upstreams.choose(route.service);
    if (!upstream) throw noInstance(route.service);
    exchange.instanceId = upstream.instance.id;
    exchange.tries = 1;
    const headers = ['Connection', 'Upgrade', 'Upgrade', 'websocket', 'Host', new URL(upstream.instance.origin).host];
    const asked = request(`${upstream.instance.origin}${upstreamPath(route, target.path)}${target.query}`, {
      headers: [...headers, ...requestHeaders(exchange.req, exchange), ...upstream.addedHeaders],
    });
    exchange.res.once('close', () => asked.destroy());
    await new Promise<void>((resolve, reject) => {
      asked.on('upgrade', (answer, far, farHead) => {
        this.join(exchange, answer, far, head, farHead);
        resolve();
      });
      asked.on('response', (answer) => {
        exchange.res.writeHead(answer.statusCode ?? 502, answerHeaders(answer.headers, exchange.addedHeaders()));
        answer.pipe(exchange.res);
        resolve();
      });
      asked.on('error', (error) => reject(refusalFor(new UpstreamFault('broken', error), route.service, 'GET')));
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
