import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Auth, buildUser, cookieOf, goodPassword, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest({ CORS_ORIGINS: ['https://portal.example'] });
});
afterAll(() => auth?.stop());

const refused = (answer: Awaited<ReturnType<typeof refresh>>) => [answer.status, answer.body.code];

describe('POST /api/auth/refresh', () => {
  it('exchanges the cookie for the next one and a token with the roles of now', async () => {
    const user = await buildUser(auth);
    const { cookie } = await signIn(auth, user.email);
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { roles: ['secretary', 'admin'] }, { 'if-match': '"v1"' });

    const answer = await refresh(auth, cookie);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    expect(decodeJwt(answer.body.accessToken).roles).toEqual(['secretary', 'admin']);
    expect(cookieOf(answer)).toMatch(/^cabinet_refresh=[\w-]{43}$/);
    expect(cookieOf(answer)).not.toBe(cookie);
    expect((await refresh(auth, cookieOf(answer))).status).toBe(200);
  });

  it('ends the whole session when a cookie comes again later', async () => {
    const user = await buildUser(auth);
    const { cookie: stolen } = await signIn(auth, user.email);
    const other = await signIn(auth, user.email);
    const newest = cookieOf(await refresh(auth, stolen));
    auth.clock.advanceBy(11_000);

    const reused = await refresh(auth, stolen);
    expect(refused(reused)).toEqual([401, 'AUTH.REFRESH_REUSED']);
    expect(reused.headers.get('set-cookie')).toMatch(/^cabinet_refresh=; Path=\/api\/auth; Max-Age=0/);
    expect(refused(await refresh(auth, newest))).toEqual([401, 'AUTH.REFRESH_INVALID']);
    expect((await refresh(auth, other.cookie)).status).toBe(200);
  });

  it('gives two tabs that refresh at once the same next cookie, which is good once', async () => {
    const { email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    const [one, other] = await Promise.all([refresh(auth, cookie), refresh(auth, cookie)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(cookieOf(one)).toBe(cookieOf(other));

    expect((await refresh(auth, cookieOf(one))).status).toBe(200);
    auth.clock.advanceBy(11_000);
    expect(refused(await refresh(auth, cookieOf(other)))).toEqual([401, 'AUTH.REFRESH_REUSED']);
  });

  it('has one cookie of each generation however many ask at once, and never a second that is good by itself', async () => {
    const { id, email } = await buildUser(auth);
    let { cookie } = await signIn(auth, email);
    for (const generation of [2, 3]) {
      const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(auth, cookie)));
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
      const cookies = new Set(answers.map(cookieOf));
      expect(cookies.size).toBe(1);
      [cookie = ''] = cookies;
      const { rows } = await auth.sql.query(
        `select s.generation, count(*)::int as tokens from session s join refresh_token t
           on t.session_id = s.id and t.generation = s.generation where user_id = $1 group by 1`,
        [id],
      );
      expect(rows).toEqual([{ generation, tokens: 1 }]);
    }
  });

  it.each([
    ['of another site', { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }],
    ['of another host of the same site', { origin: 'http://other.127.0.0.1.example', 'sec-fetch-site': 'same-site' }],
    ['of the same site, as a browser says without an origin', { 'sec-fetch-site': 'same-site' }],
    ['of an origin that is hidden', { origin: 'null' }],
    ['at another port', { origin: 'http://127.0.0.1:1' }],
  ])('is not for a page %s, nor is signing out', async (_whose, headers) => {
    const { email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    for (const path of ['refresh', 'logout']) {
      const answer = await auth.anybody('POST', `/api/auth/${path}`, undefined, { cookie, ...headers });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'AUTH.FOREIGN_ORIGIN']);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect((await refresh(auth, cookie)).status).toBe(200);
  });

  it.each([
    ['of our own', () => ({ origin: auth.base, 'sec-fetch-site': 'same-origin' })],
    [
      'of our own behind a proxy',
      () => ({
        origin: 'https://cabinet.example',
        'x-forwarded-host': 'cabinet.example',
        'sec-fetch-site': 'same-origin',
      }),
    ],
    ['of an origin that may call', () => ({ origin: 'https://portal.example', 'sec-fetch-site': 'same-site' })],
  ])('is for a page %s', async (_whose, headers) => {
    const { email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    const answer = await auth.anybody('POST', '/api/auth/refresh', undefined, { cookie, ...headers() });
    expect(answer.status).toBe(200);
  });

  it('takes over https only a cookie that was given over https, and none of two', async () => {
    const { email } = await buildUser(auth);
    const overTls = { 'x-forwarded-proto': 'https' };
    const login = { email, password: goodPassword };
    const cookie = cookieOf(await auth.anybody('POST', '/api/auth/login', login, overTls));
    expect(cookie).toMatch(/^__Secure-cabinet_refresh=/);
    const plain = cookie.replace('__Secure-', '');
    const ask = (sent: string) => auth.anybody('POST', '/api/auth/refresh', undefined, { cookie: sent, ...overTls });
    expect(refused(await ask(plain))).toEqual([401, 'AUTH.REFRESH_MISSING']);
    expect(refused(await ask(`${cookie}; __Secure-cabinet_refresh=${'A'.repeat(43)}`))).toEqual([
      401,
      'AUTH.REFRESH_MISSING',
    ]);
    const next = await ask(`${plain}; ${cookie}`);
    expect([next.status, next.headers.get('set-cookie')]).toEqual([200, expect.stringMatching(/; Secure$/)]);
  });

  it('ends after half a day of silence', async () => {
    const { email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    auth.clock.advanceBy(12 * 3_600_000 + 1_000);
    expect(refused(await refresh(auth, cookie))).toEqual([401, 'AUTH.REFRESH_INVALID']);
    auth.clock.set(new Date());
  });

  it('is refused to a user who has been deactivated', async () => {
    const user = await buildUser(auth);
    const { cookie } = await signIn(auth, user.email);
    await auth.admin('PATCH', `/api/auth/users/${user.id}`, { active: false }, { 'if-match': '"v1"' });
    expect(refused(await refresh(auth, cookie))).toEqual([401, 'AUTH.REFRESH_INVALID']);
  });

  it.each([
    ['no cookie', '', 'AUTH.REFRESH_MISSING'],
    ['an empty cookie', 'cabinet_refresh=', 'AUTH.REFRESH_MISSING'],
    ['a made-up cookie', `cabinet_refresh=${'A'.repeat(43)}`, 'AUTH.REFRESH_INVALID'],
    ['a broken cookie', 'cabinet_refresh=%00%; other', 'AUTH.REFRESH_INVALID'],
  ])('refuses %s', async (_what, cookie, code) => {
    expect(refused(await refresh(auth, cookie))).toEqual([401, code]);
  });
});

describe('POST /api/auth/logout', () => {
  it('ends this session, takes the cookie away, and may be repeated', async () => {
    const { email } = await buildUser(auth);
    const here = await signIn(auth, email);
    const elsewhere = await signIn(auth, email);
    for (let i = 0; i < 2; i += 1) {
      const answer = await auth.anybody('POST', '/api/auth/logout', undefined, { cookie: here.cookie });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('set-cookie')).toMatch(/^cabinet_refresh=; Path=\/api\/auth; Max-Age=0/);
    }
    expect(refused(await refresh(auth, here.cookie))).toEqual([401, 'AUTH.REFRESH_INVALID']);
    expect((await refresh(auth, elsewhere.cookie)).status).toBe(200);
  });

  it('is no fault without a session', async () => {
    expect((await auth.anybody('POST', '/api/auth/logout')).status).toBe(204);
  });

  it('asks the browser to forget what it has kept of our pages', async () => {
    const { headers } = await auth.anybody('POST', '/api/auth/logout');
    expect(headers.get('clear-site-data')).toBe('"cache", "storage"');
  });
});
