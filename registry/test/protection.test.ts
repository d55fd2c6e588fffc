import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listen } from '@cabinet/kit/lifecycle';
import { createLogger } from '@cabinet/kit/observe/log';
import { createMetrics } from '@cabinet/kit/observe/metrics';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Router } from '../src/http/router.js';
import { Guard } from '../src/protection/guard.js';
import { ManualTime } from './manual-time.js';
import { complete, getJson, register, startForTest } from './start.js';

const token = 'a-token-of-our-own-services';
const basic = `Basic ${Buffer.from('spring:open sesame').toString('base64')}`;

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(url, init)).status;
}

describe('a registry with a password and tokens', () => {
  const start = () => startForTest({ BASIC_AUTH: 'spring:open sesame', ACCESS_TOKENS: `other-token-of-ours,${token}` });

  it.each([
    ['nothing', undefined, 401],
    ['the password', basic, 200],
    ['another password', `Basic ${Buffer.from('spring:open').toString('base64')}`, 401],
    ['a token', `Bearer ${token}`, 200],
    ['another token', 'Bearer another-token-of-nobody', 401],
    ['rubbish', 'Basic', 401],
  ])('shown %s answers %s with %i', async (_what, authorization, status) => {
    const { url } = await start();
    const headers: Record<string, string> = authorization ? { Authorization: authorization } : {};
    for (const path of ['/eureka/apps', '/eureka/v2/apps/delta', '/eureka/status', '/']) {
      expect([path, await statusOf(`${url}${path}`, { headers })]).toEqual([path, status]);
    }
  });

  it('stores nothing of strangers, tells them how to ask, and stays healthy', async () => {
    const { url } = await start();
    const refused = await register(url);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Basic');
    const list = await fetch(`${url}/eureka/apps`, { headers: { Accept: 'application/json', Authorization: basic } });
    expect(await list.json()).toMatchObject({ applications: { application: [] } });
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect(await statusOf(`${url}${path}`)).toBe(200);
  });

  it('refuses peers without a word, and takes those that have one in their address', async () => {
    const first = await start();
    const batch = { method: 'POST', body: '{"replicationList":[]}' };
    expect(await statusOf(`${first.url}/eureka/peerreplication/batch`, batch)).toBe(401);
    const peer = `${first.url.replace('//', '//spring:open%20sesame@')}/eureka/`;
    const second = await startForTest({ PEER_URLS: peer }, first.time);
    await first.time.passUntil(async () => (await fetch(`${second.url}/eureka/apps`)).ok);
    await register(second.url);
    const seen = async () => {
      const answer = await fetch(`${first.url}/eureka/apps`, { headers: { Authorization: basic } });
      return (await answer.text()).includes(complete.instanceId);
    };
    await first.time.passUntil(seen);
    expect(await (await fetch(`${second.url}/eureka/status`)).text()).not.toContain('sesame');
  });
});

describe('a client that asks too much', () => {
  it('is refused after its burst, counted, and served again when time has passed', async () => {
    const { url, time } = await startForTest();
    const fetchAll = async (count: number) => {
      const answers: Response[] = [];
      while (answers.length < count) {
        answers.push(...(await Promise.all(Array.from({ length: 100 }, () => fetch(`${url}/eureka/apps`)))));
      }
      return answers;
    };
    const answers = await fetchAll(300);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(answers.at(-1)?.status).toBe(503);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('1');
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /registry_rate_limited_total\{kind="full fetch".*\} 100/,
    );
    expect(await statusOf(`${url}/eureka/apps/delta`)).toBe(200);
    time.pass(1_000);
    expect((await fetchAll(100)).every(({ status }) => status === 200)).toBe(true);
    expect(await statusOf(`${url}/eureka/apps`)).toBe(503);
  });

  it('is served whatever it asks when it shows a token, or when limits are off', async () => {
    const limited = await startForTest({ ACCESS_TOKENS: token });
    const unlimited = await startForTest({ RATE_LIMITS: 'false' });
    const headers = { Authorization: `Bearer ${token}` };
    for (const { url } of [limited, unlimited]) {
      for (let n = 0; n < 12; n += 1) {
        const some = Array.from({ length: 100 }, () => statusOf(`${url}/eureka/apps`, { headers }));
        expect(new Set(await Promise.all(some))).toEqual(new Set([200]));
      }
    }
  });

  it('does not keep the others from renewing', async () => {
    const { url, port } = await startForTest();
    const ids = Array.from({ length: 50 }, (_, n) => String(n));
    for (const instanceId of ids) await register(url, { ...complete, instanceId });
    const flood = startFlood(port);
    const slowest: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const began = performance.now();
      const statuses = await Promise.all(
        ids.map((id) => statusOf(`${url}/eureka/apps/PATIENT/${id}`, { method: 'PUT' })),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      slowest.push(performance.now() - began);
    }
    const sent = flood.stop();
    // What a client waits for an answer; fifty renewals get theirs meanwhile, though one client sends all it can.
    expect(Math.max(...slowest)).toBeLessThan(5_000);
    expect(sent).toBeGreaterThan(500);
    expect((await getJson(url, '/status')).generalStats['registered-instances']).not.toBe('0');
  });
});

