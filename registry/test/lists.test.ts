import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { complete, getJson, register, startForTest } from './start.js';

const id = complete.instanceId;
const json = { Accept: 'application/json' };

/** The body as it comes over the wire. */
const raw = (url: string, headers: Record<string, string>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      resolve(Buffer.concat(parts));
    });
    asked.on('error', reject).end();
  });

describe.each(['/apps', '/apps/delta', '/apps/PATIENT', '/vips/patient', '/svips/safe'])('%s', (path) => {
  const start = async () => {
    const running = await startForTest();
    await register(running.url, { ...complete, secureVipAddress: 'safe', metadata: { zone: 'a' } });
    return running;
  };

  it('is short for who wants it compact, in both languages', async () => {
    const { url } = await start();
    const compact = { 'X-Eureka-Accept': 'compact' };
    const body = await (await fetch(`${url}/eureka${path}`, { headers: { ...json, ...compact } })).text();
    expect(body).toContain('"dataCenterInfo":{"@class":');
    expect(body).toMatch(/"lastUpdatedTimestamp":\d+,"actionType":"ADDED","port":\{"\$":9091,"@enabled":"true"\}/);
    const xml = await (await fetch(`${url}/eureka${path}`, { headers: compact })).text();
    expect(xml).toMatch(/<port enabled="true">9091<\/port><securePort enabled="false">7002<\/securePort><\/instance>/);
    for (const left of ['leaseInfo', 'metadata', 'verridden', 'countryId', 'lastDirty', 'isCoordinating']) {
      expect([body.includes(left), xml.includes(left)]).toEqual([false, false]);
    }
  });

  it.each(['application/json', 'application/xml'])('is the same compressed, as %s', async (accept) => {
    const { url } = await start();
    const plain = await raw(`${url}/eureka${path}`, { Accept: accept });
    const zipped = await raw(`${url}/eureka${path}`, { Accept: accept, 'Accept-Encoding': 'gzip' });
    expect(gunzipSync(zipped).toString()).toBe(plain.toString());
    expect(plain.toString()).toContain(id);
  });
});

it('one instance is never compact', async () => {
  const { url } = await startForTest();
  await register(url);
  const answer = await fetch(`${url}/eureka/instances/${id}`, { headers: { ...json, 'X-Eureka-Accept': 'compact' } });
  expect(await answer.text()).toContain('leaseInfo');
});

describe('a list', () => {
  it('is new with every change', async () => {
    const { url } = await startForTest();
    for (let n = 1; n <= 5; n += 1) {
      await register(url, { ...complete, instanceId: String(n) });
      const { applications } = await getJson(url, '/apps');
      expect(applications.apps__hashcode).toBe(`UP_${n}_`);
      expect(applications.application[0].instance).toHaveLength(n);
      expect((await getJson(url, '/apps/delta')).applications.versions__delta).toBe(String(n));
    }
  });

  it('tells the time of a renewal a few seconds later at most', async () => {
    const { url, time } = await startForTest();
    await register(url);
    const renewedAt = async () =>
      (await getJson(url, '/apps')).applications.application[0].instance[0].leaseInfo.lastRenewalTimestamp;
    const first = await renewedAt();
    time.pass(4_000);
    await fetch(`${url}/eureka/apps/PATIENT/${id}`, { method: 'PUT' });
    time.pass(2_000);
    expect(await renewedAt()).toBe(first + 4_000);
  });

  it('forgets changes after three minutes also when nothing happens', async () => {
    const { url, time } = await startForTest();
    await register(url, { ...complete, leaseInfo: { durationInSecs: 900 } });
    expect((await getJson(url, '/apps/delta')).applications.application).toHaveLength(1);
    time.pass(181_000);
    expect((await getJson(url, '/apps/delta')).applications).toMatchObject({
      application: [],
      apps__hashcode: 'UP_1_',
    });
  });
});

describe('what else can be asked', () => {
  it('is how the registry is, in both languages', async () => {
    const { url } = await startForTest();
    expect(await getJson(url, '/status')).toMatchObject({
      generalStats: { 'registered-instances': '0' },
      applicationStats: { 'registered-replicas': '' },
      isHealthy: true,
    });
    const xml = await (await fetch(`${url}/eureka/v2/status`)).text();
    expect(xml).toMatch(/^<com\.netflix\.eureka\.util\.StatusInfo><generalStats><server-uptime>00:00</);
  });

  it('is what operators have overridden', async () => {
    const { url } = await startForTest();
    await register(url);
    expect(await getJson(url, '/serverinfo/statusoverrides')).toEqual({});
    await fetch(`${url}/eureka/apps/PATIENT/${id}/status?value=OUT_OF_SERVICE`, { method: 'PUT' });
    expect(await getJson(url, '/serverinfo/statusoverrides')).toEqual({ [id]: 'OUT_OF_SERVICE' });
  });

  it('are no groups of Amazon’s', async () => {
    const { url } = await startForTest();
    expect((await fetch(`${url}/eureka/asg/any/status?value=DISABLED`, { method: 'PUT' })).status).toBe(400);
  });
});
