import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { newId } from '@cabinet/kit/ids';
import type { CloudEvent } from '@cabinet/service/sidecar/cloud-event';
import pg from 'pg';
import { createDatabase } from '../../../tests/support/database.ts';
import { type Answer, type Caller, caller } from '../../../tests/support/http.ts';
import { type ServiceUnderTest, startForTest, usualSettings, withMore } from '../../../tests/support/service.ts';
import type { UserResponse } from '../src/api/user.dto.js';
import { type Overrides, startAuth } from '../src/app.js';
import type { Config } from '../src/config.js';
import { Argon2PasswordHasher } from '../src/data/argon2-password-hasher.js';

export const demonstrationPassword = 'cabinet-demo-2026';
export const goodPassword = 'an old grey mare likes oats';

// The real thing with little work: what it costs is a matter of its own tests.
export const cheapHasher = () => new Argon2PasswordHasher({ memoryKiB: 64, passes: 1, parallelism: 1 }, 2);

/** Stands where the sidecar stands, and answers for the neighbours behind it: everybody is known to them unless a test says else. */
export class NeighboursByHttp {
  readonly unknown = new Set<string>();
  /** Whom those who were merged turned out to be. */
  readonly merged = new Map<string, string>();
  readonly unreachable = new Set<string>();
  /** `appId method path` of every question asked. */
  readonly asked: string[] = [];

  readonly handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const appId = String(req.headers['dapr-app-id']);
    this.asked.push(`${appId} ${req.method} ${req.url}`);
    const body = req.method === 'POST' ? ((await json(req)) as { patientIds: string[] }) : undefined;
    const { status, ...answer } = this.unreachable.has(appId)
      ? { status: 500, body: { errorCode: 'ERR_DIRECT_INVOKE', message: 'unreachable' } }
      : this.answer(req.url ?? '', body?.patientIds);
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  };

  private answer(path: string, patientIds: string[] = []): { status: number; body: object } {
    if (path === '/api/patients/status') {
      const known = patientIds.filter((id) => !this.unknown.has(id));
      const items = known.map((patientId) => ({ patientId, mergedInto: this.merged.get(patientId) }));
      return { status: 200, body: { items: items.map((its) => ({ ...its, active: true, deceased: false })) } };
    }
    const id = path.split('/').at(-1) ?? '';
    return this.unknown.has(id) ? { status: 404, body: { code: 'NOT_FOUND' } } : { status: 200, body: { id } };
  }
}

/** The real auth service on a real database, with a clock that the test moves, and neighbours that the test decides on. */
export interface Auth extends ServiceUnderTest {
  neighbours: NeighboursByHttp;
  sql: pg.Pool;
  /** Nobody in particular, from an address of their own, so that tests do not lock each other out. */
  anybody: Caller;
  admin: Caller;
}

const ownSettings: Partial<Config> = {
  AUTH_KEY_SECRET: ['a secret for tests of forty characters..'],
  CORS_ORIGINS: [],
  OIDC_CLIENTS: [],
  TRUSTED_ISSUERS: [],
  PRACTICE_WORDS: ['Maison de santé du Moulin'],
  PROXY_HOPS: 1,
  SECOND_FACTOR_ROLES: [],
  PASSKEY_ORIGINS: ['https://practice.example'],
  PASSKEY_DOMAIN: 'practice.example',
};

/** For tests of what does not start. */
export const buildConfig = (overrides: Partial<Config>): Config =>
  ({ ...usualSettings('postgres://nobody@127.0.0.1:1/nothing'), ...ownSettings, ...overrides }) as Config;

