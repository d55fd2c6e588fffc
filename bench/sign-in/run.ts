import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { memoryBudget } from '../../dev/src/memory-budget.ts';
import { startTestServers, templateDatabase } from '../../dev/src/test-servers.ts';
import { Authenticator } from '../../tests/support/authenticator.ts';
import { auditSecret } from '../audit/events.ts';
import { type Figure, median, pairedFigure, percentile, within } from '../figures.ts';
import { platformFlags } from '../platform-flags.ts';

const guessesPerSecond = 200;
const roundMs = 3_000;
const rounds = 7;
const passkeySignIns = 200;
const cpuMsMax = 50;

/** What signing in costs by a passkey, and what others feel of passwords that are guessed. */
export async function measureSignIn(say: (text: string) => void): Promise<Figure[]> {
  say('start ...');
  const servers = await startTestServers();
  try {
    const admin = new pg.Client({ connectionString: servers.postgresAdminUrl });
    await admin.connect();
    await admin.query(`create database bench_sign_in template ${templateDatabase}`);
    await admin.end();
    const url = new URL(servers.postgresAdminUrl);
    url.pathname = 'bench_sign_in';
    const auth = await Auth.start(url.href);
    try {
      say('passkeys ...');
      const passkey = await measurePasskeys(auth);
      say(`${guessesPerSecond} wrong passwords a second ...`);
      return [passkey, ...(await measureGuesses(auth, say))];
    } finally {
      await auth.stop();
    }
  } finally {
    await servers.stop();
  }
}

/** The processor's time of the service for asking what to sign and for what was signed, once warm. */
async function measurePasskeys(auth: Auth): Promise<Figure> {
  const key = new Authenticator();
  const { options } = await auth.ask('POST', '/api/auth/passkeys/challenge');
  await auth.ask('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options) });
  const signIn = async () => {
    const asked = await auth.ask('POST', '/api/auth/login/passkey/challenge');
    const { accessToken } = await auth.ask('POST', '/api/auth/login/passkey', { signed: key.sign(asked.options) });
    if (!accessToken) throw new Error('a passkey did not sign in');
  };
  for (let nth = 0; nth < passkeySignIns; nth += 1) await signIn();
  const before = await auth.cpuMs();
  for (let nth = 0; nth < passkeySignIns; nth += 1) await signIn();
  return within(
    'processor of auth for a sign-in by passkey',
    'ms',
    ((await auth.cpuMs()) - before) / passkeySignIns,
    cpuMsMax,
  );
}

/** How long others wait, while passwords are guessed and while none are, in turn. */
async function measureGuesses(auth: Auth, say: (text: string) => void): Promise<Figure[]> {
  const calm: number[][] = [];
  const guessed: number[][] = [];
  await auth.waitsFor(roundMs);
  for (let round = 0; round < rounds; round += 1) {
    calm.push(await auth.waitsFor(roundMs));
    const attack = spawn(
      process.execPath,
      [join(import.meta.dirname, 'attack-process.ts'), auth.base, String(guessesPerSecond), String(roundMs + 500)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const answered = once(attack.stdout as NodeJS.ReadableStream, 'data');
    // The attack has begun, and the queue of passwords is as full as it gets.
    await new Promise((resolve) => setTimeout(resolve, 500));
    guessed.push(await auth.waitsFor(roundMs));
    say(`  answered ${String((await answered)[0]).trim()}`);
    if (attack.exitCode === null) await once(attack, 'exit');
  }
  const pair = (name: string, of: (ms: number[]) => number, wanted?: Figure['wanted']) =>
    pairedFigure(name, 'ms', guessed.map(of), { name: 'while none are guessed', values: calm.map(of) }, wanted);
  const name = `a request to auth while ${guessesPerSecond} passwords a second are guessed`;
  return [pair(name, median, { atMost: 1.2 }), pair(`${name}, one in twenty`, (ms) => percentile(ms, 0.95))];
}

/** As much of the answers as is looked at. */
interface Answered {
  options: { challenge: string; user: { id: string } };
  accessToken?: string;
}

class Auth {
  readonly base: string;
  private readonly process: ChildProcess;
  private readonly http: Pool;
  private readonly headers: Record<string, string> = { 'content-type': 'application/json' };

  private constructor(process: ChildProcess, port: number) {
    this.process = process;
    this.base = `http://127.0.0.1:${port}`;
    this.http = new Pool(this.base, { connections: 4, pipelining: 1 });
  }

  static async start(databaseUrl: string): Promise<Auth> {
    const service = spawn(
      process.execPath,
      [...platformFlags('auth'), join(import.meta.dirname, 'service-process.ts')],
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
          EVENT_KEYS: `auth=${auditSecret}`,
          JWKS_URL: 'http://127.0.0.1:1/not-asked',
          LOG_LEVEL: 'error',
          PASSKEY_ORIGINS: 'https://practice.example',
          ...memoryBudget.malloc,
        },
      },
    );
    const auth = new Auth(service, Number(String((await once(service.stdout as NodeJS.ReadableStream, 'data'))[0])));
    const login = { email: 'secretary@cabinet.test', password: 'cabinet-demo-2026' };
    const { accessToken } = await auth.ask('POST', '/api/auth/login', login);
    auth.headers.authorization = `Bearer ${accessToken}`;
    return auth;
  }

  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answered> {
    const answer = await this.http.request({ method, path, headers: this.headers, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`);
    return JSON.parse(text);
  }

  /** How long each of the requests took that somebody at work sends one after the other. */
  async waitsFor(ms: number): Promise<number[]> {
    const waits: number[] = [];
    for (const begun = performance.now(); performance.now() - begun < ms; ) {
      const asked = performance.now();
      await this.ask('GET', '/api/auth/me');
      waits.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return waits;
  }

  async cpuMs(): Promise<number> {
    const answer = await this.http.request({ method: 'GET', path: '/metrics' });
    const [, seconds] = /^process_cpu_seconds_total(?:\{.*\})? ([\d.e+-]+)$/m.exec(await answer.body.text()) ?? [];
    return Number(seconds) * 1_000;
  }

  async stop(): Promise<void> {
    await this.http.close();
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}
