import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { sidecarWasReady } from './first-answer.js';

async function startSidecar() {
  const state = { status: 500 };
  const server = createServer((req, res) => {
    res.writeHead(req.url === '/v1.0/healthz/outbound' ? state.status : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  };
  onTestFinished(() => void close());
  return { state, close, port: (server.address() as AddressInfo).port };
}

it('is so when the sidecar can carry calls, and stays so when it is lost', async () => {
  const sidecar = await startSidecar();
  const came = sidecarWasReady(sidecar.port);
  expect(await came()).toBe(false);
  sidecar.state.status = 204;
  expect(await came()).toBe(true);
  await sidecar.close();
  expect(await came()).toBe(true);
});

it('is given up after a while without one', async () => {
  const { port, close } = await startSidecar();
  await close();
  expect(await sidecarWasReady(port)()).toBe(false);
  expect(await sidecarWasReady(port, -1)()).toBe(true);
});
