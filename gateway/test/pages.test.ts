import { describe, expect, it } from 'vitest';
import { problemOf, startGatewayFor, startSystem } from './support/system.js';
import { startUpstream } from './support/upstream.js';

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

describe('GET /', () => {
  it('leads to the docs', async () => {
    const { url } = await startSystem();
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([200, 'nosniff']);
    expect(await answer.text()).toContain('href="/docs"');
  });
});

describe('GET /status', () => {
  const rowOf = (html: string, service: string) =>
    (html.match(new RegExp(`<tr[^>]*><td>${service}</td>.*`))?.[0] ?? '')
      .replace(/<[^>]*>/g, ' ')
      .trim()
      .split(/ +/);

  it('shows without a script how each service fares', async () => {
    const { url, ask } = await startSystem([await startUpstream()]);
    await ask('/api/patients/42');
    await ask('/api/records/42');
    const html = await (await fetch(`${url}/status`)).text();
    expect(html).toContain('The gateway is ready');
    expect(rowOf(html, 'patient').slice(0, 6)).toEqual(['patient', '1', 'closed', '0', '1', '0']);
    expect(rowOf(html, 'record').slice(0, 6)).toEqual(['record', '0', 'closed', '0', '1', '1']);
    expect(rowOf(html, 'patient').slice(6).join(' ')).toMatch(/^\d+ ms \d+ ms$/);
    expect(rowOf(html, 'practitioner').slice(4)).toEqual(['0', '0', '–', '–']);
    expect(html).toMatch(/<span class="bad">1<\/span>/);
    expect(html).not.toContain('<script');
  });

  it('is for those who may read the metrics', async () => {
    const { url } = await startSystem();
    const answer = await fetch(`${url}/status`, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([404, 'REQUEST.NO_SUCH_ROUTE']);
  });
});
