import {
  createServer,
  type ServerOptions as HttpServerOptions,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RunningProcess } from '@cabinet/kit/lifecycle';
import { wantsTunnel } from './proxy/tunnel.js';
import { refuseUnreadable } from './refusals.js';

export interface ListenOptions {
  host: string;
  port: number;
  /** Longest time for running requests to finish on stop, in milliseconds. */
  drainMsMax: number;
  /** Takes connections that are to become WebSockets. */
  onUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Limits of time and number other than the usual ones. */
  limits?: HttpServerOptions;
}

/** Connections that may wait to be accepted; of more that come at once, some would try again only after a second or three. */
export const backlog = 4_096;

/** How HTTP/1.1 is read, with and without TLS. */
export const http1Rules: HttpServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 180_000, // routes have their own, shorter ones
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  optimizeEmptyRequests: true,
  shouldUpgradeCallback: wantsTunnel,
};

/** What is not a valid request gets a problem body, and ends the connection. */
export function takeUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isMidAnswer(socket)) socket.destroy();
  else refuseUnreadable(socket, error.code);
}

/** Listens for HTTP/1.1; everything that is not a valid request gets a problem body and ends the connection. */
export async function listenToCallers(
  handle: RequestListener,
  { host, port, drainMsMax, onUpgrade, limits }: ListenOptions,
): Promise<RunningProcess> {
  const server = createServer({ ...http1Rules, ...limits });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', handle);
  server.on('upgrade', onUpgrade);
  // Without this, Node would ask for a body that may be about to be refused.
  server.on('checkContinue', handle);
  server.on('clientError', takeUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return { host: bound.address, port: bound.port, stop: () => drain(server, sockets, drainMsMax) };
}

/** Stops accepting, closes what is idle, and waits for the running requests. */
function drain(server: Server, sockets: ReadonlySet<Socket>, drainMsMax: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMsMax);
    // A connection is idle as soon as its answer has been given, and may then be kept open by its caller for long.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
    // Opened in advance and never used; Node counts them neither as idle nor as busy.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
}

// Node keeps the answer under way there, and looks at it the same way before it answers a bad request itself.
const isMidAnswer = (socket: Socket & { _httpMessage?: ServerResponse }): boolean =>
  socket._httpMessage?.headersSent ?? false;
