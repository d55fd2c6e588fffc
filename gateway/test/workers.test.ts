import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.js';
import { freePort, TestRegistry } from './support/registry.js';
import { startIssuer } from './support/tokens.js';
import { startUpstream } from './support/upstream.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A gateway of two processes, with one instance of `patient` behind it. */
async function startPair(env: Record<string, string> = {}) {
  const [registry, issuer, port, patient] = await Promise.all([
    TestRegistry.start(),
    startIssuer(),
    freePort(),
    startUpstream(),
  ]);
  await registry.register({ service: 'patient', port: patient.port });
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      APP_PORT: String(port),
      REGISTRY_URLS: registry.url,
      JWKS_URL: issuer.jwksUrl,
      WORKERS: '2',
      DRAIN_NOTICE_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid as number;
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  // Both, and the one that looks after them.
  await eventually(async () => expect(said.match(/"msg":"listening"/g)).toHaveLength(3), 60_000);
  const authorization = `Bearer ${await issuer.token({ roles: ['practitioner'] })}`;
  const url = `http://127.0.0.1:${port}`;
  // A new connection each time: they are handed to the workers in turn.
  const ask = (path = '/api/patients/1') => fetch(url + path, { headers: { authorization, connection: 'close' } });
  await eventually(async () => {
    for (let i = 0; i < 4; i += 1) expect((await ask()).status).toBe(200);
  });
  return { registry, child, pid, url, ask, ended: once(child, 'exit') };
}

/** Process ids of those that a process started. */
function workersOf(pid: number): number[] {
  const started = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return started.map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

const nobody = { application: { instance: [] as object[] } };

const registered = async (registry: TestRegistry) => {
  const answer = await fetch(`${registry.url}apps/GATEWAY`, { headers: { accept: 'application/json' } });
  const { application } = answer.ok ? ((await answer.json()) as { application: { instance: object[] } }) : nobody;
  return application.instance;
};

// Three processes start, one after another, for each of these.
describe.runIf(process.platform === 'linux')('a gateway of several processes', { timeout: 120_000 }, () => {
  it('is one instance to the registry, and leaves it when it stops', async () => {
    const { registry, child, ended } = await startPair();
    await eventually(async () =>
      expect(await registered(registry)).toMatchObject([{ status: 'UP', instanceId: expect.any(String) }]),
    );
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    expect(await registered(registry)).toEqual([]);
  });

  it('counts what each of them lets in towards one limit', async () => {
    const { ask } = await startPair({ RATE_LIMIT_USER: '40' });
    let admitted = 0;
    await eventually(async () => {
      const { status } = await ask();
      if (status === 200) admitted += 1;
      expect(status).toBe(429);
    });
    // Every one of them knows, not only the one that let in the last.
    await eventually(async () => {
      for (let i = 0; i < 4; i += 1) expect((await ask()).status).toBe(429);
    });
    expect(admitted).toBeLessThanOrEqual(40);
  });

  it('tells the metrics of all of them together', async () => {
    const { url, ask } = await startPair();
    for (let i = 0; i < 6; i += 1) await ask('/api/records/1');
    const counted = async () => {
      const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
      const line = text.split('\n').find((each) => /duration_seconds_count\{.*\/api\/records/.test(each));
      return Number(line?.split(' ').at(-1));
    };
    await eventually(async () => expect(await counted()).toBe(6));
    expect(await counted()).toBe(6);
  });

  it('tells in the status what all of them together did, and counts no instance twice', async () => {
    const { url, ask } = await startPair();
    for (let i = 0; i < 6; i += 1) await ask('/api/records/1');
    const status = async () => (await fetch(`${url}/status`, { headers: { connection: 'close' } })).text();
    const counted = async () =>
      /data-label="Requests"><div>(\d+)/.exec((await status()).split('>record</th>')[1] ?? '')?.[1];
    await eventually(async () => expect(await counted()).toBe('6'));
    for (let i = 0; i < 4; i += 1) expect(await counted()).toBe('6');
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^gateway_instances\{service="patient"\} 1$/m);
  });

  it('replaces one that dies, while the other answers', async () => {
    const { pid, ask } = await startPair();
    const [first, second] = workersOf(pid) as [number, number];
    process.kill(first, 'SIGKILL');
    await eventually(async () => expect(workersOf(pid)).not.toContain(first));
    expect((await ask()).status).toBe(200);
    await eventually(async () => {
      const workers = workersOf(pid);
      expect(workers).toHaveLength(2);
      expect(workers).toContain(second);
    });
    await eventually(async () => {
      for (let i = 0; i < 4; i += 1) expect((await ask()).status).toBe(200);
    });
  });

  it('ends with a clear message when none of them can start', async () => {
    const { url, registry } = await startPair();
    const child = spawn(process.execPath, [main], {
      env: { APP_PORT: new URL(url).port, REGISTRY_URLS: registry.url, JWKS_URL: `${url}/jwks`, WORKERS: '2' },
    });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(said).toContain('EADDRINUSE');
    expect(said).toContain('the gateway could not start');
  });
});
