import { randomUUID } from 'node:crypto';
import { followTokens } from '@cabinet/kit/access/tokens';
import { createLogger } from '@cabinet/kit/observe/log';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Auth,
  type Browser,
  buildUser,
  cookieOf,
  goodPassword,
  patientEvent,
  refresh,
  signIn,
  startAuthForTest,
  until,
} from './support.ts';

let auth: Auth;
let began: Date;
const closers = new AsyncDisposableStack();

beforeAll(async () => {
  auth = await startAuthForTest();
  began = auth.clock.now();
});
afterEach(() => auth.clock.set(began));
afterAll(async () => {
  await closers.disposeAsync();
  await auth?.stop();
});

const sessionsOf = async ({ call }: Browser) => (await call('GET', '/api/auth/sessions')).body.items;
const currentOf = async (browser: Browser) =>
  (await sessionsOf(browser)).find(({ current }: { current: boolean }) => current).id;

describe('GET /api/auth/sessions', () => {
  it('lists where I am signed in, the one used last first, and nobody else', async () => {
    const user = await buildUser(auth);
    await signIn(auth, (await buildUser(auth)).email);
    await signIn(auth, user.email);
    auth.clock.advanceBy(1_000);
    const here = await signIn(auth, user.email);
    const listed = await sessionsOf(here);
    expect(listed).toHaveLength(2);
    const now = auth.clock.now();
    expect(listed[0]).toEqual({
      id: expect.any(String),
      createdAt: now.toISOString(),
      lastUsedAt: now.toISOString(),
      endsAt: new Date(now.getTime() + 7 * 24 * 3_600_000).toISOString(),
      device: 'node',
      current: true,
    });
    expect(listed[1].current).toBe(false);
  });

  it('leaves out those that were signed out, were not used for twelve hours, or had their end', async () => {
    const user = await buildUser(auth);
    const gone = await signIn(auth, user.email);
    await auth.anybody('POST', '/api/auth/logout', undefined, { cookie: gone.cookie });
    await signIn(auth, user.email);
    auth.clock.advanceBy(12 * 3_600_000 + 1_000);
    expect(await sessionsOf(await signIn(auth, user.email))).toHaveLength(1);
  });

  it('keeps no more than two hundred characters of what the browser says of itself', async () => {
    const { email } = await buildUser(auth);
    const login = { email, password: goodPassword };
    await auth.anybody('POST', '/api/auth/login', login, { 'user-agent': 'x'.repeat(4_000) });
    const listed = await sessionsOf(await signIn(auth, email));
    expect(listed.map(({ device }: { device: string }) => device.length).sort()).toEqual([200, 4]);
  });
});

describe('DELETE /api/auth/sessions/{id}', () => {
  it('signs out there, and nowhere else', async () => {
    const { email } = await buildUser(auth);
    const [here, there] = [await signIn(auth, email), await signIn(auth, email)];
    const id = await currentOf(there);
    expect((await here.call('DELETE', `/api/auth/sessions/${id}`)).status).toBe(204);
    expect((await there.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await refresh(auth, there.cookie)).status).toBe(401);
    expect((await here.call('GET', '/api/auth/me')).status).toBe(200);
    expect((await refresh(auth, here.cookie)).status).toBe(200);
    expect((await here.call('DELETE', `/api/auth/sessions/${id}`)).body.code).toBe('AUTH.NO_SUCH_SESSION');
  });

  it("knows nothing of another user's session, nor of one that never was", async () => {
    const [me, other] = [
      await signIn(auth, (await buildUser(auth)).email),
      await signIn(auth, (await buildUser(auth)).email),
    ];
    const [theirs, none] = await Promise.all([
      me.call('DELETE', `/api/auth/sessions/${await currentOf(other)}`),
      me.call('DELETE', `/api/auth/sessions/${randomUUID()}`),
    ]);
    for (const answer of [theirs, none]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'AUTH.NO_SUCH_SESSION']);
    }
    expect((await other.call('GET', '/api/auth/me')).status).toBe(200);
  });

  it('refuses what is no id, and who is nobody', async () => {
    const me = await signIn(auth, (await buildUser(auth)).email);
    expect((await me.call('DELETE', "/api/auth/sessions/' or 1=1")).status).toBe(422);
    expect((await auth.anybody('DELETE', `/api/auth/sessions/${randomUUID()}`)).status).toBe(401);
  });
});

describe('DELETE /api/auth/sessions', () => {
  it('signs out everywhere but here', async () => {
    const { email } = await buildUser(auth);
    const others = [await signIn(auth, email), await signIn(auth, email)];
    const here = await signIn(auth, email);
    expect((await here.call('DELETE', '/api/auth/sessions')).status).toBe(204);
    for (const { call } of others) expect((await call('GET', '/api/auth/me')).status).toBe(401);
    expect(await sessionsOf(here)).toHaveLength(1);
  });
});

