import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import {
  type Auth,
  buildUser,
  cheapHasher,
  goodPassword,
  refresh,
  signIn,
  startAuthForTest,
  until,
} from './support.ts';

/** Holds back who has given the right password, as a machine that is busy does. */
let held: { arrived: number; letGo: PromiseWithResolvers<void> } | undefined;
const real = cheapHasher();
const passwords = {
  hash: (password: string) => real.hash(password),
  isOutdated: (hash: string) => real.isOutdated(hash),
  assertRoom: (isKnown: boolean) => real.assertRoom(isKnown),
  inTurn: <T>(work: () => Promise<T>, isKnown?: boolean) => real.inTurn(work, isKnown),
  async verify(password: string, hash: string | undefined) {
    const isRight = await real.verify(password, hash);
    if (held) {
      held.arrived += 1;
      await held.letGo.promise;
    }
    return isRight;
  },
};

let auth: Auth;
beforeAll(async () => {
  auth = await startAuthForTest({}, { passwords });
});
afterAll(() => auth?.stop());

const newPassword = 'a young brown mare';
let addresses = 0;
/** Somebody at an address nobody else in these tests has. */
const stranger = () => {
  addresses += 1;
  return caller(auth.base, { 'x-forwarded-for': `198.51.100.${addresses}` });
};
const printedFor = async (userId: string): Promise<string> =>
  (await auth.admin('POST', `/api/auth/users/${userId}/codes`)).body.code;
const reset = (code: string) => stranger()('POST', '/api/auth/password/reset', { code, newPassword });
const change = (userId: string, body: object) =>
  auth.admin('PATCH', `/api/auth/users/${userId}`, body, { 'if-match': '*' });

describe('a change that ends sessions', () => {
  it.each<[string, (user: { id: string; email: string }) => Promise<{ status: number }>]>([
    ['sets a password anew', async ({ id }) => reset(await printedFor(id))],
    [
      'changes the own password',
      async ({ email }) =>
        (await signIn(auth, email)).call('POST', '/api/auth/password', { currentPassword: goodPassword, newPassword }),
    ],
    ['takes all factors', ({ id }) => auth.admin('DELETE', `/api/auth/users/${id}/second-factors`)],
    ['deactivates', ({ id }) => change(id, { active: false })],
    ['takes a role', ({ id }) => change(id, { roles: ['secretary'] })],
  ])('is not made when the sessions cannot be ended with it: one that %s', async (_what, happens) => {
    const user = await buildUser(auth, { roles: ['secretary', 'patient'] });
    const { call } = await signIn(auth, user.email);
    await call('POST', '/api/auth/second-factors/totp');
    const stored = async () => {
      const sql = `select active, roles, password_hash, (select count(*) from totp where user_id = u.id) as apps
        from user_account u where id = $1`;
      return (await auth.sql.query(sql, [user.id])).rows;
    };
    const before = await stored();
    await auth.sql.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'not today'; end $$;
      create trigger refuse before update of revoked_at on session for each row execute function refuse()`);
    const answer = await happens(user).finally(() => auth.sql.query('drop function refuse cascade'));
    expect(answer.status).toBe(500);
    expect(await stored()).toEqual(before);
    expect((await happens(user)).status).toBeLessThan(300);
    expect(await stored()).not.toEqual(before);
  });
});

describe('a sign-in under way', () => {
  it.each<[string, (userId: string) => Promise<{ status: number }>]>([
    ['whose password is set anew meanwhile', async (id) => reset(await printedFor(id))],
    ['whose user is deactivated meanwhile', (id) => change(id, { active: false })],
    ['whose user is given another role meanwhile', (id) => change(id, { roles: ['patient', 'admin'] })],
    ['whose user is signed out everywhere meanwhile', (id) => auth.admin('DELETE', `/api/auth/users/${id}/sessions`)],
    ['whose factors are taken meanwhile', (id) => auth.admin('DELETE', `/api/auth/users/${id}/second-factors`)],
  ])('opens no session %s', async (_what, happens) => {
    const user = await buildUser(auth, { roles: ['patient'] });
    held = { arrived: 0, letGo: Promise.withResolvers() };
    const { letGo } = held;
    const signingIn = stranger()('POST', '/api/auth/login', { email: user.email, password: goodPassword });
    await until(() => held?.arrived === 1);
    expect((await happens(user.id)).status).toBeLessThan(300);
    held = undefined;
    letGo.resolve();
    const answer = await signingIn;
    expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.BAD_CREDENTIALS']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { rows } = await auth.sql.query('select 1 from session where user_id = $1 and revoked_at is null', [user.id]);
    expect(rows).toEqual([]);
  });

  it('opens one, and leaves the others alone, when its hash was made anew meanwhile', async () => {
    const user = await buildUser(auth, { roles: ['patient'], patientId: randomUUID() });
    const other = await signIn(auth, user.email);
    held = { arrived: 0, letGo: Promise.withResolvers() };
    const { letGo } = held;
    const signingIn = stranger()('POST', '/api/auth/login', { email: user.email, password: goodPassword });
    await until(() => held?.arrived === 1);
    const hash = await real.hash(goodPassword);
    await auth.sql.query('update user_account set password_hash = $1 where id = $2', [hash, user.id]);
    held = undefined;
    letGo.resolve();
    expect((await signingIn).status).toBe(200);
    expect((await refresh(auth, other.cookie)).status).toBe(200);
  });
});
