import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCursorsAreChecked } from '../../../tests/support/cursors.ts';
import { factorsFor } from './factors.ts';
import { type Auth, buildUser, goodPassword, signIn, startAuthForTest, told, until } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

const count = async () => Number((await auth.sql.query('select count(*) from user_account')).rows[0].count);
const newUser = (overrides = {}) => ({
  email: `${randomUUID()}@practice.example`,
  password: goodPassword,
  roles: ['secretary'],
  ...overrides,
});

describe('an admin who is none any more', () => {
  it.each([
    ['was deactivated', { active: false }],
    ['lost the role', { roles: ['secretary'] }],
  ])('administers nobody with the token of before: %s', async (_why, change) => {
    const other = await buildUser(auth);
    const user = await buildUser(auth, { roles: ['admin'] });
    const { call } = await signIn(auth, user.email);
    const path = `/api/auth/users/${user.id}`;
    expect((await call('GET', '/api/auth/users')).status).toBe(200);
    expect((await auth.admin('PATCH', path, change, { 'if-match': '"v1"' })).status).toBe(200);
    const before = await count();
    const answers = [
      await call('GET', '/api/auth/users'),
      await call('GET', `/api/auth/users/${other.id}`),
      await call('POST', '/api/auth/users', newUser({ roles: ['admin'] })),
      await call('PATCH', path, { active: true, roles: ['admin'] }, { 'if-match': '*' }),
      await call('PATCH', `/api/auth/users/${other.id}`, { active: false }, { 'if-match': '*' }),
      await call('GET', '/system/dead-letters'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(401));
    expect(await count()).toBe(before);
    expect((await auth.admin('GET', path)).body).toMatchObject(change);
  });

  it('has a role that was given since the token was', async () => {
    const user = await buildUser(auth);
    const { call } = await signIn(auth, user.email);
    expect((await call('GET', '/api/auth/users')).status).toBe(403);
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { roles: ['secretary', 'admin'] }, { 'if-match': '"v1"' });
    expect((await call('GET', '/api/auth/users')).status).toBe(200);
  });
});

describe('POST /api/auth/users', () => {
  it('creates a user who can sign in, and tells it without the address', async () => {
    const body = newUser({ email: `Zoé.${randomUUID()}@Practice.example` });
    const answer = await auth.admin('POST', '/api/auth/users', body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      email: body.email.toLowerCase(),
      roles: ['secretary'],
      active: true,
      version: 1,
    });
    expect(answer.body).not.toHaveProperty('passwordHash');
    expect(answer.headers.get('etag')).toBe('"v1"');
    expect(answer.headers.get('location')).toBe(`/api/auth/users/${answer.body.id}`);
    await expect(signIn(auth, body.email)).resolves.toBeDefined();
    await until(() => told(auth, answer.body.id).length > 0);
    const event = auth.published.find(({ data }) => (data as { userId: string }).userId === answer.body.id);
    expect(event).toMatchObject({ type: 'user.created', source: 'auth', data: { userId: answer.body.id, version: 1 } });
    expect(JSON.stringify(event)).not.toContain('practice.example');
  });

  it('refuses an address in use, in whatever case', async () => {
    const user = await buildUser(auth);
    const before = await count();
    const answer = await auth.admin('POST', '/api/auth/users', newUser({ email: user.email.toUpperCase() }));
    expect([answer.status, answer.body.code]).toEqual([409, 'AUTH.EMAIL_TAKEN']);
    expect(await count()).toBe(before);
  });

  it('creates one of many who ask for the same address at once', async () => {
    const body = newUser();
    const answers = await Promise.all(Array.from({ length: 8 }, () => auth.admin('POST', '/api/auth/users', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });

  it('gives the first answer again for the same Idempotency-Key, and keeps nothing a password could be guessed from', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = newUser();
    const first = await auth.admin('POST', '/api/auth/users', body, key);
    const again = await auth.admin('POST', '/api/auth/users', body, key);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    const other = await auth.admin('POST', '/api/auth/users', { ...body, roles: ['admin'] }, key);
    expect([other.status, other.body.code]).toEqual([422, 'REQUEST.IDEMPOTENCY_KEY_REUSED']);

    const { createHash } = await import('node:crypto');
    const plain = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const { rows } = await auth.sql.query('select body_hash from idempotency_key');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.body_hash)).not.toContain(plain);
  });

  it.each([
    ['no role', { roles: [] }, 'roles'],
    ['an unknown role', { roles: ['service'] }, 'roles[0]'],
    ['a role twice', { roles: ['admin', 'admin'] }, 'roles'],
    ['a link without its role', { patientId: randomUUID() }, 'patientId'],
    ['an id that is none', { roles: ['patient'], patientId: 'alice' }, 'patientId'],
    ['an address that is none', { email: 'alice' }, 'email'],
    ['a long address', { email: `${'x'.repeat(10_000)}@practice.example` }, 'email'],
    ['a short password', { password: 'short' }, 'password'],
    ['an unknown field', { isAdmin: true }, 'isAdmin'],
  ])('refuses %s, names the field, and stores nothing', async (_what, overrides, path) => {
    const before = await count();
    const answer = await auth.admin('POST', '/api/auth/users', newUser(overrides));
    expect(answer.status).toBe(422);
    expect(answer.body.fields.map((field: { path: string }) => field.path)).toContain(path);
    expect(await count()).toBe(before);
  });

  it.each([['secretary'], ['practitioner'], ['patient']])('is not for a %s', async (role) => {
    const user = await buildUser(auth, { roles: [role] });
    const { call } = await signIn(auth, user.email);
    const before = await count();
    for (const [method, path, body] of [
      ['POST', '/api/auth/users', newUser({ roles: ['admin'] })],
      ['GET', '/api/auth/users', undefined],
      ['GET', `/api/auth/users/${user.id}`, undefined],
      ['PATCH', `/api/auth/users/${user.id}`, { roles: ['admin'] }],
    ] as const) {
      const answer = await call(method, path, body, { 'if-match': '"v1"' });
      expect([answer.status, answer.body.code]).toEqual([403, 'ACCESS.ROLE_NOT_ALLOWED']);
    }
    expect(await count()).toBe(before);
  });
});

