import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../gateway/dist/config.js';
import { until } from '../support/http.ts';
import { SteadyLoad, unhurried } from '../support/steady-load.ts';

/** Answers at once, as a machine would that is faster than any. */
async function startFastest() {
  const counts = { address: 0, user: 0, signIns: 0 };
  const server = createServer((req, res) => {
    counts.address += 1;
    if (req.url === '/api/auth/login') counts.signIns += 1;
    if (req.headers.authorization === 'office') counts.user += 1;
    req.resume();
    const isNew = req.method === 'POST' && req.url === '/api/appointments';
    res.writeHead(isNew ? 201 : 200, { 'content-type': 'application/json' }).end('{"id":"any"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { counts, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('the load on a cluster stays below the limits of the gateway, however fast that answers', async () => {
  const { counts, url } = await startFastest();
  const load = new SteadyLoad(() => url, unhurried);
  const began = performance.now();
  const who = { practitionerId: 'a', appointmentTypeId: 'b', patientId: 'c', slots: ['d'] };
  load.start({
    office: () => 'office',
    doctor: () => 'doctor',
    bookings: [who, who],
    record: 'c',
    patient: { email: 'e', password: 'f' },
  });
  await until(() => counts.signIns >= 2 && counts.address >= 100);
  await load.stop();
  // The first of each comes at once.
  const minutes = (performance.now() - began + unhurried.everyMs) / 60_000;
  const most = readConfig({ REGISTRY_URLS: url, JWKS_URL: url });
  expect(load.failures).toEqual([]);
  expect(counts.address / minutes).toBeLessThan(most.RATE_LIMIT_ADDRESS * 0.8);
  expect(counts.user / minutes).toBeLessThan(most.RATE_LIMIT_USER * 0.8);
  expect((counts.signIns - 1) / minutes).toBeLessThan(most.RATE_LIMIT_SIGN_INS * 0.8);
});
