import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { workTree } from '../../dev/cache.mjs';
import { freePort } from '../../dev/src/ports.ts';
import { liveHeapBytes } from './heap.ts';
import { until } from './http.ts';
import { startTokenIssuer } from './tokens.ts';

export interface InstanceProcess {
  port: number;
  kill(): Promise<void>;
}

/** A registry, a gateway and instances, each a real process, and nothing else of the platform. */
export class GatewayStand {
  registry!: ChildProcess;
  gateway!: ChildProcess;
  issuer!: Awaited<ReturnType<typeof startTokenIssuer>>;
  authorization = '';
  private registryPort = 0;
  private gatewayPort = 0;
  private inspectPort = 0;

  static async start(): Promise<GatewayStand> {
    const stand = new GatewayStand();
    stand.issuer = await startTokenIssuer();
    stand.authorization = await stand.issuer.bearer({ roles: ['practitioner', 'admin'] });
    ({ child: stand.registry, port: stand.registryPort } = await startRegistry());
    stand.inspectPort = await freePort();
    ({ child: stand.gateway, port: stand.gatewayPort } = await stand.startGateway());
    return stand;
  }

  get url(): string {
    return `http://127.0.0.1:${this.gatewayPort}`;
  }

  get port(): number {
    return this.gatewayPort;
  }

  /** A gateway on a port of its own, ready. */
  async startGateway(port?: number): Promise<{ child: ChildProcess; port: number }> {
    const own = port ?? (await freePort());
    const child = startProcess(join(workTree, 'gateway/dist/main.js'), [], {
      APP_PORT: String(own),
      LOG_LEVEL: 'silent',
      // What one process knows of a service is what the tests ask for.
      WORKERS: '1',
      REGISTRY_URLS: `http://127.0.0.1:${this.registryPort}/eureka/`,
      JWKS_URL: this.issuer.jwksUrl,
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_USER: '0',
      NODE_OPTIONS: `--inspect-port=127.0.0.1:${this.inspectPort}`,
    });
    await until(async () => (await fetch(`http://127.0.0.1:${own}/health/ready`)).ok);
    return { child, port: own };
  }

  /** Starts an instance as a process of its own, and waits until the gateway knows it. */
  async addInstance(service: string, fault = 'none'): Promise<InstanceProcess> {
    const child = startProcess(join(workTree, 'tests/support/instance.ts'), [fault], {}, 'pipe');
    const [text] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    const port = Number(String(text));
    await this.register(service, port);
    await until(async () => (await this.stateOf(service)).instances.some(({ origin }) => origin.endsWith(`:${port}`)));
    return { port, kill: () => kill(child) };
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { authorization: this.authorization, ...init.headers } });
  }

  /** What lives in the gateway's heap, in bytes. */
  liveHeapBytes(): Promise<number> {
    return liveHeapBytes(this.gateway.pid as number, this.inspectPort);
  }

  async stateOf(service: string) {
    const { services } = (await (await this.ask('/api/system')).json()) as { services: ServiceState[] };
    const found = services.find(({ name }) => name === service);
    if (!found) throw new Error(`${service} is not in the list`);
    return found;
  }

  private async register(service: string, port: number): Promise<void> {
    const app = service.toUpperCase();
    const instance = {
      instanceId: `127.0.0.1:${service}:${port}`,
      app,
      hostName: '127.0.0.1',
      ipAddr: '127.0.0.1',
      status: 'UP',
      port: { $: port, '@enabled': 'true' },
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 90 },
    };
    const answer = await fetch(`http://127.0.0.1:${this.registryPort}/eureka/apps/${app}`, {
      method: 'POST',
      body: JSON.stringify({ instance }),
      headers: { 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
  }
}

/** The real registry, as a process of its own, until the test is over. */
export async function startRegistry(): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const env = { APP_PORT: String(port), CABINET_MODE: 'demonstration', LOG_LEVEL: 'silent' };
  const child = startProcess(join(workTree, 'registry/dist/main.js'), [], env);
  await until(async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).ok);
  return { child, port };
}

interface ServiceState {
  name: string;
  breaker: string;
  instances: { origin: string; isSkipped: boolean; ejections: number }[];
}

function startProcess(
  script: string,
  args: string[],
  env: Record<string, string>,
  stdout: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  onTestFinished(() => kill(child));
  return child;
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
