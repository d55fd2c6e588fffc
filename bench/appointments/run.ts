import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { startTestServers, templateDatabase } from '../../dev/src/test-servers.ts';
import { startTokenIssuer } from '../../tests/support/tokens.ts';
import { type Figure, figure, median, within } from '../figures.ts';
import { platformFlags } from '../platform-flags.ts';

type Say = (text: string) => void;

const minute = 60_000;
const day = 24 * 60 * minute;
const clients = 64;
const practitionersOfTheSpeciality = 200;
const tableSizes = [1_000, 10_000, 100_000, 1_000_000];

interface Practitioner {
  id: string;
  placeId: string;
  typeId: string;
}

const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const wholeWeek = [{ daysOfWeek: everyDay, startTime: '08:00', endTime: '20:00' }];

/** Midnight UTC of the day after tomorrow: nothing of what is searched passes while it is measured. */
const firstDay = Math.floor(Date.now() / day + 2) * day;

/** The appointment service alone, on PostgreSQL: its search and its bookings, without gateway and sidecars. */
export async function measureAppointments(say: Say): Promise<Figure[]> {
  say('start ...');
  const stand = await Stand.start();
  try {
    const figures: Figure[] = [];
    say('search ...');
    figures.push(await measureOneAgenda(stand), await measureFirstFree(stand));
    say('booking ...');
    figures.push(...(await measureContention(stand)));
    say('growth ...');
    figures.push(await measureGrowth(stand, say));
    return figures;
  } finally {
    await stand.stop();
  }
}

/** 30 days of one practitioner with the hours of a usual week, and 200 appointments in them. */
async function measureOneAgenda(stand: Stand): Promise<Figure> {
  const [one] = stand.practitioners as [Practitioner];
  await stand.fill([one], 200, { days: 30 });
  await stand.setHours(one, 1, [
    { daysOfWeek: everyDay.slice(0, 5), startTime: '08:00', endTime: '12:00' },
    { daysOfWeek: everyDay.slice(0, 5), startTime: '14:00', endTime: '19:00' },
  ]);
  const search = () => stand.search({ practitionerId: one.id, appointmentTypeId: one.typeId });
  await stand.medianMs(search, 1_000); // until it is compiled, as in a service that has run for a while
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const before = await stand.timeSpent('/api/slots');
    await stand.medianMs(search, 100);
    const after = await stand.timeSpent('/api/slots');
    rounds.push((after.ms - before.ms) / (after.requests - before.requests));
  }
  await stand.setHours(one, 2, wholeWeek);
  return within('free slots of 30 days, 200 appointments in them, in the service', 'ms', median(rounds), 5);
}

/** The first free slot within 30 days of each of 200 practitioners, whose first days are full. */
async function measureFirstFree(stand: Stand): Promise<Figure> {
  await stand.fill(stand.practitioners.slice(1), 200, { days: 5 });
  const ms = await stand.medianMs(() => stand.search({ appointmentType: 'Consultation', first: 'true' }), 50);
  return within(`first free of 30 days, ${practitionersOfTheSpeciality} practitioners, median`, 'ms', ms, 150);
}

