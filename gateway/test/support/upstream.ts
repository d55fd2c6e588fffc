import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
}

export interface TestUpstream {
  port: number;
  /** Every request that arrived, in order. */
  seen: SeenRequest[];
  stop(): Promise<void>;
}

/** A real HTTP server that stands for an instance of a service. */
export async function startUpstream(handle: RequestListener = answerOk, port = 0): Promise<TestUpstream> {
  const seen: SeenRequest[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
    handle(req, res);
  });
  return { ...(await open(server, port)), seen };
}

/** A server that answers each connection's first bytes with whatever it likes, valid HTTP or not. */
export async function startRawUpstream(handle: (socket: Socket, request: string) => void): Promise<TestUpstream> {
  const seen: SeenRequest[] = [];
  const server = createRawServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const text = bytes.toString('latin1');
      const [method = '', url = ''] = text.split(' ');
      seen.push({ method, url, headers: {} });
      handle(socket, text);
    });
  });
  return { ...(await open(server, 0)), seen };
}

async function open(server: Server | RawServer, port: number): Promise<Omit<TestUpstream, 'seen'>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return stopped;
  };
  onTestFinished(stop);
  return { port: address.port, stop };
}

export const answerOk: RequestListener = (req, res) => {
  req.resume();
  req.on('end', () => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ port: req.socket.localPort, method: req.method, url: req.url }));
  });
};

export const answerStatus =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (req, res) => {
    req.resume();
    req.on('end', () => res.writeHead(status, headers).end(body));
  };

/** Never answers; the request is seen. */
export const stayAway: RequestListener = () => {};
