import { describe, expect, it } from 'vitest';
import { eventually } from './support/eventually.js';
import { TestRegistry } from './support/registry.js';
import { problemOf, startGatewayFor, startSystem } from './support/system.js';
import { startIssuer } from './support/tokens.js';
import { answerOk, startUpstream } from './support/upstream.js';

describe('the instances of a service', () => {
  it('take turns', async () => {
    const instances = [await startUpstream(), await startUpstream(), await startUpstream()];
    const { ask } = await startSystem(instances);
    for (let i = 0; i < 9; i++) await ask('/api/patients');
    expect(instances.map(({ seen }) => seen.length)).toEqual([3, 3, 3]);
  });

  it('serve as soon as they are registered, and get nothing after they have left', async () => {
    const [first, second] = [await startUpstream(), await startUpstream()];
    const { ask, registry } = await startSystem([first]);
    await registry.register({ service: 'patient', port: second.port });
    await eventually(async () => {
      await ask('/api/patients');
      expect(second.seen.length).toBeGreaterThan(0);
    }, 2_000);

    await registry.deregister({ service: 'patient', port: second.port });
    // The feed may be a moment behind; from then on nothing may come any more.
    await eventually(async () => {
      const before = second.seen.length;
      for (let i = 0; i < 4; i++) await ask('/api/patients');
      expect(second.seen.length).toBe(before);
    }, 2_000);
    const before = second.seen.length;
    for (let i = 0; i < 20; i++) expect((await ask('/api/patients')).status).toBe(200);
    expect(second.seen.length).toBe(before);
  });

  it('finish the requests that they had when they left', async () => {
    let letGo: () => void = () => {};
    const patient = await startUpstream((req, res) => {
      letGo = () => answerOk(req, res);
    });
    const { ask, registry, stateOf } = await startSystem([patient]);
    const asked = ask('/api/patients/1');
    await eventually(() => expect(patient.seen).toHaveLength(1));
    await registry.deregister({ service: 'patient', port: patient.port });
    await eventually(async () => expect((await stateOf('patient')).instances).toEqual([]));
    letGo();
    expect((await asked).status).toBe(200);
  });

  it('are asked only while they are UP; without any the answer is a 503 that names the service', async () => {
    const patient = await startUpstream();
    const { ask, registry, stateOf } = await startSystem([patient]);
    await registry.register({ service: 'patient', port: patient.port, status: 'DOWN' });
    await eventually(async () => expect((await stateOf('patient')).instances).toEqual([]));
    const answer = await ask('/api/patients/1');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await problemOf(answer)).toMatchObject({ code: 'GATEWAY.NO_INSTANCE', service: 'patient' });
    expect(patient.seen).toEqual([]);
  });
});

