import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createVite } from 'vite';
import { createMock } from './mock.ts';

/**
 * Serves the portal as it is written, by Vite, and the mock behind it, at one address: what is changed shows at once.
 * @param port 0 for any that is free
 */
export async function serveMock(port: number): Promise<{ address: string; stop(): Promise<void> }> {
  const vite = await createVite({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    server: { middlewareMode: true, ...(port === 0 && { ws: false, hmr: false }) },
    logLevel: 'warn',
  });
  const mock = createMock();
  const server = createServer((req, res) => {
    if (!mock(req, res)) vite.middlewares(req, res);
  });
  // What is not answered on a connection that was used before, a browser sends again by itself, and nobody would hear of it.
  server.maxRequestsPerSocket = 1;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await vite.close();
    },
  };
}
