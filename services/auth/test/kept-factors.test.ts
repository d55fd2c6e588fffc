import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whileHolding } from '../../../tests/support/database.ts';
import { factorsFor } from './factors.ts';
import {
  type Auth,
  buildUser,
  cookieOf,
  refresh,
  signIn,
  startAuthForTest,
  until,
  waitingForLocks,
} from './support.ts';

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

describe('the first factor', () => {
  it.each<[string, (call: Auth['anybody']) => Promise<unknown>]>([
    ['an app', (call) => people.addApp(call)],
    ['a passkey', (call) => people.addKey(call)],
  ])('ends what others have begun with the password alone: %s', async (_what, adds) => {
    const user = await buildUser(auth);
    const thief = await people.login(user.email);
    const owner = await people.login(user.email);
    await adds(people.asOf(owner));
    expect((await people.addKey(people.asOf(thief))).added.status).toBe(401);
    expect((await refresh(auth, cookieOf(thief))).status).toBe(401);
    expect(decodeJwt((await refresh(auth, cookieOf(owner))).body.accessToken).roles).toEqual(['secretary']);
  });

  it('is of one of several who add theirs at once, and only their session goes on', async () => {
    const user = await buildUser(auth);
    const sessions = await Promise.all(Array.from({ length: 4 }, () => people.login(user.email)));
    const added = await Promise.all(sessions.map((session) => people.addKey(people.asOf(session))));
    expect(added.filter((each) => each.added.status === 201)).toHaveLength(1);
    const { rows } = await auth.sql.query('select 1 from passkey where user_id = $1', [user.id]);
    expect(rows).toHaveLength(1);
    const going = await Promise.all(sessions.map((session) => refresh(auth, cookieOf(session))));
    expect(going.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });
});

describe('the first factor of who need not have one', () => {
  it.each<[string, (call: Auth['anybody']) => Promise<unknown>]>([
    ['an app', (call) => people.addApp(call)],
    ['a passkey', (call) => people.addKey(call)],
  ])('ends what others have begun with the password alone, locked or not: %s', async (what, adds) => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const thief = await people.login(user.email);
    const locked = await people.login(user.email);
    expect((await people.asOf(locked)('POST', '/api/auth/lock')).status).toBe(204);
    const owner = await people.login(user.email);
    await adds(people.asOf(owner));
    expect((await people.asOf(thief)('DELETE', '/api/auth/second-factors/totp')).status).toBe(401);
    expect((await people.addKey(people.asOf(thief))).added.status).toBe(401);
    expect((await refresh(auth, cookieOf(thief))).status).toBe(401);
    const back = await people.login(user.email, {}, { cookie: cookieOf(locked) });
    expect([back.status, back.body.code]).toEqual(
      what === 'an app' ? [401, 'AUTH.SECOND_FACTOR_NEEDED'] : [200, undefined],
    );
    expect((await refresh(auth, cookieOf(owner))).status).toBe(200);
  });

  it('ends nothing when its code is wrong, and neither does a second one', async () => {
    const user = await buildUser(auth, { roles: ['patient'] });
    const owner = await people.login(user.email);
    const elsewhere = await people.login(user.email);
    await people.asOf(owner)('POST', '/api/auth/second-factors/totp');
    const wrong = { code: '000000' };
    expect((await people.asOf(owner)('POST', '/api/auth/second-factors/totp/confirm', wrong)).status).toBe(422);
    expect((await people.asOf(elsewhere)('GET', '/api/auth/me')).status).toBe(200);
    const secret = await people.addApp(people.asOf(owner));
    const shown = await people.login(user.email, { code: people.codeOf(secret, 30_000) });
    expect((await people.addKey(people.asOf(owner))).added.status).toBe(201);
    expect((await people.asOf(shown)('GET', '/api/auth/me')).status).toBe(200);
  });
});

describe('a factor that is added while an admin takes all', () => {
  it('is gone with the others, or was not added', async () => {
    const { user, secret } = await people.staffWithApp();
    const call = people.asOf(await people.login(user.email, { code: people.codeOf(secret, 30_000) }));
    const waiting = async (count: number) => (await auth.sql.query(waitingForLocks)).rowCount === count;
    await whileHolding(auth.sql, ['select from user_account where id = $1 for update', user.id], async (letGo) => {
      const adding = people.addKey(call);
      await until(() => waiting(1));
      const taking = auth.admin('DELETE', `/api/auth/users/${user.id}/second-factors`);
      await until(() => waiting(2));
      await letGo();
      expect((await taking).status).toBe(204);
      await adding;
    });
    const { rows } = await auth.sql.query('select 1 from passkey where user_id = $1', [user.id]);
    expect(rows).toEqual([]);
  });
});

describe('a factor that is refused', () => {
  it('leaves who has none yet with nothing but adding one', async () => {
    const [other, user] = [await buildUser(auth), await buildUser(auth)];
    const { key } = await people.addKey(people.asOf(await people.login(other.email)));
    const session = await people.login(user.email);
    const { options } = (await people.asOf(session)('POST', '/api/auth/passkeys/challenge')).body;
    const body = { name: 'Key', created: key.create(options) };
    expect((await people.asOf(session)('POST', '/api/auth/passkeys', body)).body.code).toBe('AUTH.PASSKEY_REFUSED');
    expect(decodeJwt((await refresh(auth, cookieOf(session))).body.accessToken).roles).toEqual(['enrolling']);
  });
});

describe('the last factor', () => {
  it('stays when the last two are removed at once', async () => {
    for (let i = 0; i < 5; i += 1) {
      const { user, secret } = await people.staffWithApp();
      const call = people.asOf(await people.login(user.email, { code: people.codeOf(secret, 30_000) }));
      const { added } = await people.addKey(call);
      const answers = await Promise.all([
        call('DELETE', '/api/auth/second-factors/totp'),
        call('DELETE', `/api/auth/passkeys/${added.body.id}`),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
      const { totp, passkeys } = (await call('GET', '/api/auth/second-factors')).body;
      expect(Number(totp) + passkeys).toBe(1);
    }
  });
});