export async function startAuthForTest(
  config: Partial<Config> = {},
  overrides: Overrides = {},
  now = '2031-03-04T10:00:00Z',
): Promise<Auth> {
  const databaseUrl = config.DATABASE_URL ?? (await createDatabase('auth'));
  const neighbours = new NeighboursByHttp();
  const sidecar = createServer(neighbours.handle).listen(0, '127.0.0.1');
  await once(sidecar, 'listening');
  const { port: sidecarPort } = sidecar.address() as AddressInfo;
  const service = await startForTest<Config, Overrides>(startAuth, {
    databaseUrl,
    now,
    settings: { ...ownSettings, JWKS_URL: 'http://127.0.0.1:1/not-asked', DAPR_HTTP_PORT: sidecarPort, ...config },
    overrides: { passwords: cheapHasher(), ...overrides },
  });
  const { base } = service;
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const anybody = caller(base, { 'x-forwarded-for': '203.0.113.1' });
  const signedIn = await anybody('POST', '/api/auth/login', {
    email: 'admin@cabinet.test',
    password: demonstrationPassword,
  });
  const admin = caller(base, { authorization: `Bearer ${signedIn.body.accessToken}` });
  return withMore(service, { sql, anybody, admin, neighbours }, async () => {
    await sql.end();
    sidecar.closeAllConnections();
    sidecar.close();
  });
}

let made = 0;

/** A user of the test's own. */
export async function buildUser(auth: Auth, overrides: Record<string, unknown> = {}): Promise<UserResponse> {
  made += 1;
  const body = { email: `person-${made}@practice.example`, password: goodPassword, roles: ['secretary'], ...overrides };
  const answer = await auth.admin('POST', '/api/auth/users', body);
  if (answer.status !== 201) throw new Error(`not created: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What the service that sends mails reads of those to the address, once it has heard of them, the last one first. */
export async function mailsOf(auth: Auth, email: string): Promise<{ purpose: string; code: string }[]> {
  const ids = auth.published
    .filter(({ type }) => type === 'code.made')
    .map(({ data }) => (data as { codeId: string }).codeId);
  const mails = await Promise.all(ids.map((id) => auth.sidecar('GET', `/api/auth/codes/${id}`)));
  return mails.flatMap(({ status, body }) => (status === 200 && body.email === email ? [body] : [])).reverse();
}

/** The last one, once it is there. */
export async function mailOf(auth: Auth, email: string): Promise<{ purpose: string; code: string }> {
  await until(async () => (await mailsOf(auth, email)).length > 0);
  return (await mailsOf(auth, email))[0] as { purpose: string; code: string };
}

export interface Browser {
  accessToken: string;
  cookie: string;
  /** What the browser is known by when somebody signs in again. */
  device: string;
  call: Caller;
}

/** Signs in and keeps what a browser would. */
export async function signIn(auth: Auth, email: string, password = goodPassword): Promise<Browser> {
  const answer = await auth.anybody('POST', '/api/auth/login', { email, password });
  if (answer.status !== 200) throw new Error(`not signed in: ${JSON.stringify(answer.body)}`);
  const { accessToken } = answer.body;
  return {
    accessToken,
    cookie: cookieOf(answer),
    device: answer.headers.getSetCookie()[1]?.split(';')[0] ?? '',
    call: caller(auth.base, { authorization: `Bearer ${accessToken}` }),
  };
}

/** `cabinet_refresh=...` as a browser sends it back. */
export const cookieOf = (answer: Answer): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

export const refresh = (auth: Auth, cookie: string): Promise<Answer> =>
  auth.anybody('POST', '/api/auth/refresh', undefined, { cookie });

/** Types of the events told of a user, in order. */
export const told = (auth: Auth, userId: string): string[] =>
  auth.published.filter(({ data }) => (data as { userId: string }).userId === userId).map(({ type }) => type);

/** Waits for a condition, not for a time; fails after a generous while. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whoever waits in this database for another transaction to end. */
export const waitingForLocks =
  "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";

/** An event of the patient service, as the sidecar delivers it. */
export const patientEvent = (type: string, data: object): CloudEvent => ({
  id: newId(),
  type,
  source: 'patient',
  specversion: '1.0',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: { version: 2, ...data },
});
