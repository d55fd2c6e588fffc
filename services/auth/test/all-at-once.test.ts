import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, goodPassword, signIn, startAuthForTest } from './support.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuthForTest();
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
