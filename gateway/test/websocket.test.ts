import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { statusOf } from './support/raw.js';
import { startSystem } from './support/system.js';

/** A service that turns its connections into WebSockets, or refuses to, and says all it hears again. */
async function startSpeaking() {
  const seen: IncomingMessage['headers'][] = [];
  const ports: unknown[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_req, res) => res.writeHead(426).end());
  server.on('upgrade', (req, socket, head) => {
    seen.push(req.headers);
    ports.push(req.socket.remotePort);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    if (req.url?.endsWith('/refused')) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    // As a server that knows no WebSockets answers, and keeps the connection for a next request.
    if (req.url?.endsWith('/plain')) return void socket.write('HTTP/1.1 415 No\r\nContent-Length: 0\r\n\r\n');
    if (req.url?.endsWith('/silent')) return void socket.resume().on('end', () => socket.end());
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\nhello ',
    );
    socket.write(head);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    seen,
    ports,
    sockets,
    upstream: { port: (server.address() as AddressInfo).port, seen: [], stop: async () => {} },
  };
}

function open(port: number, path: string, token?: string, further: string[] = []) {
  const socket = connect(port, '127.0.0.1');
  const lines = [
    ...['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'dapr-app-id: auth'],
    ...further,
  ];
  if (token) lines.push(`Authorization: Bearer ${token}`);
  socket.write(`${[`GET ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\nearly `);
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return { socket, text: () => text };
}

describe('a WebSocket', () => {
  it('passes bytes both ways, also those sent early, until one side ends', async () => {
    const { upstream, seen, sockets } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream]);
    const { socket, text } = open(gateway.port, '/api/patients/live', token);
    await eventually(() => expect(text()).toContain('hello early '));
    expect([statusOf(text()), text().includes('sec-websocket-accept: x')]).toEqual([101, true]);
    socket.write('and more');
    await eventually(() => expect(text()).toContain('and more'));
    expect(seen[0]).toMatchObject({ 'sec-websocket-key': 'x', upgrade: 'websocket', 'x-forwarded-for': '127.0.0.1' });
    expect(seen[0]?.['dapr-app-id']).toBeUndefined();
    socket.destroy();
    await eventually(() => expect(sockets.size).toBe(0));
  });

  it('is for pages of this gateway and of the origins that are named, and for who is no page', async () => {
    const { upstream, seen } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream], {}, { CORS_ORIGINS: 'https://portal.example' });
    const statusFor = async (origin: string) => {
      const { text } = open(gateway.port, '/api/patients/live', token, [`Origin: ${origin}`]);
      await eventually(() => expect(text()).toContain('HTTP/1.1'));
      return [origin, statusOf(text())];
    };
    for (const own of ['http://a', 'https://portal.example']) expect(await statusFor(own)).toEqual([own, 101]);
    const others = [
      'https://evil.example',
      'http://a.evil.example',
      'null',
      'http://a@evil.example',
      'https://portal.example:1',
    ];
    for (const other of others) expect(await statusFor(other)).toEqual([other, 403]);
    expect(seen).toHaveLength(2);
  });

  it('is refused without a token, and where the service refuses it', async () => {
    const { upstream, seen } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream]);
    const anonymous = open(gateway.port, '/api/patients/live');
    await eventually(() => expect(statusOf(anonymous.text())).toBe(401));
    expect(seen).toEqual([]);
    const refused = open(gateway.port, '/api/patients/refused', token);
    await eventually(() => expect(statusOf(refused.text())).toBe(403));
  });

  it('is refused with a body, which the service never sees', async () => {
    const { upstream, seen } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream]);
    for (const header of [
      'Content-Length: 60',
      'Transfer-Encoding: chunked',
      'Content-Type: a/b\r\nContent-Length: 1',
    ]) {
      const { text } = open(gateway.port, '/api/patients/live', token, [header]);
      await eventually(() => expect([header, statusOf(text())]).toEqual([header, 400]));
    }
    expect(seen).toEqual([]);
    const empty = open(gateway.port, '/api/patients/live', token, ['Content-Length: 0']);
    await eventually(() => expect(statusOf(empty.text())).toBe(101));
    expect(seen[0]).not.toHaveProperty('content-length');
  });

  it('has a connection to the service of its own, also after one that was refused', async () => {
    const { upstream, ports } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream]);
    for (const path of ['/api/patients/refused', '/api/patients/plain', '/api/patients/live', '/api/patients/live']) {
      const { text } = open(gateway.port, path, token);
      await eventually(() => expect(statusOf(text())).toBeGreaterThan(0));
    }
    expect(new Set(ports).size).toBe(4);
  });

  it('is answered 504 when the service does not say in time that the connection changes', async () => {
    const { upstream, sockets } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream], { tunnelAnswerMs: 200 });
    const { text } = open(gateway.port, '/api/patients/silent', token);
    await eventually(() => expect(statusOf(text())).toBe(504));
    await eventually(() => expect(sockets.size).toBe(0));
  });

  it('ends when the gateway stops', async () => {
    const { upstream } = await startSpeaking();
    const { gateway, token } = await startSystem([upstream]);
    const { socket, text } = open(gateway.port, '/api/patients/live', token);
    await eventually(() => expect(text()).toContain('hello'));
    const closed = once(socket, 'close');
    await gateway.stop();
    await closed;
  });
});
