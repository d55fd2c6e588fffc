import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { problemOf, startGatewayFor, startSystem } from './support/system.js';
import { answerStatus, startUpstream } from './support/upstream.js';

describe('health', () => {
  it('is alive at once, and ready when a registry has given its list', async () => {
    const { issuer, url } = await startSystem();
    const alone = await startGatewayFor('http://127.0.0.1:1/eureka/', issuer.jwksUrl);
    const statuses = async (base: string) =>
      Promise.all(['live', 'ready'].map(async (kind) => (await fetch(`${base}/health/${kind}`)).status));
    expect(await statuses(`http://127.0.0.1:${alone.port}`)).toEqual([200, 503]);
    expect(await statuses(url)).toEqual([200, 200]);
  });
});

describe('GET /metrics', () => {
  it('is for this machine, not for what comes through a proxy', async () => {
    const { url, ask } = await startSystem([await startUpstream()]);
    await ask('/api/patients/42');
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/http_server_request_duration_seconds_count\{.*route="\/api\/patients",status="200".*\} 1/);
    expect(text).toMatch(/gateway_instances\{service="patient"/);
    expect(text).toMatch(/gateway_registry_age_seconds/);
    expect(text).not.toContain('42"');
    const passedOn = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect(passedOn.status).toBe(404);
  });

  it('is not for what comes through a trusted proxy either, whoever it speaks for: nor is /status', async () => {
    const { url } = await startSystem(
      [],
      {},
      { TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8', METRICS_READERS: '127.0.0.1,10.0.0.0/8' },
    );
    for (const path of ['/metrics', '/status']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
      for (const address of ['10.0.0.1', '127.0.0.1', '192.0.2.1']) {
        const passedOn = await fetch(url + path, { headers: { 'x-forwarded-for': address } });
        expect([path, address, passedOn.status]).toEqual([path, address, 404]);
      }
    }
  });

  it('does not grow with paths that do not exist', async () => {
    const { url } = await startSystem();
    const series = async () => (await (await fetch(`${url}/metrics`)).text()).match(/^http_\S+/gm)?.length;
    await fetch(`${url}/nothing/0`);
    await series();
    const before = await series();
    for (let i = 1; i < 200; i++) await fetch(`${url}/nothing/${i}`);
    expect(await series()).toBe(before);
  });
});

describe('GET /api/system', () => {
  it('shows an admin the services, their instances and breakers, and the registry', async () => {
    const patient = await startUpstream();
    const { url, issuer, registry } = await startSystem([patient]);
    const answer = await fetch(`${url}/api/system`, {
      headers: { authorization: `Bearer ${await issuer.token({ roles: ['admin'] })}` },
    });
    expect(await answer.json()).toMatchObject({
      registry: { source: 'feed', url: registry.url.slice(0, -1), ageSeconds: expect.any(Number) },
      services: expect.arrayContaining([
        {
          name: 'patient',
          breaker: 'closed',
          retriesLeft: 10,
          placesLeft: 1_000,
          instances: [
            {
              id: `127.0.0.1:patient:${patient.port}`,
              origin: `http://127.0.0.1:${patient.port}`,
              inFlight: 0,
              isSkipped: false,
              ejections: 0,
            },
          ],
        },
        { name: 'record', breaker: 'closed', retriesLeft: 10, placesLeft: 1_000, instances: [] },
      ]),
    });
  });

  it('is refused to everybody else', async () => {
    const { url, ask } = await startSystem();
    const anonymous = await fetch(`${url}/api/system`, {
      headers: { 'dapr-caller-app-id': 'record', 'dapr-api-token': 'x' },
    });
    expect([anonymous.status, (await problemOf(anonymous)).code]).toEqual([401, 'ACCESS.TOKEN_MISSING']);
    const secretary = await ask('/api/system');
    expect([secretary.status, (await problemOf(secretary)).code]).toEqual([403, 'ACCESS.ROLE_NOT_ALLOWED']);
  });
});

/** What every page of a process has alike, and that it loads nothing that this process does not serve. */
async function expectShared(url: string, path: string) {
  const answer = await fetch(url + path);
  const text = await answer.text();
  expect([path, answer.status, answer.headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; style-src 'self';.*frame-ancestors 'none'; base-uri 'none'/);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  for (const landmark of ['<html lang="en">', '<h1>', '<header>', '<main ', '<footer>']) {
    expect([path, landmark, text.split(landmark).length - 1]).toEqual([path, landmark, 1]);
  }
  const loaded = [...text.matchAll(/<(?:link|script)[^>]* (?:href|src)="([^"]+)"/g)].map(
    ([, place]) => place as string,
  );
  expect(loaded.some((place) => place.startsWith('/pages/cabinet.css'))).toBe(true);
  for (const place of loaded) expect([place, (await fetch(new URL(place, url))).status]).toEqual([place, 200]);
  expect(loaded.filter((place) => !/^\/(?!\/)/.test(place))).toEqual([]);
  expect(text).not.toMatch(/<style|<script>| style=| on\w+=/);
  return text;
}

describe('every page', () => {
  it('has the one style and its landmarks, and loads nothing from elsewhere', async () => {
    const { url } = await startSystem([await startUpstream()]);
    for (const path of ['/', '/status', '/status?renew', '/docs', '/docs/gateway', '/docs/patient']) {
      await expectShared(url, path);
    }
    expect((await fetch(`${url}/pages/../app.js`)).status).toBe(404);
    expect((await fetch(`${url}/pages/constructor`)).status).toBe(404);
  });
});

describe('an address with nothing there', () => {
  it('is a page for people and a problem for programs, with one status', async () => {
    const { url } = await startSystem();
    const ask = (path: string, accept: string) => fetch(url + path, { headers: { accept } });
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of ['/nothing', '/docs/nobody', '/api/nothing']) {
      const shown = await ask(path, browser);
      const text = await shown.text();
      expect([path, shown.status, shown.headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8']);
      expect(shown.headers.get('vary')).toMatch(/\bAccept\b/);
      expect(text).toContain('<h1>Not found</h1>');
      expect(text).toContain(`<code>${shown.headers.get('x-request-id')}</code>`);
      for (const accept of ['*/*', 'application/json']) {
        const answer = await ask(path, accept);
        expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
          path,
          404,
          expect.stringMatching(/^application\/problem\+json/),
        ]);
      }
    }
    expect(
      (await fetch(`${url}/nothing`, { method: 'POST', headers: { accept: browser } })).headers.get('content-type'),
    ).toMatch(/problem\+json/);
  });
});

