import { createTokenVerifier } from '@cabinet/kit/access/tokens';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import {
  type Auth,
  buildUser,
  demonstrationPassword,
  goodPassword,
  signIn,
  startAuthForTest,
  told,
  until,
} from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
});
afterAll(() => auth?.stop());

let addresses = 0;
/** Somebody at an address nobody else in these tests has. */
const stranger = () => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
};

const patientId = '019a8f3e-0000-7c55-9b1c-3f1b8f5f2d11';
const practitionerId = '019a8f3e-1111-7c55-9b1c-3f1b8f5f2d11';

describe('POST /api/auth/login', () => {
  it('gives a token that every service verifies with the published keys', async () => {
    const user = await buildUser(auth, { roles: ['practitioner', 'patient'], patientId, practitionerId });
    const answer = await auth.anybody('POST', '/api/auth/login', { email: user.email, password: goodPassword });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 600 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const verifier = createTokenVerifier({ jwksUrl: `${auth.base}/.well-known/jwks.json`, issuer: 'cabinet' });
    expect(await verifier.verify(answer.body.accessToken)).toEqual({
      id: user.id,
      roles: ['practitioner', 'patient'],
      patientId,
      practitionerId,
      sessionId: expect.any(String),
    });
    const claims = decodeJwt(answer.body.accessToken);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(600);
    expect(Object.keys(claims).sort()).toEqual([
      'access_version',
      'aud',
      'exp',
      'iat',
      'iss',
      'jti',
      'patientId',
      'practitionerId',
      'roles',
      'sid',
      'sub',
    ]);
    expect(decodeProtectedHeader(answer.body.accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('keeps the refresh token where no script and no other site reaches it', async () => {
    const login = { email: 'alice@cabinet.test', password: demonstrationPassword };
    const cookies = (await stranger()('POST', '/api/auth/login', login)).headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(/^cabinet_refresh=[\w-]{43}; Path=\/api\/auth; Max-Age=604800; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(
        /^cabinet_device=[\w.-]+; Path=\/api\/auth\/login; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
      ),
    ]);
    const overTls = await stranger()('POST', '/api/auth/login', login, { 'x-forwarded-proto': 'https' });
    for (const cookie of overTls.headers.getSetCookie()) expect(cookie).toMatch(/^__Secure-cabinet_.+; Secure$/);
  });

  it('stores neither token nor password in clear', async () => {
    const user = await buildUser(auth);
    const { cookie } = await signIn(auth, user.email);
    await auth.anybody('POST', '/api/auth/login', { email: user.email, password: 'not the one' });
    const tables = ['refresh_token', 'user_account', 'sign_in_attempts', 'signing_key'];
    const stored = await Promise.all(
      tables.map(
        async (table) => (await auth.sql.query(`select json_agg(t)::text as text from ${table} t`)).rows[0].text,
      ),
    );
    for (const text of stored) {
      expect(text).toMatch(/^\[/);
      expect(text).not.toContain(cookie.split('=')[1]);
      expect(text).not.toContain(goodPassword);
      expect(text).not.toContain('"d":');
    }
    expect(stored[2]).not.toContain(user.email);
  });

  it('knows an address however it is written', async () => {
    const user = await buildUser(auth);
    await expect(signIn(auth, ` ${user.email.toUpperCase()} `)).resolves.toBeDefined();
  });

  it('says the same of an unknown address, a wrong password and a deactivated account', async () => {
    const user = await buildUser(auth);
    const gone = await buildUser(auth);
    await auth.admin('PATCH', `/api/auth/users/${gone.id}`, { active: false }, { 'if-match': '"v1"' });
    const answers = await Promise.all([
      stranger()('POST', '/api/auth/login', { email: 'nobody@practice.example', password: goodPassword }),
      stranger()('POST', '/api/auth/login', { email: user.email, password: 'not the one at all' }),
      stranger()('POST', '/api/auth/login', { email: gone.email, password: goodPassword }),
    ]);
    const said = answers.map(({ status, headers, body }) => {
      const { requestId, ...rest } = body;
      return { status, cookie: headers.get('set-cookie'), rest };
    });
    expect(said[0]).toMatchObject({ status: 401, cookie: null, rest: { code: 'AUTH.BAD_CREDENTIALS' } });
    expect(said[1]).toEqual(said[0]);
    expect(said[2]).toEqual(said[0]);
  });

  it('takes as long for an address that nobody has as for one that somebody has', async () => {
    const pairs = await Promise.all(Array.from({ length: 24 }, async () => (await buildUser(auth)).email));
    const took = async (email: string) => {
      const call = stranger();
      const at = performance.now();
      expect((await call('POST', '/api/auth/login', { email, password: 'not the one' })).status).toBe(401);
      return performance.now() - at;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (const email of pairs) {
      known.push(await took(email));
      unknown.push(await took(`not-${email}`));
    }
    const median = (all: number[]) => all.sort((a, b) => a - b)[12] as number;
    // With so little work for a password what else is done would show: a query more takes a millisecond.
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(0.25 * median(known) + 2);
  });

  it('hashes anew, on the way, a password that was hashed with other parameters', async () => {
    const user = await buildUser(auth);
    const stored = async () =>
      (await auth.sql.query('select password_hash, version from user_account where id = $1', [user.id])).rows[0];
    // "password" by the reference implementation with parameters of old.
    await auth.sql.query('update user_account set password_hash = $2 where id = $1', [
      user.id,
      '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    ]);
    await signIn(auth, user.email, 'password');
    expect(await stored()).toEqual({ password_hash: expect.stringContaining('$m=64,t=1,p=1$'), version: 1 });
    await expect(signIn(auth, user.email, 'password')).resolves.toBeDefined();
  });

  it.each([
    ['not JSON', '{"email":', 400, 'REQUEST.MALFORMED_JSON'],
    ['a missing field', { email: 'a@b.example' }, 422, 'REQUEST.INVALID'],
    ['an unknown field', { email: 'a@b.example', password: 'x', remember: true }, 422, 'REQUEST.INVALID'],
    ['another type', { email: ['a@b.example'], password: 'x' }, 422, 'REQUEST.INVALID'],
    ['an object for a password', { email: 'a@b.example', password: { $gt: '' } }, 422, 'REQUEST.INVALID'],
    ['a NUL character', { email: 'a@b.example\u0000', password: 'x' }, 422, 'REQUEST.CONTROL_CHARACTER'],
    ['a huge password', { email: 'a@b.example', password: 'x'.repeat(10_000) }, 422, 'REQUEST.INVALID'],
    ['a huge body', { email: 'a@b.example', password: 'x'.repeat(300_000) }, 413, 'REQUEST.TOO_LARGE'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await stranger()('POST', '/api/auth/login', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain('a@b.example');
  });

  it('refuses another content type', async () => {
    const answer = await stranger()('POST', '/api/auth/login', 'email=a', { 'content-type': 'text/plain' });
    expect([answer.status, answer.body.code]).toEqual([415, 'REQUEST.NOT_JSON']);
  });
});

describe('lockout', () => {
  const fail = async (call: ReturnType<typeof stranger>, email: string, times: number) => {
    const statuses: number[] = [];
    for (let i = 0; i < times; i += 1) {
      statuses.push((await call('POST', '/api/auth/login', { email, password: `wrong ${i}` })).status);
    }
    return statuses;
  };

  it('shuts an account for a while that grows, tells it, and lets the right password in afterwards', async () => {
    const user = await buildUser(auth);
    const right = { email: user.email, password: goodPassword };
    expect(await fail(stranger(), user.email, 5)).toEqual([401, 401, 401, 401, 401]);

    const locked = await stranger()('POST', '/api/auth/login', right);
    expect([locked.status, locked.body.code]).toEqual([429, 'AUTH.LOCKED_OUT']);
    expect(Number(locked.headers.get('retry-after'))).toBe(30);
    await until(() => told(auth, user.id).includes('user.locked'));

    auth.clock.advanceBy(31_000);
    expect(await fail(stranger(), user.email, 1)).toEqual([401]);
    const again = await stranger()('POST', '/api/auth/login', right);
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, '60']);

    auth.clock.advanceBy(61_000);
    expect((await stranger()('POST', '/api/auth/login', right)).status).toBe(200);
    expect(await fail(stranger(), user.email, 4)).toEqual([401, 401, 401, 401]);
  });

  it('treats an address that nobody has like any other', async () => {
    const email = 'no-such-person@practice.example';
    expect(await fail(stranger(), email, 6)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('counts guesses that are sent all at once', async () => {
    const user = await buildUser(auth);
    const call = stranger();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => call('POST', '/api/auth/login', { email: user.email, password: `no ${i}` })),
    );
    const tried = answers.filter(({ status }) => status === 401).length;
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - tried);
    // Two are looked at side by side, so one more than five may have been.
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(6);
  });

  it('shuts out a network address that tries many accounts, and nobody else', async () => {
    const user = await buildUser(auth);
    const attacker = stranger();
    for (let i = 0; i < 30; i += 1) await fail(attacker, `guess-${i}@practice.example`, 1);
    const login = { email: user.email, password: goodPassword };
    expect((await attacker('POST', '/api/auth/login', login)).status).toBe(429);
    expect((await stranger()('POST', '/api/auth/login', login)).status).toBe(200);
  });
});

describe('a network address that has failed too often', () => {
  afterEach(() => auth.clock.set(new Date()));

  it('is not shut out again by one more wrong password when it has been quiet for a while', async () => {
    const user = await buildUser(auth);
    const practice = stranger();
    const login = (email: string, password: string) => practice('POST', '/api/auth/login', { email, password });
    for (let i = 0; i < 30; i += 1) await login(`nobody-${i}@practice.example`, 'a guess');
    expect((await login(user.email, goodPassword)).status).toBe(429);
    auth.clock.advanceBy(22 * 60_000);
    expect((await login(user.email, goodPassword)).status).toBe(200);
    expect((await login('nobody@practice.example', 'a guess')).status).toBe(401);
    expect((await login(user.email, goodPassword)).status).toBe(200);
  });
});

describe('a device that has signed in to the account before', () => {
  const login = (email: string, password: string, device = '', call = stranger()) =>
    call('POST', '/api/auth/login', { email, password }, { cookie: device });
  afterEach(() => auth.clock.set(new Date()));
  const statusOf = async (...given: Parameters<typeof login>) => (await login(...given)).status;

  it('is let in whatever others guess, all day', async () => {
    const { email } = await buildUser(auth);
    const { device } = await signIn(auth, email);
    const attacker = stranger();
    for (let quarter = 1; quarter <= 4 * 24; quarter += 1) {
      auth.clock.advanceBy(15 * 60_000);
      await login(email, 'a guess', '', attacker);
      if (quarter % 8 > 0) continue;
      expect(await statusOf(email, goodPassword, device, attacker)).toBe(200);
      // That the user comes in does not give others new guesses.
      expect(await statusOf(email, goodPassword, '', attacker)).toBe(429);
    }
  });

  it('counts by itself: too many of its own failures shut it out, and nobody else', async () => {
    const { id, email } = await buildUser(auth);
    const { device } = await signIn(auth, email);
    for (let i = 0; i < 5; i += 1) expect(await statusOf(email, 'a guess', device)).toBe(401);
    expect(await statusOf(email, goodPassword, device)).toBe(429);
    expect(await statusOf(email, goodPassword)).toBe(200);
    expect(told(auth, id)).not.toContain('user.locked');
    auth.clock.advanceBy(31_000);
    expect(await statusOf(email, goodPassword, device)).toBe(200);
  });

  it('is let in from an address that others guess from', async () => {
    const { email } = await buildUser(auth);
    const { device } = await signIn(auth, email);
    const address = stranger();
    for (let i = 0; i < 30; i += 1) await login(`guessed-${i}@practice.example`, 'a guess', '', address);
    expect(await statusOf(email, goodPassword, '', address)).toBe(429);
    expect(await statusOf(email, goodPassword, device, address)).toBe(200);
  });

  it('may be shared by colleagues, each of whom it knows', async () => {
    const [one, other] = [await buildUser(auth), await buildUser(auth)];
    const first = await login(one.email, goodPassword);
    let device = first.headers.getSetCookie()[1]?.split(';')[0] ?? '';
    device = (await login(other.email, goodPassword, device)).headers.getSetCookie()[1]?.split(';')[0] ?? '';
    for (const { email } of [one, other]) {
      for (let i = 0; i < 6; i += 1) await login(email, 'a guess');
      expect(await statusOf(email, goodPassword, device)).toBe(200);
    }
  });

  it.each([
    ['of another account', async () => (await signIn(auth, (await buildUser(auth)).email)).device],
    ['of the own making', async () => `cabinet_device=${'A'.repeat(22)}.${'A'.repeat(22)}`],
    ['that is broken', async () => 'cabinet_device=%00.;'],
  ])('is not known by a cookie %s', async (_whose, made) => {
    const { email } = await buildUser(auth);
    const device = await made();
    for (let i = 0; i < 5; i += 1) expect(await statusOf(email, 'a guess', device)).toBe(401);
    expect(await statusOf(email, goodPassword, device)).toBe(429);
  });

  it('keeps nothing of the account that could be read', async () => {
    const { email } = await buildUser(auth);
    const { device } = await signIn(auth, email);
    const [, value = ''] = device.split('=');
    expect(value).toMatch(/^[\w-]{22}\.[\w-]{22}$/);
    const parts = value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(parts.join(' ')).not.toContain(email.split('@')[0]);
  });
});

describe('GET /api/auth/me', () => {
  it('says who I am', async () => {
    const user = await buildUser(auth, { roles: ['patient'], patientId: '019a8f3e-2222-7c55-9b1c-3f1b8f5f2d11' });
    const me = await signIn(auth, user.email);
    expect((await me.call('GET', '/api/auth/me')).body).toEqual(user);
  });

  it('refuses the token of one who has been deactivated since', async () => {
    const user = await buildUser(auth);
    const me = await signIn(auth, user.email);
    expect((await me.call('GET', '/api/auth/me')).status).toBe(200);
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { active: false }, { 'if-match': '"v1"' });
    const answer = await me.call('GET', '/api/auth/me');
    expect([answer.status, answer.body.code]).toEqual([401, 'ACCESS.TOKEN_INVALID']);
    const change = { currentPassword: goodPassword, newPassword: 'a young brown mare' };
    expect((await me.call('POST', '/api/auth/password', change)).status).toBe(401);
  });

  it.each([
    ['no token', {}, 'ACCESS.TOKEN_MISSING'],
    ['a forged token', { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' }, 'ACCESS.TOKEN_INVALID'],
    ['a token without signature', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }, 'ACCESS.TOKEN_INVALID'],
  ])('refuses %s', async (_what, headers, code) => {
    const answer = await caller(auth.base, headers as Record<string, string>)('GET', '/api/auth/me');
    expect([answer.status, answer.body.code]).toEqual([401, code]);
  });
});

describe('POST /api/auth/password', () => {
  it('takes the new password, and signs out everywhere but here', async () => {
    const user = await buildUser(auth);
    const here = await signIn(auth, user.email);
    const elsewhere = await signIn(auth, user.email);
    const answer = await here.call(
      'POST',
      '/api/auth/password',
      { currentPassword: goodPassword, newPassword: 'a young brown mare' },
      { cookie: here.cookie },
    );
    expect(answer.status).toBe(204);
    const refresh = (cookie: string) => auth.anybody('POST', '/api/auth/refresh', undefined, { cookie });
    expect((await refresh(here.cookie)).status).toBe(200);
    expect((await refresh(elsewhere.cookie)).status).toBe(401);
    await expect(signIn(auth, user.email, 'a young brown mare')).resolves.toBeDefined();
    await expect(signIn(auth, user.email, goodPassword)).rejects.toThrow('BAD_CREDENTIALS');
  });

  it('is changed by one of several who give the same current one at once', async () => {
    const user = await buildUser(auth);
    const me = await signIn(auth, user.email);
    const wanted = ['a young brown mare', 'a young black mare', 'a young white mare'];
    const answers = await Promise.all(
      wanted.map((newPassword) =>
        me.call('POST', '/api/auth/password', { currentPassword: goodPassword, newPassword }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    for (const [nth, { status, body }] of answers.entries()) {
      if (status === 204) await expect(signIn(auth, user.email, wanted[nth])).resolves.toBeDefined();
      else expect(body.code).toBe('AUTH.WRONG_PASSWORD');
    }
  });

  it.each([
    [{ currentPassword: 'not the one', newPassword: 'a young brown mare' }, 'AUTH.WRONG_PASSWORD', 'currentPassword'],
    [{ currentPassword: goodPassword, newPassword: 'short' }, 'AUTH.PASSWORD_UNSUITABLE', 'newPassword'],
    [{ currentPassword: goodPassword, newPassword: goodPassword }, 'AUTH.PASSWORD_UNSUITABLE', 'newPassword'],
  ])('refuses %j and changes nothing', async (body, code, path) => {
    const user = await buildUser(auth);
    const me = await signIn(auth, user.email);
    const answer = await me.call('POST', '/api/auth/password', body);
    expect([answer.status, answer.body.code, answer.body.fields[0].path]).toEqual([422, code, path]);
    await expect(signIn(auth, user.email)).resolves.toBeDefined();
  });

  it('is not held up by those who guess without being signed in', async () => {
    const user = await buildUser(auth);
    const me = await signIn(auth, user.email);
    const guess = () => stranger()('POST', '/api/auth/login', { email: user.email, password: 'a guess' });
    for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
    const change = { currentPassword: goodPassword, newPassword: 'a young brown mare' };
    expect((await me.call('POST', '/api/auth/password', change)).status).toBe(204);
    // Who has shown the password again is let in at once, wherever they are.
    await expect(signIn(auth, user.email, 'a young brown mare')).resolves.toBeDefined();
  });

  it('is not held up by who guesses it in another session of the same user', async () => {
    const user = await buildUser(auth);
    const [thief, owner] = [await signIn(auth, user.email), await signIn(auth, user.email)];
    const wrong = { currentPassword: 'not the password at all', newPassword: 'a young brown mare' };
    for (let i = 0; i < 6; i += 1) await thief.call('POST', '/api/auth/password', wrong);
    expect((await thief.call('POST', '/api/auth/password', wrong)).status).toBe(429);
    const right = { currentPassword: goodPassword, newPassword: 'a young brown mare' };
    expect((await owner.call('POST', '/api/auth/password', right)).status).toBe(204);
  });

  it('counts wrong current passwords like failed sign-ins', async () => {
    const user = await buildUser(auth);
    const me = await signIn(auth, user.email);
    const guess = () =>
      me.call('POST', '/api/auth/password', { currentPassword: 'not the one', newPassword: 'a young brown mare' });
    for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(422);
    expect((await guess()).status).toBe(429);
  });
});
