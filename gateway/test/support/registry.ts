import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

const registryMain = fileURLToPath(new URL('../../../registry/dist/main.js', import.meta.url));

export interface Registered {
  service: string;
  port: number;
  status?: string;
  leaseSeconds?: number;
}

/** The real registry as a process of its own, on a port that stays the same when it is started again. */
export class TestRegistry {
  private child?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(settings: Record<string, string> = {}): Promise<TestRegistry> {
    const registry = new TestRegistry(await freePort(), settings);
    await registry.start();
    onTestFinished(() => registry.kill());
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/eureka/`;
  }

  async start(): Promise<void> {
    const env = {
      ...process.env,
      APP_PORT: String(this.port),
      CABINET_MODE: 'demonstration',
      LOG_LEVEL: 'silent',
      FEED_HEARTBEAT_MS: '200',
      ...this.settings,
    };
    this.child = spawn(process.execPath, [registryMain], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${this.port}/health/live`);
      if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
    });
  }

  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  async register({ service, port, status = 'UP', leaseSeconds = 60 }: Registered): Promise<void> {
    const app = service.toUpperCase();
    const instance = {
      instanceId: `127.0.0.1:${service}:${port}`,
      app,
      hostName: '127.0.0.1',
      ipAddr: '127.0.0.1',
      status,
      port: { $: port, '@enabled': 'true' },
      dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
      leaseInfo: { renewalIntervalInSecs: 5, durationInSecs: leaseSeconds },
    };
    await this.call('POST', `apps/${app}`, JSON.stringify({ instance }));
  }

  async deregister({ service, port }: Registered): Promise<void> {
    await this.call('DELETE', `apps/${service.toUpperCase()}/127.0.0.1:${service}:${port}`);
  }

  private async call(method: string, path: string, body?: string): Promise<void> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await fetch(this.url + path, { method, body, headers });
    if (!answer.ok) throw new Error(`the registry answers ${answer.status} to ${method} ${path}`);
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}
