import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../../tests/support/authenticator.ts';
import { caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, cookieOf, goodPassword, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;
let began: Date;

beforeAll(async () => {
  // Of practitioners and secretaries one is demanded, of admins not, so that the test's own signs in by password.
  auth = await startAuthForTest({ SECOND_FACTOR_ROLES: ['practitioner', 'secretary'] });
  began = auth.clock.now();
});
afterEach(() => auth.clock.set(began));
afterAll(() => auth?.stop());

let addresses = 0;
/** Somebody at an address nobody else in these tests has. */
const stranger = () => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
};
const login = (email: string, more: object = {}, headers = {}) =>
  stranger()('POST', '/api/auth/login', { email, password: goodPassword, ...more }, headers);
const codeOf = (secret: string, aheadMs = 0) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: auth.clock.now().getTime() + aheadMs });
const asOf = (accessToken: string) => caller(auth.base, { authorization: `Bearer ${accessToken}` });

/** A patient with an app that makes codes; the code of now has been used. */
async function userWithApp(roles = ['patient']) {
  const user = await buildUser(auth, { roles });
  const { call } = await signIn(auth, user.email);
  const { secret, uri } = (await call('POST', '/api/auth/second-factors/totp')).body;
  const confirmed = await call('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(secret) });
  return { user, call, secret, uri, recoveryCodes: confirmed.body.items as string[] };
}

describe('an app that makes codes', () => {
  it('is asked for a code beside the password once one has been shown', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const { call } = await signIn(auth, user.email);
    const begun = await call('POST', '/api/auth/second-factors/totp');
    expect(begun.body).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringContaining(`secret=${begun.body.secret}`),
    });
    expect((await login(user.email)).status).toBe(200);
    const confirmed = await call('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(begun.body.secret) });
    expect(confirmed.body.items).toHaveLength(10);
    expect((await call('GET', '/api/auth/second-factors')).body).toEqual({
      totp: true,
      recoveryCodes: 10,
      passkeys: 0,
    });
    const missing = await login(user.email);
    expect([missing.status, missing.body.code]).toEqual([401, 'AUTH.SECOND_FACTOR_NEEDED']);
    auth.clock.advanceBy(30_000);
    expect((await login(user.email, { code: codeOf(begun.body.secret) })).status).toBe(200);
  });

  it('makes the codes of RFC 6238', async () => {
    const { user } = await userWithApp();
    // Appendix B: the secret of the vectors, at 59 seconds and in the year 2033.
    const secret = Secret.fromLatin1('12345678901234567890').base32;
    expect(codeOf(secret, 59_000 - auth.clock.now().getTime())).toBe('287082');
    expect(codeOf(secret, 2_000_000_000_000 - auth.clock.now().getTime())).toBe('279037');
    expect((await login(user.email, { code: '287082' })).status).toBe(401);
  });

  it('has each code taken once, one step early or late, and none that is older than the last', async () => {
    const { user, secret } = await userWithApp();
    const status = async (aheadMs: number) => (await login(user.email, { code: codeOf(secret, aheadMs) })).status;
    expect(await status(0)).toBe(401);
    expect(await status(30_000)).toBe(200);
    expect(await status(30_000)).toBe(401);
    expect(await status(60_000)).toBe(401);
    auth.clock.advanceBy(90_000);
    const code = codeOf(secret, -30_000);
    const answers = await Promise.all([login(user.email, { code }), login(user.email, { code })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
  });

  it('cannot be guessed at: wrong codes count as wrong passwords do', async () => {
    const { user, secret } = await userWithApp();
    for (let i = 0; i < 5; i += 1) {
      const answer = await login(user.email, { code: '000000' });
      expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.BAD_SECOND_FACTOR']);
    }
    auth.clock.advanceBy(29_000);
    expect((await login(user.email, { code: codeOf(secret, 30_000) })).status).toBe(429);
  });

  it('tells who has not the password nothing of itself', async () => {
    const [{ user }, other] = [await userWithApp(), await buildUser(auth, { roles: ['patient'] })];
    const answers = await Promise.all(
      [user.email, other.email, 'nobody@practice.example'].map((email) =>
        login(email, { password: 'not the one at all', code: '123456' }),
      ),
    );
    for (const { body } of answers) expect(body.code).toBe('AUTH.BAD_CREDENTIALS');
  });

  it('is not confirmed by a wrong code, nor by many', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const { call } = await signIn(auth, user.email);
    await call('POST', '/api/auth/second-factors/totp');
    const confirm = (code: string) => call('POST', '/api/auth/second-factors/totp/confirm', { code });
    for (let i = 0; i < 5; i += 1) expect((await confirm('000000')).body.code).toBe('AUTH.WRONG_FACTOR_CODE');
    expect((await confirm('000000')).status).toBe(429);
    expect((await confirm('12 34')).status).toBe(422);
    expect((await login(user.email)).status).toBe(200);
  });

  it('has five codes judged at most, however many come at once', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const { call } = await signIn(auth, user.email);
    const { secret } = (await call('POST', '/api/auth/second-factors/totp')).body;
    const confirm = (code: string) => call('POST', '/api/auth/second-factors/totp/confirm', { code });
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm('000000')));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(422), ...Array(15).fill(429)]);
    auth.clock.advanceBy(31_000);
    expect((await confirm(codeOf(secret))).status).toBe(200);
    // What was wrong before is held against nobody who was right since.
    expect((await call('DELETE', '/api/auth/second-factors/totp')).status).toBe(204);
    await call('POST', '/api/auth/second-factors/totp');
    expect((await confirm('000000')).status).toBe(422);
  });

  it('is set up once, and removed with its recovery codes', async () => {
    const { user, call } = await userWithApp();
    expect((await call('POST', '/api/auth/second-factors/totp')).body.code).toBe('AUTH.TOTP_IN_USE');
    expect((await call('DELETE', '/api/auth/second-factors/totp')).status).toBe(204);
    expect((await call('GET', '/api/auth/second-factors')).body).toEqual({
      totp: false,
      recoveryCodes: 0,
      passkeys: 0,
    });
    expect((await login(user.email)).status).toBe(200);
    expect((await call('POST', '/api/auth/second-factors/recovery-codes')).body.code).toBe('AUTH.NO_TOTP');
  });

  it('is kept sealed, and recovery codes as digests', async () => {
    const { secret, recoveryCodes } = await userWithApp();
    for (const table of ['totp', 'recovery_code']) {
      const { rows } = await auth.sql.query(`select json_agg(t)::text as text from ${table} t`);
      for (const code of [secret, Buffer.from(secret).toString('hex'), ...recoveryCodes]) {
        expect(rows[0].text).not.toContain(code);
      }
    }
  });
});

