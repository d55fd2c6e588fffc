import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { startTestServers, templateDatabase } from '../../dev/src/test-servers.ts';
import { startTokenIssuer } from '../../tests/support/tokens.ts';
import { median } from '../figures.ts';
import { platformFlags } from '../platform-flags.ts';

export const minute = 60_000;
export const day = 24 * 60 * minute;
const clients = 64;
export const practitionersOfTheSpeciality = 200;

export interface Practitioner {
  id: string;
  placeId: string;
  typeId: string;
}

export const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
export const wholeWeek = [{ daysOfWeek: everyDay, startTime: '08:00', endTime: '20:00' }];

/** Midnight UTC of the day after tomorrow: nothing of what is searched passes while it is measured. */
export const firstDay = Math.floor(Date.now() / day + 2) * day;

const duration = 'http_server_request_duration_seconds';

interface Parts {
  servers: Awaited<ReturnType<typeof startTestServers>>;
  /** False for a stand beside another one, whose servers it uses. */
  ownsServers: boolean;
  issuer: Awaited<ReturnType<typeof startTokenIssuer>>;
  service: ChildProcess;
  http: Pool;
  authorization: string;
  sql: pg.Pool;
  practitioners: Practitioner[];
}

/** The service on a database of its own, with practitioners who receive all week, and whoever asks it. */
export class Stand {
  private readonly servers: Parts['servers'];
  private readonly ownsServers: boolean;
  private readonly issuer: Parts['issuer'];
  private readonly service: ChildProcess;
  private readonly http: Pool;
  private readonly authorization: string;
  readonly sql: pg.Pool;
  readonly practitioners: Practitioner[];

  private constructor({ servers, ownsServers, issuer, service, http, authorization, sql, practitioners }: Parts) {
    this.servers = servers;
    this.ownsServers = ownsServers;
    this.issuer = issuer;
    this.service = service;
    this.http = http;
    this.authorization = authorization;
    this.sql = sql;
    this.practitioners = practitioners;
  }

  static async start(): Promise<Stand> {
    const servers = await startTestServers();
    return Stand.startOn({ servers, ownsServers: true }, 'bench_appointment');
  }

  /** The same once more, with a database of its own on the same servers. */
  beside(database: string): Promise<Stand> {
    return Stand.startOn({ servers: this.servers, ownsServers: false }, database);
  }

