import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { workTree } from '../../dev/cache.mjs';
import { Home } from '../../dev/src/home.ts';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { freePorts } from '../../dev/src/ports.ts';
import { Progress } from '../../dev/src/progress.ts';
import { postgres, postgresUrl } from '../../dev/src/servers/postgres.ts';
import { Supervisor } from '../../dev/src/supervisor.ts';
import { batchOf, eventKeys, signed } from '../../tests/support/events.ts';
import { startTokenIssuer, type TokenIssuer } from '../../tests/support/tokens.ts';
import { platformFlags } from '../platform-flags.ts';
import { MailServer } from './mail-server.ts';
import { firstDayFrom } from './people.ts';

const name = 'notification';
const appApiToken = 'only-for-this-bench-only-for-this-bench';

/** The service on a PostgreSQL that keeps what it says it keeps, and a mail server that takes all that it can send. */
export class Stand implements AsyncDisposable {
  readonly sql: pg.Pool;
  readonly mailServer: MailServer;
  /** On which the visits begin. */
  readonly firstDay: number;
  readonly #http: Pool;
  readonly #service: ChildProcess;
  readonly #issuer: TokenIssuer;
  readonly #stopServers: () => Promise<void>;

  private constructor(parts: {
    sql: pg.Pool;
    mailServer: MailServer;
    firstDay: number;
    http: Pool;
    service: ChildProcess;
    issuer: TokenIssuer;
    stopServers: () => Promise<void>;
  }) {
    this.sql = parts.sql;
    this.mailServer = parts.mailServer;
    this.firstDay = parts.firstDay;
    this.#http = parts.http;
    this.#service = parts.service;
    this.#issuer = parts.issuer;
    this.#stopServers = parts.stopServers;
  }

  static async start(): Promise<Stand> {
    const home = new Home(join(workTree, '.cabinet/bench-notification'));
    rmSync(home.folder, { recursive: true, force: true });
    home.create();
    const ports = await freePorts([]);
    const { postgres: port } = ports.servers;
    const specs = [await postgres({ home, port, durable: true, databases: [name] })];
    const supervisor = new Supervisor({ home, ports, specs, progress: new Progress(() => undefined) });
    await supervisor.start();
    const mailServer = await MailServer.start();
    const issuer = await startTokenIssuer();
    const firstDay = firstDayFrom(Date.now());
    const url = postgresUrl(home, port, name);
    const service = spawn(process.execPath, [...platformFlags(name), join(import.meta.dirname, 'service-process.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        APP_HOST: '127.0.0.1',
        APP_PORT: '0',
        APP_API_TOKEN: appApiToken,
        CABINET_MODE: 'demonstration',
        DAPR_HTTP_PORT: '1',
        DATABASE_URL: url,
        AUDIT_KEYS: 'only-for-this-bench-only-for-this-bench',
        EVENT_KEYS: Object.entries(eventKeys)
          .map((pair) => pair.join('='))
          .join(','),
        JWKS_URL: issuer.jwksUrl,
        LOG_LEVEL: 'warn',
        PUBLIC_URL: 'https://cabinet.example',
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(mailServer.port),
        SMTP_SECURITY: 'none',
        BENCH_FIRST_DAY: String(firstDay),
        ...memoryBudget.malloc,
      },
    });
    const appPort = Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]));
    const http = new Pool(`http://127.0.0.1:${appPort}`, { connections: 4, bodyTimeout: 0, headersTimeout: 0 });
    const isReady = async () => {
      const { statusCode, body } = await http.request({ method: 'GET', path: '/health/ready' });
      await body.dump();
      return statusCode === 200;
    };
    while (!(await isReady())) await delay(100);
    return new Stand({
      ...{ mailServer, firstDay, http, service, issuer },
      sql: new pg.Pool({ connectionString: url, max: 2 }),
      stopServers: async () => {
        mailServer.stop();
        await supervisor.stop();
        rmSync(home.folder, { recursive: true, force: true });
      },
    });
  }

  /** Somebody of the practice. */
  async as(role: 'admin' | 'secretary') {
    const authorization = await this.#issuer.bearer({ roles: [role], expiresIn: 7_200 });
    return (method: 'GET' | 'PUT', path: string, body?: object, headers: Record<string, string> = {}) =>
      this.#ask(method, path, body, { authorization, ...headers });
  }

  /** Tells of appointments, as its sidecar does. */
  async hear(...facts: { type: string; data: object }[]): Promise<void> {
    const events = facts.map((fact) => signed('appointment', { id: randomUUID(), source: 'appointment', ...fact }));
    const answer = await this.#ask('POST', '/events/appointment', batchOf(...events), {
      'dapr-api-token': appApiToken,
    });
    const { statuses } = answer as { statuses: { status: string }[] };
    if (!statuses.every(({ status }) => status === 'SUCCESS'))
      throw new Error(`not heard: ${JSON.stringify(statuses)}`);
  }

  /** What the service has in memory, in MiB, now (`VmRSS`) or at most so far (`VmHWM`). */
  memoryMiB(what: 'VmRSS' | 'VmHWM'): number {
    const status = readFileSync(`/proc/${this.#service.pid}/status`, 'utf8');
    return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  async #ask(method: 'GET' | 'PUT' | 'POST', path: string, content?: object, headers?: object): Promise<any> {
    const { statusCode, body } = await this.#http.request({
      ...{ method, path, headers: { 'content-type': 'application/json', ...headers } },
      body: content && JSON.stringify(content),
    });
    const text = await body.text();
    if (statusCode >= 300)
      throw new Error(`${method} ${path.split('?')[0]} answered ${statusCode}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
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