/** Requests answered a second when all want the same day of one practitioner, beside when nobody is in another's way. */
async function measureContention(stand: Stand): Promise<Figure[]> {
  const rounds = 5;
  const rates = { contended: [] as number[], alone: [] as number[] };
  const statuses = new Map<number, number>();
  for (let round = 0; round < rounds + 1; round += 1) {
    const [one] = stand.practitioners as [Practitioner];
    const contended = Array.from({ length: 640 }, (_, n) => ({ who: one, start: slotOf(40 + round, n % 40) }));
    const alone = Array.from({ length: 640 }, (_, n) => ({
      who: stand.practitioners[n % practitionersOfTheSpeciality] as Practitioner,
      start: slotOf(60 + round, Math.floor(n / practitionersOfTheSpeciality)),
    }));
    const [first, second] = [await stand.book(contended), await stand.book(alone)];
    if (round === 0) continue;
    rates.contended.push(first.rate);
    rates.alone.push(second.rate);
    for (const status of [...first.statuses, ...second.statuses]) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const others = [...statuses].filter(([status]) => status !== 201 && status !== 409);
  const peer = { name: 'each another slot', value: median(rates.alone) };
  return [
    figure('bookings answered, 64 clients, one day', 'per second', median(rates.contended), peer, { atLeast: 0.6 }),
    within(
      'answers other than 201 and 409',
      '',
      others.reduce((sum, [, count]) => sum + count, 0),
      0.5,
    ),
  ];
}

/** The same search while ever more appointments of other times stand in the table. */
async function measureGrowth(stand: Stand, say: Say): Promise<Figure> {
  const [one] = stand.practitioners as [Practitioner];
  const times: number[] = [];
  await stand.sql.query('truncate appointment cascade');
  await stand.fill([one], 200, { days: 30 });
  let rows = 200;
  for (const size of tableSizes) {
    const each = Math.ceil((size - rows) / practitionersOfTheSpeciality);
    // Ever further back: 40 a day, from the day before yesterday on.
    await stand.fill(stand.practitioners, each, {
      days: -Math.ceil(each / 40),
      from: firstDay - Math.ceil(rows / 8_000 + 5) * day,
    });
    rows = size;
    await stand.sql.query('vacuum analyze appointment');
    times.push(
      await stand.medianMs(() => stand.search({ practitionerId: one.id, appointmentTypeId: one.typeId }), 200),
    );
    say(`  ${rows} appointments: ${times.at(-1)?.toFixed(2)} ms`);
  }
  const [least = 0, most = 0] = [times[0], times.at(-1)];
  return figure(
    'search with 1,000,000 appointments',
    'ms',
    most,
    { name: 'with 1,000', value: least },
    { atMost: 1.5 },
  );
}

/** A quarter of an hour of the working day, from 8:00 to 18:00. */
const slotOf = (dayOfRange: number, quarter: number): Date =>
  new Date(firstDay + dayOfRange * day + (8 * 60 + quarter * 15) * minute);

const duration = 'http_server_request_duration_seconds';

interface Parts {
  servers: Awaited<ReturnType<typeof startTestServers>>;
  issuer: Awaited<ReturnType<typeof startTokenIssuer>>;
  service: ChildProcess;
  http: Pool;
  authorization: string;
  sql: pg.Pool;
  practitioners: Practitioner[];
}

class Stand {
  private readonly servers: Parts['servers'];
  private readonly issuer: Parts['issuer'];
  private readonly service: ChildProcess;
  private readonly http: Pool;
  private readonly authorization: string;
  readonly sql: pg.Pool;
  readonly practitioners: Practitioner[];

  private constructor({ servers, issuer, service, http, authorization, sql, practitioners }: Parts) {
    this.servers = servers;
    this.issuer = issuer;
    this.service = service;
    this.http = http;
    this.authorization = authorization;
    this.sql = sql;
    this.practitioners = practitioners;
  }

  static async start(): Promise<Stand> {
    const servers = await startTestServers();
    const issuer = await startTokenIssuer();
    const admin = new pg.Client({ connectionString: servers.postgresAdminUrl });
    await admin.connect();
    await admin.query(`create database bench_appointment template ${templateDatabase}`);
    await admin.end();
    const url = new URL(servers.postgresAdminUrl);
    url.pathname = 'bench_appointment';
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
          JWKS_URL: issuer.jwksUrl,
          LOG_LEVEL: 'error',
          BENCH_PRACTITIONERS: JSON.stringify(practitioners.map(({ id, placeId, typeId }) => [id, placeId, typeId])),
        },
      },
    );
    const port = Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]));
    const http = new Pool(`http://127.0.0.1:${port}`, { connections: clients, pipelining: 1 });
    const authorization = await issuer.bearer({ roles: ['secretary'], expiresIn: 7_200 });
    const sql = new pg.Pool({ connectionString: url.href, max: 2 });
    const stand = new Stand({ servers, issuer, service, http, authorization, sql, practitioners });
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
    await this.servers.stop();
  }
}