describe('a recovery code', () => {
  it('stands for a code of the app, once', async () => {
    const { user, recoveryCodes, call } = await userWithApp();
    const [code = ''] = recoveryCodes;
    const typed = code.toLowerCase().replaceAll('-', ' ');
    const answers = await Promise.all([login(user.email, { code: typed }), login(user.email, { code })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await call('GET', '/api/auth/second-factors')).body.recoveryCodes).toBe(9);
  });

  it('is good for its own user only, and no more when new ones were made', async () => {
    const [mine, theirs] = [await userWithApp(), await userWithApp()];
    expect((await login(mine.user.email, { code: theirs.recoveryCodes[0] })).status).toBe(401);
    const made = await mine.call('POST', '/api/auth/second-factors/recovery-codes');
    expect((await login(mine.user.email, { code: mine.recoveryCodes[0] })).status).toBe(401);
    expect((await login(mine.user.email, { code: made.body.items[0] })).status).toBe(200);
  });
});

describe('somebody of whom a second factor is demanded', () => {
  it('may do nothing but add one, while they have none', async () => {
    const user = await buildUser(auth, { roles: ['secretary', 'admin'] });
    const answer = await login(user.email);
    expect([answer.status, answer.body.mustEnrol]).toEqual([200, true]);
    expect(decodeJwt(answer.body.accessToken)).toMatchObject({ sub: user.id, roles: ['enrolling'] });
    const call = asOf(answer.body.accessToken);
    for (const [method, path] of [
      ['GET', '/api/auth/users'],
      ['GET', '/api/auth/sessions'],
      ['POST', '/api/auth/invitations'],
      ['POST', '/api/auth/password'],
      ['GET', '/system/dead-letters'],
    ] as const) {
      expect([path, (await call(method, path, method === 'POST' ? {} : undefined)).status]).toEqual([path, 403]);
    }
    expect((await call('GET', '/api/auth/me')).status).toBe(200);
    const refreshed = await refresh(auth, cookieOf(answer));
    expect(decodeJwt(refreshed.body.accessToken).roles).toEqual(['enrolling']);
  });

  it('has their roles in the next token once an app is confirmed', async () => {
    const user = await buildUser(auth);
    const answer = await login(user.email);
    const call = asOf(answer.body.accessToken);
    const { secret } = (await call('POST', '/api/auth/second-factors/totp')).body;
    await call('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(secret) });
    const next = await refresh(auth, cookieOf(answer));
    expect([next.body.mustEnrol, decodeJwt(next.body.accessToken).roles]).toEqual([undefined, ['secretary']]);
    expect((await login(user.email)).body.code).toBe('AUTH.SECOND_FACTOR_NEEDED');
  });

  it('has their roles in the next token once a passkey is added, and comes in by password alone no more', async () => {
    const user = await buildUser(auth);
    const answer = await login(user.email);
    const call = asOf(answer.body.accessToken);
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    const key = new Authenticator();
    const added = await call('POST', '/api/auth/passkeys', { name: 'Key', created: key.create(options) });
    const next = await refresh(auth, cookieOf(answer));
    expect(decodeJwt(next.body.accessToken).roles).toEqual(['secretary']);
    expect((await login(user.email)).body.code).toBe('AUTH.SECOND_FACTOR_NEEDED');
    const here = asOf(next.body.accessToken);
    expect((await here('DELETE', `/api/auth/passkeys/${added.body.id}`)).body.code).toBe('AUTH.LAST_FACTOR');
    const toSign = (await stranger()('POST', '/api/auth/login/passkey/challenge')).body.options;
    expect((await stranger()('POST', '/api/auth/login/passkey', { signed: key.sign(toSign) })).status).toBe(200);
  });

  it('does not remove the last one, and an admin removes all for who has lost them', async () => {
    const user = await buildUser(auth);
    const begun = asOf((await login(user.email)).body.accessToken);
    const { secret } = (await begun('POST', '/api/auth/second-factors/totp')).body;
    await begun('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(secret) });
    const answer = await login(user.email, { code: codeOf(secret, 30_000) });
    const call = asOf(answer.body.accessToken);
    expect((await call('DELETE', '/api/auth/second-factors/totp')).body.code).toBe('AUTH.LAST_FACTOR');
    const path = `/api/auth/users/${user.id}/second-factors`;
    expect((await call('DELETE', path)).status).toBe(403);
    expect((await auth.admin('DELETE', path)).status).toBe(204);
    expect((await refresh(auth, cookieOf(answer))).status).toBe(401);
    expect((await login(user.email)).body.mustEnrol).toBe(true);
  });

  it('needs it no second time at a browser where they have locked their session, and everywhere else', async () => {
    const user = await buildUser(auth);
    const begun = asOf((await login(user.email)).body.accessToken);
    const { secret } = (await begun('POST', '/api/auth/second-factors/totp')).body;
    await begun('POST', '/api/auth/second-factors/totp/confirm', { code: codeOf(secret) });
    const here = await login(user.email, { code: codeOf(secret, 30_000) });
    const cookie = cookieOf(here);
    expect((await login(user.email, {}, { cookie: '' })).status).toBe(401);
    await asOf(here.body.accessToken)('POST', '/api/auth/lock');
    expect((await login(user.email, { password: 'not the one at all' }, { cookie })).status).toBe(401);
    expect(
      (await login((await buildUser(auth, { roles: ['patient'] })).email, {}, { cookie: 'cabinet_refresh=x' })).status,
    ).toBe(200);
    expect((await login(user.email)).body.code).toBe('AUTH.SECOND_FACTOR_NEEDED');
    const back = await login(user.email, {}, { cookie });
    expect([back.status, decodeJwt(back.body.accessToken).roles]).toEqual([200, ['secretary']]);
    // The locked session was used up by it.
    expect((await login(user.email, {}, { cookie })).body.code).toBe('AUTH.SECOND_FACTOR_NEEDED');
  });
});
