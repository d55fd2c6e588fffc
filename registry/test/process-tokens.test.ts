import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.js';
import { complete, getJson, register, startForTest } from './start.js';

const id = complete.instanceId;
const tokens = { patient: 'the-token-of-patient', auth: 'the-token-of-auth' };
const settings = { PROCESS_TOKEN_PATIENT: tokens.patient, PROCESS_TOKEN_auth: tokens.auth };
const operator = 'the-token-of-the-operator';

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const basic = (name: string, token: string) => ({
  Authorization: `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`,
});

async function statusOf(url: string, method: string, headers: Record<string, string>, body?: object): Promise<number> {
  const init = { method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
  return (await fetch(url, init)).status;
}

/** All that can be done to the leases of an application, in the order in which it makes sense. */
const changesOf = (app: string): [method: string, path: string, body?: object][] => [
  ['POST', `/apps/${app}`, { instance: { ...complete, app, vipAddress: app } }],
  ['PUT', `/apps/${app}/${id}`],
  ['PUT', `/apps/${app}/${id}/status?value=OUT_OF_SERVICE`],
  ['DELETE', `/apps/${app}/${id}/status`],
  ['PUT', `/apps/${app}/${id}/metadata?a=b`],
  ['DELETE', `/apps/${app}/${id}`],
];

describe('a registry that knows its processes', () => {
  it.each([
    ['a token', bearer(tokens.patient)],
    ['the token as the password of its name, as Spring’s clients have it', basic('patient', tokens.patient)],
  ])('lets a process change its own leases alone: by %s', async (_by, headers) => {
    const { url } = await startForTest(settings);
    await statusOf(`${url}/eureka/apps/AUTH`, 'POST', bearer(tokens.auth), {
      instance: { ...complete, app: 'auth', vipAddress: 'auth' },
    });
    for (const prefix of ['/eureka', '/eureka/v2']) {
      for (const [method, path, body] of changesOf('AUTH')) {
        expect([method, path, await statusOf(`${url}${prefix}${path}`, method, headers, body)]).toEqual([
          method,
          path,
          403,
        ]);
      }
    }
    expect(await getJson(url, `/apps/AUTH/${id}`)).toMatchObject({ instance: { status: 'UP', metadata: {} } });
    for (const [method, path, body] of changesOf('patient')) {
      const status = await statusOf(`${url}/eureka${path}`, method, headers, body);
      expect([method, path, status]).toEqual([method, path, method === 'POST' ? 204 : 200]);
    }
  });

  it.each([
    ['nothing', {}],
    ['a token of nobody', bearer('a-token-of-nobody-here')],
    ['a token under another name', basic('auth', tokens.patient)],
    ['a token without a name', basic('', tokens.patient)],
    ['rubbish', { Authorization: 'Basic ====' }],
  ])('lets whoever shows %s change nothing, and read what is open to all', async (_what, headers) => {
    const { url } = await startForTest(settings);
    await statusOf(`${url}/eureka/apps/PATIENT`, 'POST', bearer(tokens.patient), { instance: complete });
    for (const [method, path, body] of changesOf('PATIENT')) {
      expect([method, path, await statusOf(`${url}/eureka${path}`, method, headers, body)]).toEqual([
        method,
        path,
        401,
      ]);
    }
    const batch = { replicationList: [] };
    expect(await statusOf(`${url}/eureka/peerreplication/batch`, 'POST', headers, batch)).toBe(401);
    expect(await statusOf(`${url}/eureka/apps/PATIENT/${id}`, 'GET', headers)).toBe(200);
    expect((await getJson(url, '/apps/PATIENT')).application.instance[0].status).toBe('UP');
  });

  it('lets no process speak as a peer, which may tell of all', async () => {
    const { url } = await startForTest({ ...settings, ACCESS_TOKENS: operator });
    const batch = { replicationList: [] };
    const path = `${url}/eureka/peerreplication/batch`;
    expect(await statusOf(path, 'POST', bearer(tokens.patient), batch)).toBe(403);
    expect(await statusOf(path, 'POST', bearer(operator), batch)).toBe(200);
  });

  it('lets no process take the name that another is looked up by', async () => {
    const { url } = await startForTest(settings);
    const register = (names: object) =>
      statusOf(`${url}/eureka/apps/PATIENT`, 'POST', bearer(tokens.patient), { instance: { ...complete, ...names } });
    expect(await register({ vipAddress: 'auth' })).toBe(403);
    expect(await register({ vipAddress: 'patient, auth' })).toBe(403);
    expect(await register({ secureVipAddress: 'auth' })).toBe(403);
    expect(await register({ vipAddress: 'patient,PATIENT', secureVipAddress: 'patient' })).toBe(204);
  });

  it('reads to a process also where strangers may not, and lets an operator change everything', async () => {
    const { url } = await startForTest({ ...settings, ACCESS_TOKENS: operator });
    const apps = `${url}/eureka/apps`;
    expect(await statusOf(apps, 'GET', {})).toBe(401);
    expect(await statusOf(apps, 'GET', bearer(tokens.patient))).toBe(200);
    for (const [method, path, body] of changesOf('AUTH')) {
      expect(await statusOf(`${url}/eureka${path}`, method, bearer(operator), body)).toBeLessThan(300);
    }
  });
});

describe('its configuration', () => {
  const problemsOf = (env: Record<string, string>) => {
    try {
      readConfig(env);
      return [];
    } catch (error) {
      return (error as { problems: string[] }).problems;
    }
  };

  it('is refused in production without any token, and where a token is short or that of two', () => {
    expect(problemsOf({ CABINET_MODE: 'production' })).toEqual([
      expect.stringMatching(/^PROCESS_TOKEN_<NAME>: is needed/),
    ]);
    expect(problemsOf({})).toHaveLength(1);
    expect(problemsOf({ CABINET_MODE: 'demonstration' })).toEqual([]);
    expect(problemsOf(settings)).toEqual([]);
    expect(problemsOf({ PROCESS_TOKEN_PATIENT: 'short' })).toEqual([expect.stringMatching(/^PROCESS_TOKEN_PATIENT: /)]);
    const twice = problemsOf({ ...settings, PROCESS_TOKEN_RECORD: tokens.auth });
    expect(twice).toEqual([expect.stringMatching(/^PROCESS_TOKEN_RECORD: is the token of another/)]);
    expect(twice.join()).not.toContain(tokens.auth);
  });
});

describe('a registry without any rule', () => {
  it('takes everybody, for a demonstration', async () => {
    const { url } = await startForTest();
    expect((await register(url)).status).toBe(204);
  });
});
