import { describe, expect, it } from 'vitest';
import { complete, getJson, register, startForTest } from './start.js';

const id = complete.instanceId;
const xml = `<instance><instanceId>${id}</instanceId><hostName>host</hostName><app>patient</app><ipAddr>127.0.0.1</ipAddr>
  <port enabled="true">9091</port><dataCenterInfo><name>MyOwn</name></dataCenterInfo></instance>`;

const put = (url: string) => fetch(url, { method: 'PUT' });
const remove = (url: string) => fetch(url, { method: 'DELETE' });

describe.each(['/eureka', '/eureka/v2'])('%s', (prefix) => {
  it.each(['', '/'])('takes an instance through its life, addresses ending with %j', async (end) => {
    const { url } = await startForTest();
    const app = `${url}${prefix}/apps/PATIENT`;

    expect((await put(`${app}/${id}${end}`)).status).toBe(404);
    const registered = await fetch(`${app}${end}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json;charset=UTF-8' },
      body: JSON.stringify({ instance: complete }),
    });
    expect(registered.status).toBe(204);
    expect((await put(`${app}/${id}${end}`)).status).toBe(200);
    for (const path of ['/apps', '/apps/delta', '/apps/patient', `/apps/PATIENT/${id}`, `/instances/${id}`]) {
      const answer = await fetch(`${url}${prefix}${path}${end}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain(`<instanceId>${id}</instanceId>`);
    }
    expect((await remove(`${app}/${id}${end}`)).status).toBe(200);
    expect((await remove(`${app}/${id}${end}`)).status).toBe(404);
    expect((await put(`${app}/${id}${end}`)).status).toBe(404);
  });
});

describe('answers', () => {
  it.each([
    ['application/json', 'application/json', '{"applications":'],
    ['text/html, application/json;q=0.5', 'application/json', '{"applications":'],
    ['application/*+json', 'application/json', '{"applications":'],
    ['application/xml', 'application/xml', '<applications>'],
    ['*/*', 'application/xml', '<applications>'],
  ])('to Accept: %s are %s', async (accept, type, beginning) => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}/eureka/apps`, { headers: { Accept: accept } });
    expect(answer.headers.get('content-type')).toBe(type);
    expect((await answer.text()).startsWith(beginning)).toBe(true);
  });

  it.each([
    ['gzip', 'gzip'],
    ['deflate, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
  ])('to Accept-Encoding: %s are encoded: %s', async (accepted, encoding) => {
    const { url } = await startForTest();
    await register(url);
    const answer = await fetch(`${url}/eureka/apps`, { headers: { 'Accept-Encoding': accepted } });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(await answer.text()).toContain(id);
  });

  it('for one application and one instance are wrapped in their names', async () => {
    const { url } = await startForTest();
    await register(url);
    expect(await getJson(url, '/apps/PATIENT')).toMatchObject({
      application: { name: 'PATIENT', instance: [{ app: 'PATIENT' }] },
    });
    expect(await getJson(url, `/instances/${id}`)).toMatchObject({ instance: { instanceId: id } });
  });

  it('are 404 for what is unknown, but empty lists for unknown virtual addresses', async () => {
    const { url } = await startForTest();
    for (const path of ['/apps/AUTH', '/apps/AUTH/x', '/instances/x', '', '/nothing']) {
      expect([path, (await fetch(`${url}/eureka${path}`)).status]).toEqual([path, 404]);
    }
    await register(url);
    expect((await getJson(url, '/vips/patient')).applications.application).toHaveLength(1);
    expect((await getJson(url, '/vips/other')).applications).toMatchObject({ application: [], apps__hashcode: '' });
    expect((await getJson(url, '/svips/patient')).applications.application).toEqual([]);
  });

  it('tell in the delta what came, changed and left, with the hash of the whole', async () => {
    const { url } = await startForTest();
    await register(url);
    await register(url, { ...complete, instanceId: 'second' });
    await remove(`${url}/eureka/apps/PATIENT/${id}`);
    const { applications } = await getJson(url, '/apps/delta');
    expect(applications.apps__hashcode).toBe('UP_1_');
    const actions = applications.application[0].instance.map((i: Record<string, string>) => [
      i.instanceId,
      i.actionType,
    ]);
    expect(actions).toEqual([
      ['second', 'ADDED'],
      [id, 'DELETED'],
    ]);
  });
});

describe('registering', () => {
  it('takes XML as well', async () => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/xml' },
      body: xml,
    });
    expect(answer.status).toBe(204);
    expect((await getJson(url, `/instances/${id}`)).instance.port).toEqual({ $: 9091, '@enabled': 'true' });
  });

  it.each([
    ['Missing instanceId', { ...complete, instanceId: '', hostName: '' }],
    ['Missing hostname', { ...complete, hostName: '' }],
    ['Missing ip address', { ...complete, ipAddr: null }],
    ['Missing appName', { ...complete, app: '' }],
    ['Missing dataCenterInfo', { ...complete, dataCenterInfo: null }],
    ['Missing dataCenterInfo Name', { ...complete, dataCenterInfo: { name: '' } }],
  ])('is refused with the words %s, and nothing is stored', async (reason, instance) => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ instance }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toBe(reason);
    expect((await getJson(url, '/apps')).applications.application).toEqual([]);
  });

  it('is refused under another application', async () => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}/eureka/apps/auth`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ instance: complete }),
    });
    expect(await answer.text()).toBe('Mismatched appName, expecting AUTH but was PATIENT');
  });

  it.each([
    [400, 'application/json', '{"instance":'],
    [400, 'application/json', '{}'],
    [400, 'application/json', 'null'],
    [400, 'application/json', ''],
    [400, 'application/xml', '<instance>'],
    [400, 'application/xml', `<!DOCTYPE i [<!ENTITY e SYSTEM "file:///etc/hostname">]>${xml.replace('host<', '&e;<')}`],
    [400, 'application/json', `${'['.repeat(30_000)}`],
    [413, 'application/json', JSON.stringify({ instance: { ...complete, homePageUrl: 'x'.repeat(70_000) } })],
    [415, 'text/plain', 'hello'],
    [415, 'application/json; charset=klingon', '{}'],
  ])('answers %i to %s %.40j, and lives on', async (status, type, body) => {
    const { url } = await startForTest();
    const answer = await fetch(`${url}/eureka/apps/PATIENT`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    expect(answer.status).toBe(status);
    expect((await getJson(url, '/apps')).applications.application).toEqual([]);
  });
});