  private static async startOn(on: Pick<Parts, 'servers' | 'ownsServers'>, database: string): Promise<Stand> {
    const { servers } = on;
    const issuer = await startTokenIssuer();
    const admin = new pg.Client({ connectionString: servers.postgresAdminUrl });
    await admin.connect();
    await admin.query(`create database ${database} template ${templateDatabase}`);
    await admin.end();
    const url = new URL(servers.postgresAdminUrl);
    url.pathname = database;
    const practitioners = Array.from({ length: practitionersOfTheSpeciality }, () => ({
      id: randomUUID(),
      placeId: randomUUID(),
      typeId: randomUUID(),
    }));
    const service = spawn(
      process.execPath,
      [...platformFlags('appointment'), join(import.meta.dirname, 'service-process.ts')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PATH: process.env.PATH,
          APP_HOST: '127.0.0.1',
          APP_PORT: '0',
          CABINET_MODE: 'demonstration',
          DAPR_HTTP_PORT: '1',
          DATABASE_URL: url.href,
          AUDIT_KEYS: 'only-for-this-bench-only-for-this-bench',
          EVENT_KEYS: 'appointment=only-for-this-bench-only-for-this-bench',
          JWKS_URL: issuer.jwksUrl,
          LOG_LEVEL: 'error',
          ...memoryBudget.malloc,
          BENCH_PRACTITIONERS: JSON.stringify(practitioners.map(({ id, placeId, typeId }) => [id, placeId, typeId])),
        },
      },
    );
    const port = Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]));
    const http = new Pool(`http://127.0.0.1:${port}`, { connections: clients, pipelining: 1 });
    const authorization = await issuer.bearer({ roles: ['secretary'], expiresIn: 7_200 });
    const sql = new pg.Pool({ connectionString: url.href, max: 2 });
    const stand = new Stand({ ...on, issuer, service, http, authorization, sql, practitioners });
    while ((await stand.request('GET', '/health/ready')).status !== 200);
    for (const practitioner of practitioners) await stand.setHours(practitioner, 0, wholeWeek);
    return stand;
  }

  /** @param version of the schedule before */
  async setHours({ id, placeId }: Practitioner, version: number, week: object[]): Promise<void> {
    const hours = week.map((each) => ({ placeId, ...each }));
    const ifMatch = { 'if-match': `"v${version}"` };
    const { status } = await this.request('PUT', `/api/schedules/${id}`, { hours }, ifMatch);
    if (status !== 200) throw new Error(`hours answered ${status}`);
  }

  async request(method: 'GET' | 'PUT' | 'POST', path: string, content?: object, headers: Record<string, string> = {}) {
    const { statusCode, body } = await this.http.request({
      method,
      path,
      headers: { authorization: this.authorization, 'content-type': 'application/json', ...headers },
      body: content && JSON.stringify(content),
    });
    return { status: statusCode, text: await body.text() };
  }

  /** What the service itself says of its answers at a route: from the arrival of each request to the end of its answer. */
  async timeSpent(route: string): Promise<{ ms: number; requests: number }> {
    const { text } = await this.request('GET', '/metrics');
    const total = (what: string): number => {
      const line = text
        .split('\n')
        .find((each) => each.startsWith(`${duration}_${what}{`) && each.includes(`"${route}"`));
      if (!line) throw new Error(`the service counts nothing at ${route}`);
      return Number(line.slice(line.lastIndexOf(' ')));
    };
    return { ms: total('sum') * 1_000, requests: total('count') };
  }

  async search(query: Record<string, string>): Promise<void> {
    const [from, to] = [new Date(firstDay).toISOString(), new Date(firstDay + 30 * day).toISOString()];
    const path = `/api/slots?${new URLSearchParams({ from, to, limit: '2000', ...query })}`;
    const { status, text } = await this.request('GET', path);
    if (status !== 200 || !text.includes('"start"'))
      throw new Error(`search answered ${status}: ${text.slice(0, 200)}`);
  }

  /** Appointments one after the other in the days' quarters; `days` below zero go back into the past. */
  async fill(
    practitioners: Practitioner[],
    each: number,
    { days, from = firstDay }: { days: number; from?: number },
  ): Promise<void> {
    const perDay = Math.ceil(each / Math.abs(days));
    for (const { id, placeId, typeId } of practitioners) {
      await this.sql.query(
        `insert into appointment (id, status, patient_id, practitioner_id, appointment_type_id, place_id, zone, "start", "end",
           created_at, created_by)
         select gen_random_uuid(), 'booked', gen_random_uuid(), $1, $2, $3, 'Europe/Paris', at, at + interval '15 minutes', now(),
           'bench'
         from (select $4::timestamptz + (n / $6) * $7 * interval '1 day' + interval '8 hours' + (n % $6) * interval '15 minutes' as at
           from generate_series(0, $5 - 1) as n) as times
         on conflict do nothing`,
        [id, typeId, placeId, new Date(from), each, perDay, Math.sign(days)],
      );
    }
    await this.sql.query('vacuum analyze appointment');
  }

  async medianMs(ask: () => Promise<unknown>, times: number): Promise<number> {
    const taken: number[] = [];
    for (let n = 0; n < times + 20; n += 1) {
      const began = performance.now();
      await ask();
      if (n >= 20) taken.push(performance.now() - began);
    }
    return median(taken);
  }

  async book(bookings: { who: Practitioner; start: Date }[]): Promise<{ rate: number; statuses: number[] }> {
    const queue = [...bookings];
    const statuses: number[] = [];
    const began = performance.now();
    const work = async () => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const { who, start } = next;
        const booking = { patientId: randomUUID(), practitionerId: who.id, appointmentTypeId: who.typeId, start };
        statuses.push((await this.request('POST', '/api/appointments', booking)).status);
      }
    };
    await Promise.all(Array.from({ length: clients }, work));
    return { rate: (bookings.length / (performance.now() - began)) * 1_000, statuses };
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.sql.end();
    const ended = once(this.service, 'exit');
    this.service.kill('SIGTERM');
    await ended;
    await this.issuer.stop();
    if (this.ownsServers) await this.servers.stop();
  }
}
