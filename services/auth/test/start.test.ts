import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { SettableClock } from '@cabinet/kit/clock';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../tests/support/database.ts';
import { caller, until } from '../../../tests/support/http.ts';
import { startAuth } from '../src/app.js';
import { buildConfig, cheapHasher, demonstrationPassword, signIn, startAuthForTest } from './support.ts';

const silent = { publish: async () => [], stop: async () => {} };
const start = (config: Parameters<typeof buildConfig>[0], clock?: SettableClock) =>
  startAuth(buildConfig(config), { publisher: silent, passwords: cheapHasher(), clock });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('starting auth', () => {
  it('lives and is not ready while its database is away, and gets ready when it comes', async () => {
    const database = new URL(await createDatabase('auth'));
    const [port, away] = [await freePort(), await freePort()];
    const url = Object.assign(new URL(database), { port: String(away) }).href;
    const starting = start({ DATABASE_URL: url, APP_PORT: port });
    const health = async (kind: string) => (await fetch(`http://127.0.0.1:${port}/health/${kind}`)).status;
    await until(async () => (await health('live')) === 200);
    expect(await health('ready')).toBe(503);

    const way = createServer((from) => {
      const to = connect(Number(database.port), database.hostname);
      from.on('error', () => to.destroy()).pipe(to);
      to.on('error', () => from.destroy()).pipe(from);
    }).listen(away, '127.0.0.1');
    const auth = await starting;
    await until(async () => (await health('ready')) === 200);
    await auth.stop();
    way.close();
  });

  it('seeds the demonstration users once, however often it starts', async () => {
    const url = await createDatabase('auth');
    for (let i = 0; i < 2; i += 1) {
      const auth = await startAuthForTest({ DATABASE_URL: url });
      const users = (await auth.admin('GET', '/api/auth/users')).body.items;
      expect(users.map(({ email, roles }: { email: string; roles: string[] }) => `${email} ${roles}`)).toEqual([
        'admin@cabinet.test admin',
        'secretary@cabinet.test secretary',
        'dr.bernard@cabinet.test practitioner',
        'alice@cabinet.test patient',
      ]);
      await expect(signIn(auth, 'alice@cabinet.test', demonstrationPassword)).resolves.toBeDefined();
      await auth.stop();
    }
  });

  it('refuses production on a database with demonstration users, in one clear line', async () => {
    const url = await createDatabase('auth');
    await (await start({ DATABASE_URL: url })).stop();
    await expect(start({ DATABASE_URL: url, CABINET_MODE: 'production' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      problems: [expect.stringMatching(/^CABINET_MODE: production does not start while .* 4 demonstration user/)],
    });
  });

  it('makes the first administrator of a new practice, whose cookie is Secure, and no demonstration user', async () => {
    const config = {
      DATABASE_URL: await createDatabase('auth'),
      CABINET_MODE: 'production' as const,
      AUTH_FIRST_ADMIN_EMAIL: 'boss@practice.example',
      AUTH_FIRST_ADMIN_PASSWORD: 'an old grey mare',
    };
    await (await start(config)).stop();
    const app = await start(config);
    const call = caller(`http://127.0.0.1:${app.port}`);
    const login = (email: string, password: string) => call('POST', '/api/auth/login', { email, password });
    const answer = await login('boss@practice.example', 'an old grey mare');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
    expect((await login('admin@cabinet.test', demonstrationPassword)).status).toBe(401);
    await app.stop();
  });

  it('keeps its keys, so that tokens outlive a restart, and refuses another secret', async () => {
    const url = await createDatabase('auth');
    const first = await startAuthForTest({ DATABASE_URL: url });
    const { accessToken } = await signIn(first, 'alice@cabinet.test', demonstrationPassword);
    await first.stop();

    const second = await start({ DATABASE_URL: url });
    const me = await caller(`http://127.0.0.1:${second.port}`, { authorization: `Bearer ${accessToken}` })(
      'GET',
      '/api/auth/me',
    );
    expect(me.status).toBe(200);
    await second.stop();

    await expect(start({ DATABASE_URL: url, AUTH_KEY_SECRET: ['x'.repeat(40)] })).rejects.toMatchObject({
      name: 'ConfigurationError',
      problems: [expect.stringMatching(/^AUTH_KEY_SECRET: /)],
    });
  });

  it('shares one key between replicas that start at once', async () => {
    const url = await createDatabase('auth');
    const replicas = await Promise.all([start({ DATABASE_URL: url }), start({ DATABASE_URL: url })]);
    const published = await Promise.all(
      replicas.map(
        async ({ port }) => (await caller(`http://127.0.0.1:${port}`)('GET', '/.well-known/jwks.json')).body,
      ),
    );
    expect(published[0].keys).toHaveLength(1);
    expect(published[1]).toEqual(published[0]);
    expect(published[0].keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(published[0].keys[0]).not.toHaveProperty('d');
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  it('publishes a new key before it signs with it, and the old one for a day after', async () => {
    const url = await createDatabase('auth');
    const clock = new SettableClock(new Date());
    const after = async (hours: number) => {
      clock.advanceBy(hours * 3_600_000);
      const app = await start({ DATABASE_URL: url }, clock);
      const call = caller(`http://127.0.0.1:${app.port}`);
      const { keys } = (await call('GET', '/.well-known/jwks.json')).body as { keys: { kid: string }[] };
      const login = { email: 'alice@cabinet.test', password: demonstrationPassword };
      const { accessToken } = (await call('POST', '/api/auth/login', login)).body;
      const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0], 'base64url').toString());
      await app.stop();
      return { published: keys.map((key) => key.kid).sort(), signing: kid as string };
    };
    const old = await after(0);
    const fresh = await after(91 * 24);
    expect(fresh.published).toHaveLength(2);
    expect(fresh.signing).toBe(old.signing);
    const inUse = await after(4);
    expect(inUse.published).toEqual(fresh.published);
    expect(inUse.signing).not.toBe(old.signing);
    const settled = await after(24);
    expect(settled.published).toEqual([inUse.signing]);
    expect(settled.signing).toBe(inUse.signing);
  });
});
