import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { freePort, TestRegistry } from './support/registry.js';
import { startIssuer } from './support/tokens.js';
import { answerOk, startUpstream } from './support/upstream.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface LogLine {
  msg: string;
  [field: string]: unknown;
}

function startProcess(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { PATH: process.env.PATH, WORKERS: '1', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let errors = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const lines = () =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LogLine);
  return { child, ended, lines, errors: () => errors };
}

async function startWhole() {
  const [registry, issuer, port] = await Promise.all([TestRegistry.start(), startIssuer(), freePort()]);
  const gateway = startProcess({ APP_PORT: String(port), REGISTRY_URLS: registry.url, JWKS_URL: issuer.jwksUrl });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
  return { registry, gateway, url, token: await issuer.token() };
}

const listed = async (registry: TestRegistry) =>
  (await fetch(`${registry.url}apps/GATEWAY`, { headers: { accept: 'application/json' } })).status === 200;

describe('the gateway as a process', () => {
  it('registers itself; on SIGTERM it leaves the registry, finishes what runs, and ends without an error', async () => {
    const { registry, gateway, url, token } = await startWhole();
    let isSlow = false;
    let letGo: (() => void) | undefined;
    const patient = await startUpstream((req, res) => {
      if (!isSlow) return answerOk(req, res);
      letGo = () => answerOk(req, res);
    });
    await registry.register({ service: 'patient', port: patient.port });
    await eventually(async () => expect(await listed(registry)).toBe(true));
    const headers = { authorization: `Bearer ${token}` };
    await eventually(async () => expect((await fetch(`${url}/api/patients`, { headers })).status).toBe(200));

    // A connection that stays open, as a browser's does.
    const agent = new Agent({ keepAlive: true });
    isSlow = true;
    const answered = once(request(`${url}/api/patients`, { agent, headers }).end(), 'response');
    await eventually(() => expect(letGo).toBeDefined());
    gateway.child.kill('SIGTERM');
    await eventually(async () => expect(await listed(registry)).toBe(false));
    await eventually(async () => {
      await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    });
    expect(gateway.child.exitCode).toBeNull();
    letGo?.();
    const [answer] = await answered;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    answer.resume();
    expect(await gateway.ended).toBe(0);
    agent.destroy();
  });

  it('logs each request once, by route and ids, without path, query or token', async () => {
    const { registry, gateway, url, token } = await startWhole();
    const patient = await startUpstream();
    await registry.register({ service: 'patient', port: patient.port });
    const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'call-0099' };
    await eventually(async () => {
      expect((await fetch(`${url}/api/patients/42-secret?name=Moreau`, { headers })).status).toBe(200);
    });
    const line = await eventually(() => {
      const found = gateway.lines().filter(({ msg, status }) => msg === 'request' && status === 200);
      expect(found).toHaveLength(1);
      return found[0];
    });
    expect(line).toMatchObject({
      level: 'info',
      service: 'gateway',
      request_id: 'call-0099',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      method: 'GET',
      route: '/api/patients',
      service_name: 'patient',
      instance: `127.0.0.1:patient:${patient.port}`,
      duration_ms: expect.any(Number),
    });
    const all = JSON.stringify(gateway.lines());
    for (const secret of ['42-secret', 'Moreau', token]) expect(all).not.toContain(secret);
  });

  it('does not start with a configuration that cannot work, and says what to mend', async () => {
    const { ended, errors } = startProcess({ APP_PORT: 'x', REGISTRY_URLS: 'nowhere' });
    expect(await ended).toBe(1);
    for (const name of ['APP_PORT', 'REGISTRY_URLS', 'JWKS_URL']) expect(errors()).toContain(name);
    const without = startProcess({ APP_PORT: '0', JWKS_URL: 'http://127.0.0.1:1/keys' });
    expect(await without.ended).toBe(1);
    expect(without.errors()).toContain('REGISTRY_URLS: the gateway finds the services there');
  });
});
