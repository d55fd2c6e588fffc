import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { complete, register, startForTest } from './start.js';

const id = complete.instanceId;
const textOf = async (url: string) => (await fetch(url)).text();

it('every page has the one style, its landmarks and a policy that lets nothing else in', async () => {
  const { url } = await startForTest();
  for (const path of ['/', '/drift', '/lastn']) {
    const answer = await fetch(`${url}${path}`);
    const page = await answer.text();
    for (const part of ['<html lang="en">', '<h1>', '<header>', '<main ', '<footer>', 'href="/pages/cabinet.css?v=']) {
      expect([path, part, page.split(part).length - 1]).toEqual([path, part, 1]);
    }
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(page).not.toMatch(/<style|<script>| style=/);
  }
  expect((await fetch(`${url}/pages/nothing.css`)).status).toBe(404);
});

describe('the page of instances', () => {
  it('says when nobody is there', async () => {
    const { url } = await startForTest();
    expect(await textOf(url)).toContain('No instance is registered.');
  });

  it('shows applications, leases, peers and what happened lately', async () => {
    const { url, time } = await startForTest({
      PEER_URLS: 'http://spring:secret@127.0.0.1:1/eureka/',
      SYNC_WAIT_MS: '0',
    });
    await register(url, { ...complete, metadata: { version: '1.2.3' } });
    await register(url, { ...complete, instanceId: 'second' });
    await fetch(`${url}/eureka/apps/PATIENT/second`, { method: 'DELETE' });
    time.pass(4_000);
    const page = await textOf(url);
    expect(page).toContain('1 instance of 1 application.');
    expect(page).toMatch(/Self-preservation is ready/);
    expect(page).toMatch(/>1\.2\.3</);
    expect(page).toMatch(/>15 s, every 5 s</);
    expect(page).toMatch(/>second<\/th><td[^>]* data-label="What"><div>cancelled<\/div><\/td><td[^>]*><div>4 s ago</);
    expect(page).toContain('http://127.0.0.1:1/eureka/');
    expect(page).not.toContain('secret');
  });

  it('shows what instances say of themselves as text, whatever it is', async () => {
    const { url } = await startForTest();
    await register(url, {
      ...complete,
      instanceId: '<script>alert(1)</script>',
      hostName: '"><img src=x>',
      metadata: { version: '</td><iframe>' },
    });
    for (const path of ['/', '/drift', '/lastn']) {
      const answer = await fetch(`${url}${path}`);
      const page = await answer.text();
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page).not.toMatch(/<(script>alert|img|iframe)/);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect(await textOf(url)).toContain('&quot;&gt;&lt;img src=x&gt;:9091');
  });

  it('says at the top who is not up, or that all is well', async () => {
    const { url } = await startForTest({ PEER_URLS: 'http://127.0.0.1:1/eureka/', SYNC_WAIT_MS: '0' });
    await register(url, { ...complete, instanceId: 'first' });
    await register(url, { ...complete, instanceId: 'second', status: 'DOWN' });
    expect(await textOf(url)).toMatch(/verdict bad.*2 things need a look.*<strong>DOWN<\/strong>: second\./s);
    const alone = await startForTest();
    await register(alone.url);
    expect(await textOf(alone.url)).toContain('<section class="verdict good"><h2>All is well</h2>');
  });

  it('shows who was there and left, as long as nobody of the application is back', async () => {
    const { url, time } = await startForTest();
    await register(url, { ...complete, app: 'record', leaseInfo: { renewalIntervalInSecs: 5, durationInSecs: 3_600 } });
    await register(url);
    time.pass(30_000);
    const page = await textOf(url);
    expect(page).toMatch(
      /verdict bad.*One thing needs a look.*<strong>Away<\/strong>, no instance is left: PATIENT\./s,
    );
    expect(page).toMatch(/>host:patient:9091<\/th>.*>PATIENT<.*>away<.*>its lease ran out \d+ s ago</);
    await register(url);
    expect(await textOf(url)).toContain('<h2>All is well</h2>');
    await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'DELETE' });
    expect(await textOf(url)).toContain('>it signed off 0 s ago<');
  });

  it('has a column for versions only when there are some', async () => {
    const { url } = await startForTest();
    await register(url);
    expect(await textOf(url)).not.toContain('>Version<');
    await register(url, { ...complete, instanceId: 'second', metadata: { version: '1.2.3' } });
    expect(await textOf(url)).toContain('>Version<');
  });

  it('says it loud when self-preservation is active', async () => {
    const { url, time } = await startForTest();
    for (let n = 0; n < 10; n += 1) await register(url, { ...complete, instanceId: String(n) });
    time.pass(20_000);
    const page = await textOf(url);
    expect(page).toContain('10 instances of 1 application.');
    expect(page).toMatch(/verdict bad.*<strong>Self-preservation\.<\/strong>/s);
    expect(await textOf(`${url}/metrics`)).toMatch(/^registry_self_preservation\S* 1$/m);
  });

  it('loads nothing that it does not bring, and renews itself when something happens', async () => {
    const { url, time } = await startForTest();
    const loaded = [...(await textOf(url)).matchAll(/<(?:link|script)[^>]* (?:href|src)="([^"]+)"/g)].map(
      ([, path]) => path as string,
    );
    expect(loaded).toHaveLength(3);
    expect(loaded.filter((path) => !path.startsWith('/pages/'))).toEqual([]);
    for (const path of loaded) expect((await fetch(`${url}${path}`)).status).toBe(200);
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const live = (await fetch(`${url}/live`, { signal: abort.signal })).body
      ?.pipeThrough(new TextDecoderStream())
      .getReader();
    await register(url);
    time.pass(1_000);
    expect((await live?.read())?.value).toContain('data: renew');
  });
});