describe('GET /', () => {
  it('leads to the docs, and operators to what they may read', async () => {
    const { url, registry } = await startSystem([await startUpstream()]);
    const text = await (await fetch(url)).text();
    for (const place of ['/docs', '/openapi.json', '/status', '/metrics', registry.url.replace('eureka/', '')]) {
      expect(text).toContain(`href="${place}"`);
    }
    expect(text).not.toContain('<script');
  });

  it('tells everybody else neither where the registry is nor of pages that they may not read', async () => {
    const { url, registry } = await startSystem([await startUpstream()]);
    const text = await (await fetch(url, { headers: { 'x-forwarded-for': '10.0.0.1' } })).text();
    expect(text).toContain('href="/docs"');
    expect(text).not.toMatch(new RegExp(`${registry.port}|href="/(?:status|metrics)"`));
  });
});

describe('GET /status', () => {
  const textOf = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  const rowOf = (html: string, service: string) =>
    [
      ...(new RegExp(`scope="row"[^>]*>${service}</th>(.*)</tr>`).exec(html)?.[1] ?? '').matchAll(/<div>(.*?)<\/div>/g),
    ].map(([, cell = '']) => textOf(cell).trim());
  const statusOf = async (url: string) => (await fetch(`${url}/status`)).text();

  it('says that all is well, and shows without a script how each service fares', async () => {
    const { url, ask } = await startSystem([await startUpstream()]);
    await ask('/api/patients/42');
    const html = await statusOf(url);
    expect(html).toContain('<section class="verdict good"><h2>All is well</h2>');
    expect(rowOf(html, 'patient').slice(0, 6)).toEqual(['well', 'closed', '1', '0', '1', '0']);
    expect(rowOf(html, 'patient').slice(6).join(' ')).toMatch(/^\d+ ms \d+ ms$/);
    expect(textOf(html)).toMatch(/Not started since this gateway did, which is no fault: alert, appointment, auth, /);
    expect(html).not.toContain('<script');
  });

  it('names what is away and what fails, each in a sentence', async () => {
    const failing = await startUpstream(answerStatus(503));
    const { url, ask, add } = await startSystem([await startUpstream()]);
    await add('practitioner', failing);
    await ask('/api/records/42');
    for (let i = 0; i < 6; i += 1) await ask('/api/practitioners/42', { method: 'POST' });
    const html = await statusOf(url);
    expect(html).toMatch(/<section class="verdict bad"><h2>2 things need a look<\/h2>/);
    expect(textOf(html)).toContain('record has no instance that takes requests.');
    expect(textOf(html)).toContain('practitioner fails too often: its circuit breaker is open');
    expect(rowOf(html, 'record').slice(0, 6)).toEqual(['away', 'closed', '0', '0', '1', '1 (100 %)']);
    expect(rowOf(html, 'practitioner').slice(0, 2)).toEqual(['failing', 'open']);
    expect(rowOf(html, 'patient')[0]).toBe('well');
  });

  it('shows at once as away what was there and left, though nobody asked for it', async () => {
    const patient = await startUpstream();
    const { url, registry, stateOf } = await startSystem([patient]);
    await registry.deregister({ service: 'patient', port: patient.port });
    await eventually(async () => expect((await stateOf('patient')).instances).toEqual([]));
    const html = await statusOf(url);
    expect(html).toMatch(/<section class="verdict bad"><h2>One thing needs a look<\/h2>/);
    expect(textOf(html)).toContain('patient has no instance that takes requests.');
    expect(rowOf(html, 'patient').slice(0, 3)).toEqual(['away', 'closed', '0']);
  });

  it('is not alarmed by strangers who ask for a service that does not run here', async () => {
    const { url } = await startSystem([await startUpstream()]);
    expect((await fetch(`${url}/api/records/1`)).status).toBe(401);
    expect(await statusOf(url)).toContain('All is well');
  });

  it('says how old it is, and renews itself for those who ask for it', async () => {
    const { url } = await startSystem();
    const once = await statusOf(url);
    expect(once).toMatch(/As of <time datetime="\d{4}-[^"]+Z">/);
    expect(once).toContain('href="/status?renew"');
    expect(once).not.toContain('http-equiv');
    const again = await (await fetch(`${url}/status?renew`)).text();
    expect(again).toContain('<meta http-equiv="refresh" content="10">');
    expect(again).toContain('href="/status"');
  });

  it('says that it is not ready while no registry has been heard', async () => {
    const { issuer } = await startSystem();
    const alone = await startGatewayFor('http://127.0.0.1:1/eureka/', issuer.jwksUrl);
    expect(textOf(await statusOf(`http://127.0.0.1:${alone.port}`))).toContain('The gateway is not ready');
  });

  it('is for those who may read the metrics', async () => {
    const { url } = await startSystem();
    const answer = await fetch(`${url}/status`, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([404, 'REQUEST.NO_SUCH_ROUTE']);
  });
});
