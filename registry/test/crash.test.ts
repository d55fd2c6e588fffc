import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createLogger } from '@cabinet/kit/observe/log';
import { registerInRegistry } from '@cabinet/kit/registry/registration';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from './cluster.js';
import { getJson } from './start.js';

const clients = 500;
const renewalMs = 10_000;

/** The process as it is deployed. */
function startProcess(port: number): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
    env: { CABINET_MODE: 'demonstration', APP_PORT: String(port), LOG_LEVEL: 'warn', DRIFT_MS: '0' },
    stdio: 'inherit',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A service that counts how often it was asked and did not answer. */
async function startService() {
  const server = createServer((_req, res) => res.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const counts = { answered: 0, failed: 0 };
  const asking = setInterval(() => {
    fetch(`http://127.0.0.1:${port}`).then(
      () => (counts.answered += 1),
      () => (counts.failed += 1),
    );
  }, 20);
  onTestFinished(() => {
    clearInterval(asking);
    server.close();
  });
  return { port, counts };
}

it('a registry that is killed under 500 clients knows all of them again within one renewal interval', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const first = startProcess(port);
  const service = await startService();
  for (let n = 0; n < clients; n += 1) {
    const registration = registerInRegistry({
      urls: [`${url}/eureka/`],
      app: `service-${n}`,
      host: '127.0.0.1',
      port: service.port,
      isReady: async () => true,
      log: createLogger('test', 'silent'),
      renewalMs,
      leaseSeconds: 30,
      requestTimeoutMs: 5_000,
    });
    onTestFinished(() => registration.stop());
  }
  const known = async () =>
    Number((await getJson(url, '/status').catch(() => ({})))?.generalStats?.['registered-instances']);
  await expect.poll(known).toBe(clients);

  first.kill('SIGKILL');
  await new Promise((resolve) => first.once('exit', resolve));
  startProcess(port);
  await expect.poll(known).toBeGreaterThanOrEqual(0);
  const began = performance.now();
  await expect.poll(known, { interval: 20 }).toBe(clients);
  const milliseconds = Math.round(performance.now() - began);
  console.log(`A killed registry knew all of ${clients} clients again ${milliseconds} ms after its restart`);
  // Each with its first renewal: asked to register once, registered once. How soon that is depends on the machine as well.
  const answered = await requestsOf(url);
  expect(answered('PUT', 404)).toBeLessThanOrEqual(clients);
  expect(answered('POST', 204)).toBe(clients);
  expect(service.counts.failed).toBe(0);
  expect(service.counts.answered).toBeGreaterThan(10);
}, 120_000);

/** How many requests a registry has answered, by method and status. */
async function requestsOf(url: string): Promise<(method: string, status: number) => number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return (method, status) => {
    const counts = metrics.matchAll(/^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm);
    const wanted = [...counts].filter(
      ([, labels]) => labels?.includes(`method="${method}"`) && labels.includes(`status="${status}"`),
    );
    return wanted.reduce((sum, [, , count]) => sum + Number(count), 0);
  };
}