describe('addresses from strangers', () => {
  it.each([
    ['GET', '/eureka/apps/%ff', 400],
    ['GET', `/eureka/apps/${'A'.repeat(8000)}`, 404],
    ['GET', '/eureka/apps/__proto__', 404],
    ['GET', '/eureka/apps/constructor/toString', 404],
    ['PUT', '/eureka/apps/PATIENT/host:patient:9091?lastDirtyTimestamp=soon', 400],
    ['PUT', '/eureka/apps/PATIENT/host:patient:9091?lastDirtyTimestamp=1&lastDirtyTimestamp=2', 400],
    ['PATCH', '/eureka/apps', 405],
    ['GET', '/anything', 404],
    ['POST', '/', 405],
  ])('%s %.60s is answered with %i', async (method, path, status) => {
    const { url } = await startForTest();
    await register(url);
    expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

describe('an operator', () => {
  const instance = `/eureka/apps/PATIENT/${id}`;

  it('overrides a status, and takes it back', async () => {
    const { url } = await startForTest();
    await register(url);
    expect((await put(`${url}${instance}/status?value=OUT_OF_SERVICE`)).status).toBe(200);
    await register(url);
    expect((await getJson(url, `/instances/${id}`)).instance).toMatchObject({
      status: 'OUT_OF_SERVICE',
      overriddenStatus: 'OUT_OF_SERVICE',
    });
    expect((await remove(`${url}${instance}/status?value=UP`)).status).toBe(200);
    expect((await getJson(url, `/instances/${id}`)).instance).toMatchObject({
      status: 'UP',
      overriddenStatus: 'UNKNOWN',
    });
  });

  it('takes an override back without a new status: the instance is asked to register again', async () => {
    const { url } = await startForTest();
    await register(url);
    await put(`${url}${instance}/status?value=OUT_OF_SERVICE`);
    expect((await remove(`${url}${instance}/status`)).status).toBe(200);
    expect((await getJson(url, `/instances/${id}`)).instance.status).toBe('UNKNOWN');
    expect((await put(`${url}${instance}`)).status).toBe(404);
  });

  it('changes metadata', async () => {
    const { url } = await startForTest();
    await register(url);
    expect((await put(`${url}${instance}/metadata?zone=a%26b&zone=c&empty=&__proto__=x`)).status).toBe(200);
    const { metadata } = (await getJson(url, `/instances/${id}`)).instance;
    expect(Object.entries(metadata)).toEqual([
      ['zone', 'a&b'],
      ['empty', ''],
      ['__proto__', 'x'],
    ]);
  });

  it.each([
    ['PUT', '/eureka/apps/PATIENT/other/status?value=DOWN', 404],
    ['DELETE', '/eureka/apps/PATIENT/other/status', 404],
    ['PUT', '/eureka/apps/PATIENT/other/metadata?a=b', 404],
    ['PUT', `${instance}/status?value=asleep`, 500],
    ['PUT', `${instance}/status`, 500],
    ['DELETE', `${instance}/status?value=asleep`, 500],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { url } = await startForTest();
    await register(url);
    expect((await fetch(`${url}${path}`, { method })).status).toBe(status);
    expect((await getJson(url, `/instances/${id}`)).instance.status).toBe('UP');
  });
});

describe('renewing', () => {
  it('keeps a lease, and asks a changed instance to register again', async () => {
    const { url, time } = await startForTest();
    await register(url, { ...complete, lastDirtyTimestamp: '1000' });
    const instance = `${url}/eureka/apps/PATIENT/${id}`;
    time.pass(14_000);
    expect((await put(`${instance}?status=UP&lastDirtyTimestamp=1000`)).status).toBe(200);
    time.pass(14_000);
    expect((await put(`${instance}?status=UP&lastDirtyTimestamp=999`)).status).toBe(200);
    expect((await put(`${instance}?status=UP&lastDirtyTimestamp=1001`)).status).toBe(404);
    time.pass(16_000);
    await expect.poll(async () => (await fetch(instance)).status).toBe(404);
  });
});
