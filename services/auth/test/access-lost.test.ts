import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import {
  type Auth,
  buildUser,
  cheapHasher,
  goodPassword,
  signIn,
  startAuthForTest,
  until,
  waitingForLocks,
} from './support.ts';

/** Holds back who has a password hashed, as a machine that is busy does. */
let held: { arrived: number; letGo: PromiseWithResolvers<void> } | undefined;
const real = cheapHasher();
const passwords = {
  isOutdated: (hash: string) => real.isOutdated(hash),
  assertRoom: (isKnown: boolean) => real.assertRoom(isKnown),
  inTurn: <T>(work: () => Promise<T>, isKnown?: boolean) => real.inTurn(work, isKnown),
  verify: (password: string, hash: string | undefined) => real.verify(password, hash),
  async hash(password: string) {
    if (held) {
      held.arrived += 1;
      await held.letGo.promise;
    }
    return real.hash(password);
  },
};

let auth: Auth;
beforeAll(async () => {
  auth = await startAuthForTest({}, { passwords });
});
afterEach(() => {
  held = undefined;
});
afterAll(() => auth?.stop());

const anAdmin = async () => {
  const user = await buildUser(auth, { roles: ['admin'] });
  return { user, ...(await signIn(auth, user.email)) };
};
type Admin = Awaited<ReturnType<typeof anAdmin>>;

const ways: [string, (admin: Admin) => Promise<{ status: number }>][] = [
  [
    'is deactivated',
    ({ user }) => auth.admin('PATCH', `/api/auth/users/${user.id}`, { active: false }, { 'if-match': '*' }),
  ],
  [
    'loses the role',
    ({ user }) => auth.admin('PATCH', `/api/auth/users/${user.id}`, { roles: ['secretary'] }, { 'if-match': '*' }),
  ],
  ['is signed out everywhere', ({ user }) => auth.admin('DELETE', `/api/auth/users/${user.id}/sessions`)],
  ['locks the screen', ({ call }) => call('POST', '/api/auth/lock')],
];

const isThere = async (email: string) =>
  (await auth.sql.query('select from user_account where email = $1', [email])).rowCount === 1;

/** Sends a request but for the last byte of its body. */
function begin({ accessToken }: Admin, path: string, body: object) {
  const text = JSON.stringify(body).padEnd(70_000);
  const socket = connect(Number(new URL(auth.base).port), '127.0.0.1');
  const head = [`POST ${path} HTTP/1.1`, 'Host: test', `Authorization: Bearer ${accessToken}`, 'Connection: close'];
  const its = ['Content-Type: application/json', `Content-Length: ${text.length}`];
  socket.write(`${[...head, ...its].join('\r\n')}\r\n\r\n${text.slice(0, -1)}`);
  return () =>
    new Promise<number>((resolve, reject) => {
      socket.once('data', (answer) => resolve(Number(String(answer).split(' ')[1]))).once('error', reject);
      socket.write(' ');
    }).finally(() => socket.destroy());
}

describe('an admin', () => {
  it.each(ways)('who %s before the last byte has come makes nobody and nothing', async (_what, happens) => {
    const admin = await anAdmin();
    const email = `${randomUUID()}@practice.example`;
    const made = begin(admin, '/api/auth/users', { email, password: goodPassword, roles: ['admin'] });
    const invited = begin(admin, '/api/auth/invitations', { channel: 'paper', roles: ['admin'] });
    expect((await happens(admin)).status).toBeLessThan(300);
    expect([await made(), await invited()]).toEqual([expect.toBeOneOf([401, 403]), expect.toBeOneOf([401, 403])]);
    expect(await isThere(email)).toBe(false);
    const { rowCount } = await auth.sql.query('select from one_time_code where made_by = $1', [admin.user.id]);
    expect(rowCount).toBe(0);
  });

  it.each(ways)('who %s while a password is hashed makes nobody', async (_what, happens) => {
    const admin = await anAdmin();
    const email = `${randomUUID()}@practice.example`;
    held = { arrived: 0, letGo: Promise.withResolvers() };
    const { letGo } = held;
    const making = admin.call('POST', '/api/auth/users', { email, password: goodPassword, roles: ['admin'] });
    await until(() => held?.arrived === 1);
    held = undefined;
    expect((await happens(admin)).status).toBeLessThan(300);
    letGo.resolve();
    const answer = await making;
    expect([answer.status, answer.body.code]).toEqual([401, 'ACCESS.TOKEN_INVALID']);
    expect(await isThere(email)).toBe(false);
  });

  it.each<[string, (admin: Admin, other: { id: string }) => Promise<{ status: number; body: { code?: string } }>]>([
    ['invites', ({ call }) => call('POST', '/api/auth/invitations', { channel: 'paper', roles: ['admin'] })],
    ['prints a code', ({ call }, { id }) => call('POST', `/api/auth/users/${id}/codes`)],
    [
      'gives a role',
      ({ call }, { id }) => call('PATCH', `/api/auth/users/${id}`, { roles: ['admin'] }, { 'if-match': '*' }),
    ],
  ])('who is deactivated in the very moment in which she %s does not', async (_what, does) => {
    const [admin, other] = [await anAdmin(), await buildUser(auth)];
    const deactivates = 'update user_account set active = false where id = $1';
    await whileHolding(auth.sql, [deactivates, admin.user.id], async (letGo) => {
      const doing = does(admin, other);
      await until(async () => (await auth.sql.query(waitingForLocks)).rowCount === 1);
      await letGo();
      const answer = await doing;
      expect([answer.status, answer.body.code]).toEqual([401, 'ACCESS.TOKEN_INVALID']);
    });
    const { rows } = await auth.sql.query(
      'select roles, (select count(*)::int from one_time_code where made_by = $2) as codes from user_account where id = $1',
      [other.id, admin.user.id],
    );
    expect(rows).toEqual([{ roles: ['secretary'], codes: 0 }]);
  });
});

it('sets no password in a session that ends while it is hashed', async () => {
  const user = await buildUser(auth);
  const thief = await signIn(auth, user.email);
  const owner = await signIn(auth, user.email);
  held = { arrived: 0, letGo: Promise.withResolvers() };
  const { letGo } = held;
  const change = { currentPassword: goodPassword, newPassword: 'a young brown mare' };
  const setting = thief.call('POST', '/api/auth/password', change);
  await until(() => held?.arrived === 1);
  held = undefined;
  expect((await owner.call('DELETE', '/api/auth/sessions')).status).toBe(204);
  letGo.resolve();
  expect((await setting).status).toBe(401);
  expect((await owner.call('GET', '/api/auth/me')).status).toBe(200);
  await signIn(auth, user.email);
});
