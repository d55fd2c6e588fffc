import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Kafka } from 'kafkajs';
import pg from 'pg';
import { Pool } from 'undici';
import { workTree } from '../../dev/cache.mjs';
import { bringArtifacts } from '../../dev/src/artifacts.ts';
import { Home } from '../../dev/src/home.ts';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { freePorts } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { kafka, kafkaClient, kafkaLogin } from '../../dev/src/servers/kafka.ts';
import { createExtensions, postgres, postgresUrl, withAdmin } from '../../dev/src/servers/postgres.ts';
import { Supervisor } from '../../dev/src/supervisor.ts';
import { startTokenIssuer } from '../../tests/support/tokens.ts';
import { platformFlags } from '../platform-flags.ts';

const name = 'wearable';

/** The service on a PostgreSQL that keeps what it says it keeps, and a Kafka beside it; both as the platform has them. */
export class Stand implements AsyncDisposable {
  readonly kafka: Kafka;
  readonly sql: pg.Pool;
  readonly #http: Pool;
  readonly #service: ChildProcess;
  readonly #issuer: Awaited<ReturnType<typeof startTokenIssuer>>;
  readonly #stopServers: () => Promise<void>;

  private constructor(parts: {
    kafka: Kafka;
    sql: pg.Pool;
    http: Pool;
    service: ChildProcess;
    issuer: Awaited<ReturnType<typeof startTokenIssuer>>;
    stopServers: () => Promise<void>;
  }) {
    this.kafka = parts.kafka;
    this.sql = parts.sql;
    this.#http = parts.http;
    this.#service = parts.service;
    this.#issuer = parts.issuer;
    this.#stopServers = parts.stopServers;
  }

  static async start(): Promise<Stand> {
    const home = new Home(join(workTree, '.cabinet/bench-readings'));
    rmSync(home.folder, { recursive: true, force: true });
    home.create();
    const progress = new Progress(() => undefined);
    const artifacts = await bringArtifacts(progress, ['kafka']);
    const ports = await freePorts([]);
    const { postgres: port } = ports.servers;
    const specs = [
      await postgres({ home, port, durable: true, databases: [name] }),
      await kafka({ home, ports: ports.servers, installation: artifacts.kafka, topics: ['plain'] }),
    ];
    const supervisor = new Supervisor({ home, ports, specs, progress });
    await supervisor.start();
    await withAdmin(home, port, (inside) => createExtensions(inside, ['btree_gist']), name);
    const issuer = await startTokenIssuer();
    const url = postgresUrl(home, port, name);
    const service = spawn(process.execPath, [...platformFlags(name), join(import.meta.dirname, 'service-process.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        APP_HOST: '127.0.0.1',
        APP_PORT: '0',
        CABINET_MODE: 'demonstration',
        DAPR_HTTP_PORT: '1',
        DATABASE_URL: url,
        AUDIT_KEYS: 'only-for-this-bench-only-for-this-bench',
        EVENT_KEYS: 'wearable=only-for-this-bench-only-for-this-bench,patient=only-for-this-bench-only-for-this-bench',
        JWKS_URL: issuer.jwksUrl,
        LOG_LEVEL: 'error',
        ...memoryBudget.malloc,
      },
    });
    const appPort = Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]));
    const http = new Pool(`http://127.0.0.1:${appPort}`, { connections: 16, bodyTimeout: 0, headersTimeout: 0 });
    while ((await http.request({ method: 'GET', path: '/health/ready' })).statusCode !== 200);
    return new Stand({
      kafka: kafkaClient(kafkaLogin(home, ports.servers.kafka), 'bench'),
      sql: new pg.Pool({ connectionString: url, max: 2 }),
      http,
      service,
      issuer,
      stopServers: async () => {
        await supervisor.stop();
        rmSync(home.folder, { recursive: true, force: true });
      },
    });
  }

  /** Somebody who asks about themselves. */
  async patient(patientId = randomUUID()) {
    const authorization = await this.#issuer.bearer({ roles: ['patient'], patientId, expiresIn: 7_200 });
    const request = async (method: 'GET' | 'POST', path: string, body?: object | Buffer) => {
      const isBytes = Buffer.isBuffer(body);
      const headers = { authorization, 'content-type': isBytes ? 'application/octet-stream' : 'application/json' };
      const sent = isBytes || body === undefined ? body : JSON.stringify(body);
      const answer = await this.#http.request({ method, path, headers, body: sent });
      const text = await answer.body.text();
      if (answer.statusCode >= 300 && answer.statusCode !== 429)
        throw new Error(`${method} ${path.split('?')[0]} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      return { status: answer.statusCode, text };
    };
    return { patientId, request };
  }

  /** The memory that the service has had at most, in MiB (`VmHWM`). */
  memoryPeakMiB(): number {
    const status = readFileSync(`/proc/${this.#service.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http.close();
    await this.sql.end();
    const ended = once(this.#service, 'exit');
    this.#service.kill('SIGTERM');
    await ended;
    await this.#issuer.stop();
    await this.#stopServers();
  }
}
