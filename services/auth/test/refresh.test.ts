import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Auth, buildUser, cookieOf, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;

beforeAll(async () => {
  auth = await startAuthForTest();
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

  it('honours two tabs that refresh at once, and lets neither cookie outlive the use of the other', async () => {
    const { email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    const [one, other] = await Promise.all([refresh(auth, cookie), refresh(auth, cookie)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(cookieOf(one)).not.toBe(cookieOf(other));

    expect((await refresh(auth, cookieOf(one))).status).toBe(200);
    auth.clock.advanceBy(11_000);
    expect(refused(await refresh(auth, cookieOf(other)))).toEqual([401, 'AUTH.REFRESH_REUSED']);
  });

  it('opens one generation however many ask at once', async () => {
    const { id, email } = await buildUser(auth);
    const { cookie } = await signIn(auth, email);
    const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(auth, cookie)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { rows } = await auth.sql.query('select generation from session where user_id = $1', [id]);
    expect(rows).toEqual([{ generation: 2 }]);
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
});
