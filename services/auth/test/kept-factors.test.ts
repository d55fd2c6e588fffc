import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { factorsFor } from './factors.ts';
import { type Auth, buildUser, cookieOf, refresh, signIn, startAuthForTest } from './support.ts';

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

describe('a role of which a second factor is demanded', () => {
  it('signs out whom it is given to, who adds a factor at the next sign-in', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const { cookie } = await signIn(auth, user.email);
    const given = { roles: ['patient', 'secretary'] };
    expect((await auth.admin('PATCH', `/api/auth/users/${user.id}`, given, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await refresh(auth, cookie)).status).toBe(401);
    const next = await people.login(user.email);
    expect([next.body.mustEnrol, decodeJwt(next.body.accessToken).roles]).toEqual([true, ['enrolling']]);
  });
});