/** Fetches everything and registers ever new instances over many connections at once, without waiting. */
function startFlood(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let isOn = true;
  let sent = 0;
  const again = () => {
    if (!isOn) return;
    sent += 1;
    const isFetch = sent % 2 === 0;
    const instance = { ...complete, app: 'flood', instanceId: `flood-${sent}`, homePageUrl: 'x'.repeat(2_000) };
    const asked = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: isFetch ? 'GET' : 'POST',
        path: isFetch ? '/eureka/apps' : '/eureka/apps/FLOOD',
        headers: isFetch ? {} : { 'Content-Type': 'application/json' },
      },
      (answer) => answer.resume().on('end', again),
    );
    asked.on('error', again).end(isFetch ? undefined : JSON.stringify({ instance }));
  };
  for (let n = 0; n < 32; n += 1) again();
  return {
    stop() {
      isOn = false;
      agent.destroy();
      return sent;
    },
  };
}

describe('bodies', () => {
  const post = (url: string, headers: Record<string, string>, body: string | Buffer<ArrayBuffer>) =>
    statusOf(`${url}/eureka/apps/PATIENT`, { method: 'POST', headers, body });
  const type = { 'Content-Type': 'application/json' };

  it('may come compressed, but not so that they grow beyond the limit', async () => {
    const { url } = await startForTest();
    const gzip = { ...type, 'Content-Encoding': 'gzip' };
    expect(await post(url, gzip, gzipSync(JSON.stringify({ instance: complete })))).toBe(204);
    const bomb = gzipSync(JSON.stringify({ instance: { ...complete, homePageUrl: ' '.repeat(10_000_000) } }));
    expect(bomb.length).toBeLessThan(20_000);
    expect(await post(url, gzip, bomb)).toBe(413);
    expect(await post(url, gzip, 'no gzip')).toBe(400);
    expect(await post(url, { ...type, 'Content-Encoding': 'br' }, '{}')).toBe(415);
  });

  it('are cut off at the limit also when their length is not told before', async () => {
    const { url } = await startForTest();
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(50_000))),
    });
    const answer = fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: type,
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect((await answer).status).toBe(413);
  });
});

describe('XML that would explode', () => {
  const laughs = `<!DOCTYPE i [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`;
  it.each([
    ['entities of its own', laughs, '&b;'],
    ['a file of this machine', '<!DOCTYPE i [<!ENTITY b SYSTEM "file:///etc/hostname">]>', '&b;'],
    ['a document type from elsewhere', '<!doctype i SYSTEM "http://127.0.0.1:1/evil.dtd">', 'host'],
  ])('by %s is refused, and nothing is stored', async (_by, doctype, hostName) => {
    const { url } = await startForTest();
    const body = `${doctype}<instance><hostName>${hostName}</hostName><app>PATIENT</app><ipAddr>127.0.0.1</ipAddr>
      <dataCenterInfo><name>MyOwn</name></dataCenterInfo></instance>`;
    const answer = await fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/xml' },
      body,
    });
    expect([answer.status, await answer.text()]).toEqual([400, 'DOCTYPE is not allowed']);
    expect((await getJson(url, '/apps')).applications.application).toEqual([]);
  });
});

describe('a registry that wants compression', () => {
  it('refuses lists to clients that cannot read it', async () => {
    const { url } = await startForTest({ GZIP_REQUIRED: 'true' });
    expect(await statusOf(`${url}/eureka/apps`, { headers: { 'Accept-Encoding': 'identity' } })).toBe(406);
    expect(await statusOf(`${url}/eureka/apps`, { headers: { 'Accept-Encoding': 'gzip' } })).toBe(200);
  });
});

it('a registry that is stopping sends clients away', async () => {
  const metrics = createMetrics('registry');
  const rules = { tokens: [], processTokens: new Map(), rateLimits: true, gzipRequired: false };
  const guard = new Guard(rules, new ManualTime(), metrics);
  const router = new Router({ metrics, log: createLogger('test', 'silent') });
  router.on(
    'GET',
    '/eureka/apps',
    guard.fullFetch(({ res }) => void res.end()),
  );
  const running = await listen(router.listener, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => running.stop());
  const url = `http://127.0.0.1:${running.port}/eureka/apps`;
  expect(await statusOf(url)).toBe(200);
  guard.leave();
  expect(await statusOf(url, { redirect: 'manual' })).toBe(307);
});

describe('a full registry', () => {
  it('refuses further instances and keeps those it has', async () => {
    const { url } = await startForTest({ INSTANCES_MAX: '1' });
    await register(url);
    const refused = await register(url, { ...complete, instanceId: 'second' });
    expect([refused.status, await refused.text()]).toEqual([503, 'The registry holds 1 instances and takes no more']);
    expect((await register(url)).status).toBe(204);
  });
});