it('the last events are there for people and for programs', async () => {
  const { url } = await startForTest();
  await register(url);
  await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'DELETE' });
  const answer = await fetch(`${url}/lastn`, { headers: { Accept: 'application/json' } });
  expect(await answer.json()).toMatchObject({
    lastNRegistered: [{ app: 'PATIENT', instanceId: id, reason: 'registered' }],
    lastNCanceled: [{ app: 'PATIENT', instanceId: id, reason: 'cancelled' }],
  });
  expect(await textOf(`${url}/lastn`)).toContain('cancelled');
});

/** A process with its sidecar, each as well as it is made to be. */
async function startInstance() {
  const health = { ready: 200, sidecar: 204 };
  const listen = async (path: string, status: () => number) => {
    const server = createServer((req, res) => res.writeHead(req.url === path ? status() : 404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    return typeof address === 'object' ? address?.port : 0;
  };
  const port = await listen('/health/ready', () => health.ready);
  const sidecarPort = await listen('/v1.0/healthz', () => health.sidecar);
  const instance = {
    ...complete,
    hostName: '127.0.0.1',
    port: { $: port, '@enabled': 'true' },
    leaseInfo: { durationInSecs: 3_600 },
    metadata: { sidecarPort: String(sidecarPort) },
  };
  return { health, instance };
}

describe('the page of drift', () => {
  const kind = async (url: string) =>
    /registry_drift_instances\{kind="([^"]+)"[^}]*\} 1/.exec(await textOf(`${url}/metrics`))?.[1];

  it('agrees while the lease, the instance and its sidecar do', async () => {
    const { url, time } = await startForTest();
    await register(url, (await startInstance()).instance);
    expect(await textOf(`${url}/drift`)).toContain('not asked yet');
    await time.passUntil(async () => />healthy<.*>healthy</s.test(await textOf(`${url}/drift`)), 10_000);
    expect(await textOf(`${url}/drift`)).toContain('Leases and instances agree.');
    expect(await kind(url)).toBeUndefined();
  });

  it('tells an instance that is listed and not ready, and when it last was', async () => {
    const { url, time } = await startForTest();
    const { health, instance } = await startInstance();
    await register(url, instance);
    await time.passUntil(async () => (await textOf(`${url}/drift`)).includes('>healthy<'), 10_000);
    health.ready = 503;
    await time.passUntil(async () => (await kind(url)) === 'up but not ready', 10_000);
    expect(await textOf(`${url}/drift`)).toMatch(
      /data-label="Drift"><div><span class="state bad">up but not ready<.*>\d+ s ago<\/div><\/td><\/tr>/,
    );
  });

  it('tells an instance that is gone, one whose sidecar is, and one that is ready but not listed so', async () => {
    const { url, time } = await startForTest({ PEER_TIMEOUT_MS: '500' });
    const first = await startInstance();
    await register(url, first.instance);
    first.health.sidecar = 500;
    await time.passUntil(async () => (await kind(url)) === 'sidecar not healthy', 10_000);
    first.health.sidecar = 204;
    await register(url, { ...first.instance, status: 'DOWN' });
    await time.passUntil(async () => (await kind(url)) === 'ready but not up', 10_000);
    await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'DELETE' });
    await register(url, {
      ...complete,
      port: { $: 1, '@enabled': 'true' },
      hostName: '127.0.0.1',
      leaseInfo: { durationInSecs: 3600 },
    });
    await time.passUntil(async () => (await kind(url)) === 'up but not ready', 10_000);
  });

  it('sends nobody to a host on the word of an instance: it asks only where that has called from', async () => {
    const asked: string[] = [];
    const server = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.end();
    });
    // Another address of this machine, as another host of the network would be.
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { url, time } = await startForTest();
    const { instance } = await startInstance();
    await register(url, {
      ...instance,
      instanceId: 'elsewhere',
      hostName: '127.0.0.2',
      port: { $: port, '@enabled': 'true' },
    });
    await register(url, instance);
    await time.passUntil(async () => />healthy<.*>healthy</s.test(await textOf(`${url}/drift`)), 10_000);
    await time.passUntil(async () => (await textOf(`${url}/drift`)).includes('>absent<'), 10_000);
    expect(asked).toEqual([]);
    expect(await kind(url)).toBeUndefined();
  });

  it('finds nothing in what an operator took out of service', async () => {
    const { url, time } = await startForTest();
    await register(url, (await startInstance()).instance);
    await fetch(`${url}/eureka/apps/PATIENT/${id}/status?value=OUT_OF_SERVICE`, { method: 'PUT' });
    await time.passUntil(async () => (await textOf(`${url}/drift`)).includes('>healthy<'), 10_000);
    expect(await kind(url)).toBeUndefined();
  });
});
