import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { factorsFor } from './factors.ts';
import { type Auth, buildUser, cookieOf, refresh, startAuthForTest, until, waitingForLocks } from './support.ts';

let auth: Auth;
let began: Date;
let people: ReturnType<typeof factorsFor>;

beforeAll(async () => {
  auth = await startAuthForTest({ SECOND_FACTOR_ROLES: ['practitioner', 'secretary'] });
  began = auth.clock.now();
  people = factorsFor(auth);
});
afterEach(() => auth.clock.set(began));
afterAll(() => auth?.stop());

const minute = 60_000;
const hour = 60 * minute;

describe('a session that its user has locked', () => {
  it('gives who has only the password no change of factors, and its user with a code every one', async () => {
    const { user, secret } = await people.staffWithApp();
    const here = await people.login(user.email, { code: people.codeOf(secret, 30_000) });
    auth.clock.advanceBy(16 * minute);
    const left = await refresh(auth, cookieOf(here));
    expect((await people.asOf(left)('POST', '/api/auth/lock')).status).toBe(204);
    const back = await people.login(user.email, {}, { cookie: cookieOf(left) });
    expect([back.status, decodeJwt(back.body.accessToken).roles]).toEqual([200, ['secretary']]);
    expect((await people.asOf(back)('POST', '/api/auth/passkeys/challenge')).body.code).toBe('AUTH.SIGN_IN_AGAIN');
    expect((await people.asOf(back)('DELETE', '/api/auth/second-factors/totp')).body.code).toBe('AUTH.SIGN_IN_AGAIN');
    await people.asOf(back)('POST', '/api/auth/lock');
    const code = people.codeOf(secret);
    const wrong = await people.login(user.email, { code: '000000' }, { cookie: cookieOf(back) });
    expect(wrong.body.code).toBe('AUTH.BAD_SECOND_FACTOR');
    const shown = await people.login(user.email, { code }, { cookie: cookieOf(back) });
    expect((await people.asOf(shown)('POST', '/api/auth/passkeys/challenge')).status).toBe(200);
  });

  it('may be one in which nothing can be done yet but adding a factor, and stands for none', async () => {
    const user = await buildUser(auth);
    const here = await people.login(user.email);
    expect(here.body.mustEnrol).toBe(true);
    expect((await people.asOf(here)('POST', '/api/auth/lock')).status).toBe(204);
    expect((await refresh(auth, cookieOf(here))).body.code).toBe('AUTH.SESSION_LOCKED');
    expect((await people.login(user.email, {}, { cookie: cookieOf(here) })).body.mustEnrol).toBe(true);
  });

  it('ends when it would have without the lock, however often its user leaves and comes back', async () => {
    const { user, secret } = await people.staffWithApp();
    let at = await people.login(user.email, { code: people.codeOf(secret, 30_000) });
    for (let half = 0; half < 14; half += 1) {
      await people.asOf(at)('POST', '/api/auth/lock');
      auth.clock.advanceBy(11.5 * hour);
      at = await people.login(user.email, {}, { cookie: cookieOf(at) });
      expect([half, at.status]).toEqual([half, 200]);
    }
    await people.asOf(at)('POST', '/api/auth/lock');
    auth.clock.advanceBy(8 * hour);
    const late = await people.login(user.email, {}, { cookie: cookieOf(at) });
    expect([late.status, late.body.code]).toEqual([401, 'AUTH.SECOND_FACTOR_NEEDED']);
  });

  it('stands for the second factor for nobody who comes back after it has ended', async () => {
    const { user, secret } = await people.staffWithApp();
    const here = await people.login(user.email, { code: people.codeOf(secret, 30_000) });
    await people.asOf(here)('POST', '/api/auth/lock');
    const { sid } = decodeJwt(here.body.accessToken);
    const ends = 'update session set revoked_at = now() where id = $1';
    // In the very moment in which its user comes back.
    await whileHolding(auth.sql, [ends, sid], async (letGo) => {
      const coming = people.login(user.email, {}, { cookie: cookieOf(here) });
      await until(async () => (await auth.sql.query(waitingForLocks)).rowCount === 1);
      await letGo();
      expect((await coming).status).toBe(401);
    });
  });

  it('stands for the second factor with its newest cookie alone', async () => {
    const { user, secret } = await people.staffWithApp();
    const here = await people.login(user.email, { code: people.codeOf(secret, 30_000) });
    const next = await refresh(auth, cookieOf(here));
    auth.clock.advanceBy(minute);
    await people.asOf(next)('POST', '/api/auth/lock');
    const thief = await people.login(user.email, {}, { cookie: cookieOf(here) });
    expect([thief.status, thief.body.code]).toEqual([401, 'AUTH.SECOND_FACTOR_NEEDED']);
    expect((await people.login(user.email, {}, { cookie: cookieOf(next) })).status).toBe(200);
  });
});
