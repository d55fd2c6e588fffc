import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator, type Behaviour } from '../../../tests/support/authenticator.ts';
import { caller } from '../../../tests/support/http.ts';
import { type Auth, buildUser, cookieOf, refresh, signIn, startAuthForTest } from './support.ts';

let auth: Auth;
let began: Date;

beforeAll(async () => {
  auth = await startAuthForTest();
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

/** Adds a passkey to whoever is signed in. */
async function add(call: Auth['anybody'], key: Authenticator, changes: Partial<Behaviour> = {}) {
  const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
  return call('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options, changes) });
}
async function userWith(behaviour: Partial<Behaviour> = {}) {
  const user = await buildUser(auth);
  const key = new Authenticator(behaviour);
  const browser = await signIn(auth, user.email);
  const added = await add(browser.call, key);
  if (added.status !== 201) throw new Error(`not added: ${JSON.stringify(added.body)}`);
  return { user, key, browser, passkey: added.body };
}
const challenge = async () => (await stranger()('POST', '/api/auth/login/passkey/challenge')).body.options;
const show = (signed: object, headers = {}, call = stranger()) =>
  call('POST', '/api/auth/login/passkey', { signed }, headers);
const stored = async (id: string) => (await auth.sql.query('select * from passkey where id = $1', [id])).rows[0];

describe('POST /api/auth/login/passkey', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'signs in whose key it is, without a name or a password (%s)',
    async (algorithm) => {
      const { user, key, passkey } = await userWith({ algorithm });
      const options = await challenge();
      expect(options).toMatchObject({ rpId: 'practice.example', userVerification: 'required' });
      expect(options.allowCredentials ?? []).toEqual([]);
      const answer = await show(key.sign(options));
      expect([answer.status, answer.body.tokenType, answer.body.mustEnrol]).toEqual([200, 'Bearer', undefined]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(decodeJwt(answer.body.accessToken)).toMatchObject({ sub: user.id, roles: ['secretary'] });
      expect((await refresh(auth, cookieOf(answer))).status).toBe(200);
      expect((await stored(passkey.id)).last_used_at).toEqual(auth.clock.now());
    },
  );

  it.each<[string, Partial<Behaviour>]>([
    ['of another origin', { origin: 'https://practice.example.evil.example' }],
    ['over plain http', { origin: 'http://practice.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['without its user being verified', { verifiesUser: false }],
  ])('refuses a signature %s', async (_what, changes) => {
    const { key } = await userWith();
    const answer = await show(key.sign(await challenge(), changes));
    expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.BAD_PASSKEY']);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('takes a signature once, also of those that come at once', async () => {
    const { key } = await userWith();
    const signed = key.sign(await challenge());
    const answers = await Promise.all([show(signed), show(signed), show(signed)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await show(signed)).status).toBe(401);
  });

  it.each<[string, () => Promise<string>]>([
    [
      'that has run out',
      async () => {
        const { challenge: text } = await challenge();
        auth.clock.advanceBy(5 * 60_000);
        return text;
      },
    ],
    ['of its own making', async () => Buffer.alloc(38).toString('base64url')],
    [
      'for a key that is to be made',
      async () => {
        const { call } = await signIn(auth, (await buildUser(auth)).email);
        return (await call('POST', '/api/auth/passkeys/challenge')).body.options.challenge;
      },
    ],
  ])('refuses a challenge %s', async (_what, text) => {
    const { key } = await userWith();
    expect((await show(key.sign({ challenge: await text() }))).body.code).toBe('AUTH.BAD_PASSKEY');
  });

  it('leaves nothing in the database of a challenge that nobody signs', async () => {
    const count = async () => (await auth.sql.query('select count(*) from used_challenge')).rows[0].count;
    const before = await count();
    for (let i = 0; i < 5; i += 1) await challenge();
    expect(await count()).toBe(before);
  });

  it.each<[string, (of: Awaited<ReturnType<typeof userWith>>) => Promise<unknown>]>([
    ['was removed', ({ browser, passkey }) => browser.call('DELETE', `/api/auth/passkeys/${passkey.id}`)],
    [
      'is of a user who was deactivated',
      ({ user }) => auth.admin('PATCH', `/api/auth/users/${user.id}`, { active: false }, { 'if-match': '*' }),
    ],
    [
      'says it is of somebody else',
      async ({ key }) => {
        key.userHandle = Buffer.from(randomUUID()).toString('base64url');
      },
    ],
  ])('refuses a passkey that %s', async (_what, happens) => {
    const made = await userWith();
    await happens(made);
    expect((await show(made.key.sign(await challenge()))).body.code).toBe('AUTH.BAD_PASSKEY');
  });

  it('refuses a key that nobody has, a signature of another key, and one that was changed', async () => {
    const { key, user } = await userWith();
    const other = new Authenticator();
    other.userHandle = key.userHandle;
    expect((await show(other.sign(await challenge()))).status).toBe(401);
    const options = await challenge();
    const [mine, theirs] = [key.sign(options), other.sign(options)];
    const forged = { ...mine, response: { ...mine.response, signature: theirs.response.signature } };
    expect((await show(forged)).status).toBe(401);
    const moved = { ...mine, response: { ...mine.response, authenticatorData: 'AAAA' } };
    expect((await show(moved)).body.code).toBe('AUTH.BAD_PASSKEY');
    expect(user.active).toBe(true);
  });

  it('knows a copy by its counter, on a key that one device alone has', async () => {
    const { key, passkey } = await userWith({ syncs: false, counter: 5 });
    expect((await show(key.sign(await challenge()))).status).toBe(200);
    for (const counter of [6, 3, 0]) {
      expect((await show(key.sign(await challenge(), { counter }))).body.code).toBe('AUTH.BAD_PASSKEY');
    }
    expect(Number((await stored(passkey.id)).counter)).toBe(6);
    expect((await show(key.sign(await challenge()))).status).toBe(200);
  });

  it('takes the counters of a synced key as its devices show them, and notes when they mix', async () => {
    const { key, passkey, browser } = await userWith({ syncs: true });
    expect((await show(key.sign(await challenge(), { counter: 41 }))).status).toBe(200);
    expect((await stored(passkey.id)).counter_fell_at).toBeNull();
    expect((await show(key.sign(await challenge(), { counter: 0 }))).status).toBe(200);
    expect((await show(key.sign(await challenge(), { counter: 7 }))).status).toBe(200);
    expect(await stored(passkey.id)).toMatchObject({ counter: '41', counter_fell_at: auth.clock.now() });
    const { items } = (await browser.call('GET', '/api/auth/passkeys')).body;
    expect(items[0].counterFellAt).toBe(auth.clock.now().toISOString());
  });

  it('makes an address wait that shows bad ones, and not who signs in elsewhere', async () => {
    const { key } = await userWith();
    const attacker = stranger();
    const bad = new Authenticator();
    for (let i = 0; i < 30; i += 1) expect((await show(bad.sign(await challenge()), {}, attacker)).status).toBe(401);
    expect((await show(key.sign(await challenge()), {}, attacker)).status).toBe(429);
    expect((await show(key.sign(await challenge()))).status).toBe(200);
  });

  it('is let in at a device that has signed in before, whatever others at its address show', async () => {
    const { key, browser } = await userWith();
    const practice = stranger();
    const bad = new Authenticator();
    for (let i = 0; i < 30; i += 1) await show(bad.sign(await challenge()), { cookie: browser.device }, practice);
    expect((await show(key.sign(await challenge()), {}, practice)).status).toBe(429);
    expect((await show(key.sign(await challenge()), { cookie: browser.device }, practice)).status).toBe(200);
  });

  it('counts by itself at such a device, whose failures shut it out and nobody else', async () => {
    const { key, browser } = await userWith();
    const practice = stranger();
    const forged = async () => key.sign(await challenge(), { verifiesUser: false });
    const headers = { cookie: browser.device };
    for (let i = 0; i < 5; i += 1) expect((await show(await forged(), headers, practice)).status).toBe(401);
    expect((await show(key.sign(await challenge()), headers, practice)).status).toBe(429);
    expect((await show(key.sign(await challenge()), {}, practice)).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['an id that is no base64url', { signed: { id: '<script>', rawId: 'x', type: 'public-key' } }],
    ['a text without end', { signed: { id: 'A'.repeat(5_000) } }],
    ['another type', { signed: ['x'] }],
  ])('refuses %s', async (_what, body) => {
    expect((await stranger()('POST', '/api/auth/login/passkey', body)).status).toBe(422);
  });
});

describe('POST /api/auth/passkeys', () => {
  it('adds a key that verifies its user and is found without a name, and shows what is kept of it', async () => {
    const user = await buildUser(auth);
    const { call } = await signIn(auth, user.email);
    const { options } = (await call('POST', '/api/auth/passkeys/challenge')).body;
    expect(options).toMatchObject({
      rp: { id: 'practice.example', name: 'Cabinet' },
      user: { name: user.email },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    });
    const key = new Authenticator();
    const added = await call('POST', '/api/auth/passkeys', { name: 'Phone', created: key.create(options) });
    const createdAt = auth.clock.now().toISOString();
    expect([added.status, added.body]).toEqual([
      201,
      { id: expect.any(String), name: 'Phone', synced: true, createdAt },
    ]);
    expect((await call('GET', '/api/auth/passkeys')).body.items).toEqual([added.body]);
    // It is not asked for a second time on the same device.
    const next = (await call('POST', '/api/auth/passkeys/challenge')).body.options;
    expect(next.excludeCredentials).toMatchObject([{ id: key.id.toString('base64url') }]);
    expect((await add(call, key)).body.code).toBe('AUTH.PASSKEY_REFUSED');
  });

  it.each<[string, Partial<Behaviour>]>([
    ['of another origin', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['without its user being verified', { verifiesUser: false }],
  ])('refuses one %s', async (_what, changes) => {
    const { call } = await signIn(auth, (await buildUser(auth)).email);
    const answer = await add(call, new Authenticator(), changes);
    expect([answer.status, answer.body.code]).toEqual([422, 'AUTH.PASSKEY_REFUSED']);
    expect((await call('GET', '/api/auth/passkeys')).body.items).toEqual([]);
  });

  it("refuses one that was made for another user's challenge", async () => {
    const [me, other] = [await buildUser(auth), await buildUser(auth)];
    const [mine, theirs] = [(await signIn(auth, me.email)).call, (await signIn(auth, other.email)).call];
    const { options } = (await theirs('POST', '/api/auth/passkeys/challenge')).body;
    const created = new Authenticator().create(options);
    expect((await mine('POST', '/api/auth/passkeys', { name: 'x', created })).body.code).toBe('AUTH.PASSKEY_REFUSED');
  });

  it('is for who has just signed in: a screen left open adds nothing, and removes nothing', async () => {
    const { browser, passkey, user } = await userWith();
    auth.clock.advanceBy(15 * 60_000 + 1_000);
    const later = caller(auth.base, {
      authorization: `Bearer ${(await refresh(auth, browser.cookie)).body.accessToken}`,
    });
    for (const [method, path] of [
      ['POST', '/api/auth/passkeys/challenge'],
      ['DELETE', `/api/auth/passkeys/${passkey.id}`],
      ['POST', '/api/auth/second-factors/totp'],
    ] as const) {
      expect((await later(method, path)).body.code).toBe('AUTH.SIGN_IN_AGAIN');
    }
    const again = await signIn(auth, user.email);
    expect((await again.call('DELETE', `/api/auth/passkeys/${passkey.id}`)).status).toBe(204);
  });

  it("removes no other user's key", async () => {
    const [mine, theirs] = [await userWith(), await userWith()];
    const answer = await mine.browser.call('DELETE', `/api/auth/passkeys/${theirs.passkey.id}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'AUTH.NO_SUCH_PASSKEY']);
    expect((await show(theirs.key.sign(await challenge()))).status).toBe(200);
  });
});

describe('a shared desk', () => {
  it('passes from one to the other within three seconds, and nothing of the one is left', async () => {
    const [one, other] = [await userWith(), await userWith()];
    const here = await show(one.key.sign(await challenge()));
    const first = caller(auth.base, { authorization: `Bearer ${here.body.accessToken}` });
    const at = performance.now();
    expect((await first('POST', '/api/auth/lock')).status).toBe(204);
    expect((await first('GET', '/api/auth/me')).status).toBe(401);
    const locked = await refresh(auth, cookieOf(here));
    expect([locked.body.code, locked.headers.get('set-cookie')]).toEqual(['AUTH.SESSION_LOCKED', null]);
    const next = await show(other.key.sign(await challenge()), { cookie: cookieOf(here) });
    expect(next.status).toBe(200);
    expect(performance.now() - at).toBeLessThan(3_000);
    // The session of the one before has ended, and that of the other is not theirs.
    expect((await refresh(auth, cookieOf(here))).body.code).toBe('AUTH.REFRESH_INVALID');
    expect(decodeJwt((await refresh(auth, cookieOf(next))).body.accessToken).sub).toBe(other.user.id);
  });
});