describe('when the registry', () => {
  it('is gone, the last known instances go on serving, and the age of that list is told', async () => {
    const patient = await startUpstream();
    const { ask, registry, url } = await startSystem([patient]);
    await registry.kill();
    const health = await eventually(async () => {
      const answer = await fetch(`${url}/health/ready`);
      const body = (await answer.json()) as { registry: { source: string; ageSeconds: number } };
      expect(body.registry.source).toBe('none');
      expect(body.registry.ageSeconds).toBeGreaterThan(0.5);
      return answer;
    });
    expect(health.status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await ask('/api/patients')).status).toBe(200);
  });

  it('starts again and knows nobody yet, the known instances are not believed gone', async () => {
    const [known, late] = [await startUpstream(), await startUpstream()];
    // What matters here is the feed's own word, so nothing is asked in between.
    const { ask, registry, url, add } = await startSystem([known], { pollMs: 60_000 });
    await registry.kill();
    await registry.start();
    await eventually(async () => {
      const answer = await fetch(`${url}/health/ready`);
      expect(await answer.json()).toMatchObject({ status: 'UP', registry: { source: 'feed' } });
    });
    expect((await ask('/api/patients')).status).toBe(200);
    await add('patient', late);
    for (let i = 0; i < 4; i++) expect((await ask('/api/patients')).status).toBe(200);
    expect(known.seen.length).toBeGreaterThanOrEqual(2);
  });

  it('that is read is gone, another one is read', async () => {
    const [first, second] = [await TestRegistry.start(), await TestRegistry.start()];
    const { issuer, token } = await startSystem();
    const patient = await startUpstream();
    for (const registry of [first, second]) await registry.register({ service: 'patient', port: patient.port });
    const gateway = await startGatewayFor(`${first.url},${second.url}`, issuer.jwksUrl);
    const url = `http://127.0.0.1:${gateway.port}`;
    const readsFrom = async (registry: TestRegistry) => {
      const admin = await issuer.token({ roles: ['admin'] });
      const answer = await fetch(`${url}/api/system`, { headers: { authorization: `Bearer ${admin}` } });
      const state = (await answer.json()) as { registry: { url: string; source: string } };
      expect(state.registry).toMatchObject({ source: 'feed', url: registry.url.slice(0, -1) });
    };
    await eventually(() => readsFrom(first));
    await first.kill();
    await eventually(() => readsFrom(second));
    const late = await startUpstream();
    await second.register({ service: 'record', port: late.port });
    await eventually(async () => {
      const answer = await fetch(`${url}/api/records/1`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
    });
  });

  it('has no change feed, it is asked every few seconds instead', async () => {
    const patient = await startUpstream();
    const port = { $: patient.port, '@enabled': 'true' };
    const instance = { instanceId: 'a', app: 'PATIENT', hostName: '127.0.0.1', status: 'UP', port };
    const plain = await startUpstream((req, res) => {
      const isList = req.url === '/eureka/apps' && req.headers.accept === 'application/json';
      const list = { applications: { application: { name: 'PATIENT', instance } } };
      res.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(list));
    });
    const { issuer, token } = await startSystem();
    const gateway = await startGatewayFor(`http://127.0.0.1:${plain.port}/eureka/`, issuer.jwksUrl);
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/patients`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(200);
    });
  });

  it('falls silent without closing its feed, it is given up and asked anew', async () => {
    const patient = await startUpstream();
    const port = { $: patient.port, '@enabled': 'true' };
    const instance = { instanceId: 'a', app: 'PATIENT', hostName: '127.0.0.1', status: 'UP', port };
    const silent = await startUpstream((req, res) => {
      if (req.url !== '/eureka/changes') return void res.writeHead(404).end();
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(`event: snapshot\ndata: ${JSON.stringify({ sequence: 1, startedAt: 0, instances: [instance] })}\n\n`);
    });
    const { issuer } = await startSystem();
    await startGatewayFor(`http://127.0.0.1:${silent.port}/eureka/`, issuer.jwksUrl, { silenceMs: 1_000 });
    await eventually(() =>
      expect(silent.seen.filter(({ url }) => url === '/eureka/changes').length).toBeGreaterThan(1),
    );
  });
});

describe('a registry that is closed to strangers', () => {
  const password = 'practice:a long enough password';
  const token = 'a-token-of-at-least-sixteen-characters';

  it.each([
    [
      'by a name and password in its address',
      `${encodeURIComponent('practice')}:${encodeURIComponent('a long enough password')}@`,
      {},
    ],
    ['by a token', '', { REGISTRY_TOKEN: token }],
  ])('is opened %s, and lists the gateway', async (_, credentials, env) => {
    const [registry, issuer] = await Promise.all([
      TestRegistry.start({ BASIC_AUTH: password, ACCESS_TOKENS: token }),
      startIssuer(),
    ]);
    const url = registry.url.replace('//', `//${credentials}`);
    const gateway = await startGatewayFor(url, issuer.jwksUrl, {}, env);
    await eventually(async () => {
      const ready = await fetch(`http://127.0.0.1:${gateway.port}/health/ready`);
      expect(ready.status).toBe(200);
      const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
      expect((await fetch(`${registry.url}apps/GATEWAY`, { headers })).status).toBe(200);
    });
    const system = await fetch(`http://127.0.0.1:${gateway.port}/api/system`, {
      headers: { authorization: `Bearer ${await issuer.token({ roles: ['admin'] })}` },
    });
    // Heard by its feed; the password is not told on.
    expect(await system.json()).toMatchObject({ registry: { source: 'feed', url: registry.url.replace(/\/$/, '') } });
  });
});