describe('DELETE /api/auth/users/{id}/sessions', () => {
  it('signs a user out everywhere, who may sign in again', async () => {
    const user = await buildUser(auth);
    const { call, cookie } = await signIn(auth, user.email);
    expect((await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`)).status).toBe(204);
    expect((await call('GET', '/api/auth/me')).status).toBe(401);
    expect((await refresh(auth, cookie)).status).toBe(401);
    await expect(signIn(auth, user.email)).resolves.toBeDefined();
  });

  it('is for admins, and for users that there are', async () => {
    const user = await buildUser(auth);
    const { call } = await signIn(auth, user.email);
    expect((await call('DELETE', `/api/auth/users/${user.id}/sessions`)).status).toBe(403);
    expect((await auth.admin('DELETE', `/api/auth/users/${randomUUID()}/sessions`)).body.code).toBe(
      'AUTH.NO_SUCH_USER',
    );
  });
});

describe('a token that another process verifies', () => {
  const elsewhere = () =>
    followTokens(
      { jwksUrl: `${auth.base}/.well-known/jwks.json`, issuer: 'cabinet' },
      createLogger('elsewhere', 'error'),
      closers,
    );
  const patientId = () => randomUUID();
  type Change = (user: { id: string; email: string; patientId?: string }, browser: Browser) => Promise<unknown>;
  const patch =
    (change: object): Change =>
    ({ id }) =>
      auth.admin('PATCH', `/api/auth/users/${id}`, change, { 'if-match': '*' });
  const heard = (type: string, data: object) => auth.hear('patient', patientEvent(type, data));

  it.concurrent.each<[string, Change]>([
    ['is signed out', (_user, { cookie }) => auth.anybody('POST', '/api/auth/logout', undefined, { cookie })],
    [
      'shows a refresh cookie that was used before',
      async (_user, { cookie }) => {
        const next = await refresh(auth, cookie);
        await refresh(auth, cookieOf(next));
        await refresh(auth, cookie);
      },
    ],
    [
      'signs out everywhere else',
      async ({ email }) => (await signIn(auth, email)).call('DELETE', '/api/auth/sessions'),
    ],
    [
      'changes the password in another session',
      async ({ email }) =>
        (await signIn(auth, email)).call('POST', '/api/auth/password', {
          currentPassword: goodPassword,
          newPassword: 'a young brown mare',
        }),
    ],
    ['is signed out by an admin', ({ id }) => auth.admin('DELETE', `/api/auth/users/${id}/sessions`)],
    ['is deactivated', patch({ active: false })],
    ['loses a role', patch({ roles: ['patient'] })],
    ['gains a role', patch({ roles: ['patient', 'secretary', 'admin'] })],
    ['is linked to somebody else', patch({ patientId: randomUUID() })],
    [
      'is merged into another patient',
      (user) => heard('patient.merged', { patientId: user.patientId, mergedIntoPatientId: randomUUID() }),
    ],
    ['is erased as a patient', (user) => heard('patient.erased', { patientId: user.patientId })],
  ])('is refused there within ten seconds after its user %s', async (_what, change) => {
    const { verify } = elsewhere();
    const user = await buildUser(auth, { roles: ['patient', 'secretary'], patientId: patientId() });
    const bystander = await signIn(auth, (await buildUser(auth)).email);
    const browser = await signIn(auth, user.email);
    expect(await verify(browser.accessToken)).toMatchObject({ id: user.id });
    await change(user, browser);
    const changedAt = performance.now();
    const code = async () =>
      (
        await Promise.resolve()
          .then(() => verify(browser.accessToken))
          .catch((e) => e)
      ).code;
    await until(async () => (await code()) === 'ACCESS.TOKEN_ENDED');
    expect(performance.now() - changedAt).toBeLessThan(10_000);
    expect(await verify(bystander.accessToken)).toMatchObject({ roles: ['secretary'] });
  });

  it('is good there when it was given after the change, and when it was given in the session that stays', async () => {
    const { verify } = elsewhere();
    const user = await buildUser(auth);
    const [here, there] = [await signIn(auth, user.email), await signIn(auth, user.email)];
    await here.call('DELETE', '/api/auth/sessions');
    await patch({ roles: ['secretary', 'admin'] })(user, here);
    const next = await refresh(auth, here.cookie);
    await until(async () =>
      Promise.resolve()
        .then(() => verify(there.accessToken))
        .then(
          () => false,
          () => true,
        ),
    );
    expect(await verify(next.body.accessToken)).toMatchObject({ roles: ['secretary', 'admin'] });
  });

  it('reads nothing of what has ended but digests, and of the last minutes only', async () => {
    const user = await buildUser(auth);
    await signIn(auth, user.email);
    const read = async () => (await auth.anybody('GET', '/.well-known/ended-access.json')).body.ended as string[];
    const before = new Set(await read());
    await patch({ active: false })(user, {} as Browser);
    const added = (await read()).filter((ground) => !before.has(ground));
    expect(added).toHaveLength(2);
    for (const ground of added) expect(ground).toMatch(/^[\w-]{22}$/);
    auth.clock.advanceBy(12 * 60_000);
    expect(await read()).toEqual([]);
  });
});