describe('GET /api/auth/users', () => {
  it('lists every user once, in pages', async () => {
    await Promise.all([buildUser(auth), buildUser(auth), buildUser(auth)]);
    const total = await count();
    const seen: string[] = [];
    let path: string | undefined = '/api/auth/users?limit=2';
    while (path) {
      const answer = await auth.admin('GET', path);
      expect(answer.status).toBe(200);
      expect(answer.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...answer.body.items.map(({ id }: { id: string }) => id));
      path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });

  it('takes no cursor but its own', async () => {
    await Promise.all([buildUser(auth), buildUser(auth)]);
    const list = (query: string) => auth.admin('GET', `/api/auth/users?limit=1${query}`);
    const { nextCursor } = (await list('')).body;
    await assertCursorsAreChecked((cursor) => list(`&cursor=${encodeURIComponent(cursor)}`), nextCursor);
  });

  it.each([['limit=0'], ['limit=201'], ['limit=ten'], ['cursor=nonsense'], ['cursor=WyJub3QgYW4gaWQiXQ']])(
    'refuses %s',
    async (query) => expect((await auth.admin('GET', `/api/auth/users?${query}`)).status).toBe(422),
  );
});

describe('POST /api/auth/users/search', () => {
  const found = async (question: object) => {
    const answer = await auth.admin('POST', '/api/auth/users/search', question);
    expect(answer.status).toBe(200);
    return answer.body.items.map(({ id }: { id: string }) => id);
  };

  it('finds whom part of an address is of, in any case, and takes no letter for another', async () => {
    const word = randomUUID().slice(0, 8);
    const [odd, even] = [
      await buildUser(auth, { email: `${word}_odd@practice.example` }),
      await buildUser(auth, { email: `${word}-even%@practice.example` }),
    ];
    expect(await found({ email: word.toUpperCase() })).toEqual([odd.id, even.id]);
    expect(await found({ email: `${word}_` })).toEqual([odd.id]);
    expect(await found({ email: 'even%@practice' })).toContain(even.id);
    expect(await found({ email: `${word}\\` })).toEqual([]);
  });

  it('finds who signs in as a patient or practitioner, or has that id themselves', async () => {
    const patientId = randomUUID();
    const [user, other] = [await buildUser(auth, { roles: ['patient'] }), await buildUser(auth)];
    const { status } = await auth.admin('PATCH', `/api/auth/users/${user.id}`, { patientId }, { 'if-match': '"v1"' });
    expect(status).toBe(200);
    expect(await found({ ids: [patientId, randomUUID()] })).toEqual([user.id]);
    expect(await found({ ids: [user.id, other.id, patientId] })).toEqual([user.id, other.id]);
  });

  it.each([[{}], [{ email: 'a' }], [{ ids: [] }], [{ ids: ['none'] }], [{ other: 'field' }]])(
    'refuses to look for nobody, or for what nobody has: %j',
    async (question) => expect((await auth.admin('POST', '/api/auth/users/search', question)).status).toBe(422),
  );

  it('is for admins', async () => {
    const user = await buildUser(auth);
    const { call } = await signIn(auth, user.email);
    expect((await call('POST', '/api/auth/users/search', { email: 'practice' })).status).toBe(403);
  });
});

describe('PATCH /api/auth/users/{id}', () => {
  const change = (id: string, body: unknown, version = 1) =>
    auth.admin('PATCH', `/api/auth/users/${id}`, body, { 'if-match': `"v${version}"` });

  it('links a user to the patient they are, and takes the link away again', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const patientId = randomUUID();
    const linked = await change(user.id, { patientId });
    expect([linked.status, linked.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(linked.body).toMatchObject({ patientId, version: 2 });
    expect((await auth.admin('GET', `/api/auth/users/${user.id}`)).body).toEqual(linked.body);
    const cleared = await change(user.id, { patientId: null }, 2);
    expect(cleared.body).not.toHaveProperty('patientId');
    await until(() => told(auth, user.id).length > 0);
    expect(told(auth, user.id)).toEqual(['user.created']);
  });

  it('does not link two users to one patient', async () => {
    const patientId = randomUUID();
    await buildUser(auth, { roles: ['patient'], patientId });
    const other = await buildUser(auth, { roles: ['patient'] });
    const answer = await change(other.id, { patientId });
    expect([answer.status, answer.body.code, answer.body.fields[0].path]).toEqual([
      409,
      'AUTH.LINK_TAKEN',
      'patientId',
    ]);
  });

  it('tells a change of roles', async () => {
    const user = await buildUser(auth);
    await change(user.id, { roles: ['practitioner'] });
    await until(() => told(auth, user.id).includes('user.role-changed'));
    expect(told(auth, user.id)).toEqual(['user.created', 'user.role-changed']);
  });

  it('refuses a version that is not the newest, or none', async () => {
    const user = await buildUser(auth);
    await change(user.id, { roles: ['practitioner'] });
    const stale = await change(user.id, { active: false });
    expect([stale.status, stale.body.code]).toEqual([412, 'REQUEST.STALE_VERSION']);
    const missing = await auth.admin('PATCH', `/api/auth/users/${user.id}`, { active: false });
    expect([missing.status, missing.body.code]).toEqual([428, 'REQUEST.IF_MATCH_REQUIRED']);
    expect((await auth.admin('GET', `/api/auth/users/${user.id}`)).body).toMatchObject({ active: true, version: 2 });
  });

  it('lets one of two changes at once win', async () => {
    const user = await buildUser(auth);
    const answers = await Promise.all([change(user.id, { active: false }), change(user.id, { roles: ['admin'] })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('answers 404 for an unknown id', async () => {
    expect((await change(randomUUID(), { active: false })).body.code).toBe('AUTH.NO_SUCH_USER');
    expect((await auth.admin('GET', `/api/auth/users/${randomUUID()}`)).body.code).toBe('AUTH.NO_SUCH_USER');
  });

  it('keeps one active admin, even when two take each other away at once', async () => {
    const isActiveAdmin = `active and 'admin' = any (roles)`;
    const { body: first } = await auth.admin('GET', '/api/auth/me');
    const second = await buildUser(auth, { roles: ['admin'] });
    const others = await auth.sql.query(
      `update user_account set active = false where ${isActiveAdmin} and id <> all ($1) returning id`,
      [[first.id, second.id]],
    );
    const { call } = await signIn(auth, second.email);
    const takeAway = (by: typeof call, id: string) =>
      by('PATCH', `/api/auth/users/${id}`, { active: false }, { 'if-match': '*' });
    const answers = await Promise.all([takeAway(auth.admin, second.id), takeAway(call, first.id)]);
    // The other one is the last, or no longer an admin by now.
    expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.toBeOneOf([401, 409])]);
    const left = (await auth.sql.query(`select id from user_account where ${isActiveAdmin}`)).rows;
    expect(left).toHaveLength(1);
    const last = left[0].id === first.id ? auth.admin : call;
    const answer = await takeAway(last, left[0].id);
    expect([answer.status, answer.body.code]).toEqual([409, 'AUTH.LAST_ADMIN']);
    await auth.sql.query('update user_account set active = true where id = any ($1)', [
      [first.id, ...others.rows.map(({ id }) => id)],
    ]);
  });
});

describe('GET /api/auth/users/{id}/sign-ins', () => {
  const signInsOf = (id: string, call = auth.admin) => call('GET', `/api/auth/users/${id}/sign-ins`);

  it('tells when somebody signed in last, at how many places they are, and what they can show; never what that is', async () => {
    const user = await buildUser(auth);
    expect((await signInsOf(user.id)).body).toEqual({ openSessions: 0, passkeys: 0, totp: false });
    await signIn(auth, user.email);
    const { addApp, addKey } = factorsFor(auth);
    const { call } = await signIn(auth, user.email);
    const at = auth.clock.now().toISOString();
    expect((await signInsOf(user.id)).body).toMatchObject({ lastSignInAt: at, openSessions: 2 });
    // Who adds a factor is signed out everywhere else.
    await addKey(call);
    await addApp(call);
    const { status, body } = await signInsOf(user.id);
    expect(status).toBe(200);
    expect(body).toEqual({ lastSignInAt: at, openSessions: 1, passkeys: 1, totp: true });
    expect((await auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`)).status).toBe(204);
    expect((await signInsOf(user.id)).body).toMatchObject({ lastSignInAt: at, openSessions: 0 });
  });

  it('is for admins, of users that there are', async () => {
    const user = await buildUser(auth);
    const { call } = await signIn(auth, user.email);
    expect((await signInsOf(user.id, call)).status).toBe(403);
    const answer = await signInsOf(randomUUID());
    expect([answer.status, answer.body.code]).toEqual([404, 'AUTH.NO_SUCH_USER']);
    expect((await signInsOf('nobody')).status).toBe(422);
  });
});
