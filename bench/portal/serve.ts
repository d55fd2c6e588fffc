import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { workTree } from '../../dev/cache.mjs';
import { chooseCoding } from '../../gateway/dist/pages/coding.js';
import { type PortalFile, readPortalFiles } from '../../gateway/dist/pages/portal-files.js';
import { createMock } from '../../portal/mock/mock.ts';

interface Served {
  address: string;
  stop(): Promise<void>;
}

/** The portal as it was built, compressed as the gateway sends it, and the mock of the API behind it. */
export async function servePortal(): Promise<Served> {
  const files = readPortalFiles(join(workTree, 'portal/dist'));
  const mock = createMock();
  const server = createServer((req, res) => {
    if (mock(req, res)) return;
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    const { type, isForEver, variants } = files.get(pathname) ?? (files.get('/index.html') as PortalFile);
    const coding = chooseCoding(req.headers['accept-encoding'], [...variants.keys()]);
    const variant = variants.get(coding);
    if (!variant) throw new Error(`${pathname} is there compressed only`);
    res.writeHead(200, {
      'Content-Type': type,
      'Content-Length': variant.bytes,
      'Cache-Control': isForEver ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(coding !== 'identity' && { 'Content-Encoding': coding }),
    });
    createReadStream(variant.file).pipe(res);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
