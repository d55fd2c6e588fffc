import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pool } from 'undici';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { startTokenIssuer } from '../../tests/support/tokens.ts';
import { type Figure, median, pairedFigure } from '../figures.ts';
import { platformFlags } from '../platform-flags.ts';
import { auditSecret } from './events.ts';

const connections = 16;
const reads = 3_000;
const rounds = 7;

/**
 * Reads of a patient in the service, with its trail and with one that keeps nothing, in turn: the processor's time that the
 * service takes for one, and how long one waits.
 */
export async function measureReads(createDatabase: (name: string) => Promise<string>): Promise<Figure[]> {
  const issuer = await startTokenIssuer();
  const authorization = await issuer.bearer({ roles: ['secretary'], expiresIn: 7_200 });
  const start = async (kind: string) =>
    Service.start(kind, await createDatabase(`bench_reads_${kind}`), issuer.jwksUrl, authorization);
  const services = { kept: await start('kept'), dropped: await start('dropped') };
  try {
    const samples = { kept: [] as Sample[], dropped: [] as Sample[] };
    for (const each of Object.values(services)) await each.read();
    for (let round = 0; round < rounds; round += 1) {
      samples.dropped.push(await services.dropped.read());
      samples.kept.push(await services.kept.read());
    }
    const pair = (name: string, of: (sample: Sample) => number, wanted?: Figure['wanted']) =>
      pairedFigure(
        name,
        'ms',
        samples.kept.map(of),
        { name: 'without trail', values: samples.dropped.map(of) },
        wanted,
      );
    return [
      pair('processor of the service for a read of a patient', ({ cpuMs }) => cpuMs, { atMost: 1.1 }),
      pair(`a read of a patient, ${connections} at once`, ({ ms }) => ms),
    ];
  } finally {
    for (const each of Object.values(services)) await each.stop();
    await issuer.stop();
  }
}

interface Sample {
  /** Of the service's process, for each read. */
  cpuMs: number;
  /** Median of how long one took. */
  ms: number;
}

class Service {
  private readonly process: ChildProcess;
  private readonly http: Pool;
  private readonly authorization: string;
  private readonly path: string;

  private constructor(process: ChildProcess, http: Pool, authorization: string, path: string) {
    this.process = process;
    this.http = http;
    this.authorization = authorization;
    this.path = path;
  }

  static async start(kind: string, databaseUrl: string, jwksUrl: string, authorization: string): Promise<Service> {
    const service = spawn(
      process.execPath,
      [...platformFlags('patient'), join(import.meta.dirname, 'service-process.ts'), kind],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PATH: process.env.PATH,
          APP_HOST: '127.0.0.1',
          APP_PORT: '0',
          CABINET_MODE: 'demonstration',
          DAPR_HTTP_PORT: '1',
          DATABASE_URL: databaseUrl,
          AUDIT_KEYS: auditSecret,
          EVENT_KEYS: `patient=${auditSecret}`,
          JWKS_URL: jwksUrl,
          LOG_LEVEL: 'error',
          ...memoryBudget.malloc,
        },
      },
    );
    const port = Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0]));
    const http = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
    const body = JSON.stringify({
      familyName: 'Mesure',
      givenNames: ['Anne'],
      birthDate: '1980-01-31',
      gender: 'female',
    });
    const headers = { authorization, 'content-type': 'application/json' };
    for (;;) {
      const answer = await http.request({ method: 'POST', path: '/api/patients?acceptDuplicate=true', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode === 201)
        return new Service(service, http, authorization, `/api/patients/${JSON.parse(text).id}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async read(): Promise<Sample> {
    const { path, authorization } = this;
    const times: number[] = [];
    const before = await this.cpuSeconds();
    let left = reads;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (left-- > 0) {
          const begun = performance.now();
          const answer = await this.http.request({ method: 'GET', path, headers: { authorization } });
          await answer.body.dump();
          if (answer.statusCode !== 200) throw new Error(`a read was answered ${answer.statusCode}`);
          times.push(performance.now() - begun);
        }
      }),
    );
    return { cpuMs: ((await this.cpuSeconds()) - before) * (1_000 / reads), ms: median(times) };
  }

  private async cpuSeconds(): Promise<number> {
    const answer = await this.http.request({ method: 'GET', path: '/metrics' });
    const [, seconds] = /^process_cpu_seconds_total(?:\{.*\})? ([\d.e+-]+)$/m.exec(await answer.body.text()) ?? [];
    return Number(seconds);
  }

  async stop(): Promise<void> {
    await this.http.close();
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}
